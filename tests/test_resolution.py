# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The package can be installed beside those that pin other versions of the AWS SDK."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SDK = re.compile(r"^aws-sdk-sagemaker-runtime-http2==([\d.]+)", re.MULTILINE)

pytestmark = pytest.mark.timeout(900)


def uv() -> str:
    """The path of ``uv``, or a skip."""
    own = ROOT / ".tools" / "uv" / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if found is None:
        pytest.skip("uv is not installed")
    return found


def resolve(*requirements: str) -> str:
    """Resolve the package with some requirements; skip when the registry cannot be asked."""
    done = subprocess.run(
        [uv(), "pip", "compile", "--no-header", "--no-annotate", "--python", sys.executable, "-"],
        input="\n".join((str(ROOT), *requirements)),
        capture_output=True,
        text=True,
        timeout=400,
    )
    if done.returncode and ("No solution found" not in done.stderr or "network" in done.stderr):
        pytest.skip(f"the registry could not be asked: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def sdk_version(resolution: str) -> str:
    found = SDK.search(resolution)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("neighbour", "versions"),
    [
        ("pipecat-ai[aws-nova-sonic,sagemaker]==1.14.0", "0.9."),
        ("deepgram-sagemaker>=0.3,<0.4", "0."),
        ("deepgram-sagemaker>=0.4,<0.5", "0.11."),
    ],
)
def test_it_resolves_beside_a_neighbour(neighbour: str, versions: str) -> None:
    assert sdk_version(resolve(neighbour)).startswith(versions)


@pytest.mark.parametrize("version", ["0.10.0", "0.12.0"])
def test_it_resolves_with_the_versions_of_the_sdk_that_no_neighbour_asks_for(version: str) -> None:
    requirement = f"aws-sdk-sagemaker-runtime-http2=={version}"
    assert sdk_version(resolve(requirement)) == version


# Beside Pipecat's own SageMaker services, by each resolver and in either order. Some resolvers go
# back to an older Pipecat rather than to an older AWS SDK; the floor of ours keeps them from the
# versions whose extra names no upper bound for the SDK, with which Pipecat's services do not load.

PIPECAT = "pipecat-ai[sagemaker]"
ORDERS = {"ours first": (str(ROOT), PIPECAT), "theirs first": (PIPECAT, str(ROOT))}
OWN = "pipecat-sagemaker-deepgram"
PIPS = ("23.2", "26.3")
THEIRS = "from pipecat.services.deepgram.sagemaker.tts import DeepgramSageMakerTTSService"
OURS = "from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService"

type Resolution = dict[str, str]


def resolve_by_pip(folder: Path, version: str, requirements: Sequence[str]) -> Resolution:
    """What that pip would install into an empty environment."""
    report = folder / "report.json"
    subprocess.run(
        [uv(), "pip", "install", "--quiet", "--target", str(folder / "pip"), f"pip=={version}"],
        check=True,
        capture_output=True,
        timeout=400,
    )
    options = ("--quiet", "--dry-run", "--ignore-installed", "--report", str(report))
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "pip", "install", *options, *requirements],
        env={**os.environ, "PYTHONPATH": str(folder / "pip")},
        check=True,
        capture_output=True,
        timeout=400,
    )
    found = [each["metadata"] for each in json.loads(report.read_text())["install"]]
    return {each["name"].lower().replace("_", "-"): each["version"] for each in found}


@pytest.fixture(scope="module")
def resolutions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Resolution]:
    """What each pip finds for each order, at the same time; by ``VERSION, ORDER``."""
    uv()
    cases = [(version, order) for version in PIPS for order in ORDERS]
    with ThreadPoolExecutor(len(cases)) as threads:
        running = {
            f"{version}, {order}": threads.submit(
                resolve_by_pip, tmp_path_factory.mktemp("resolution"), version, ORDERS[order]
            )
            for version, order in cases
        }
        try:
            return {name: each.result() for name, each in running.items()}
        except subprocess.CalledProcessError as error:
            words = error.stderr.decode()
            if "ResolutionImpossible" in words:
                raise
            pytest.skip(f"the registry could not be asked: {words.strip().splitlines()[-1]}")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("version", PIPS)
def test_pip_finds_a_pipecat_and_an_sdk_that_fit(
    version: str, order: str, resolutions: dict[str, Resolution]
) -> None:
    found = resolutions[f"{version}, {order}"]
    assert found["aws-sdk-sagemaker-runtime-http2"].startswith("0.9.")
    assert tuple(map(int, found["pipecat-ai"].split("."))) >= (1, 11)


@pytest.mark.parametrize("order", ORDERS)
def test_uv_finds_a_pipecat_and_an_sdk_that_fit(order: str) -> None:
    assert sdk_version(resolve(*ORDERS[order])).startswith("0.9.")


def test_pipecats_own_speech_loads_beside_ours_in_what_the_newest_pip_finds(
    resolutions: dict[str, Resolution], tmp_path: Path
) -> None:
    found = resolutions[f"{PIPS[-1]}, ours first"]
    pins = [f"{name}=={version}" for name, version in found.items() if name != OWN]
    venv = str(tmp_path / "venv")
    subprocess.run([uv(), "venv", "--quiet", "--python", sys.executable, venv], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run(
        [uv(), "pip", "install", "--quiet", "--no-deps", "--python", str(python), str(ROOT), *pins],
        check=True,
        timeout=500,
    )
    script = f"{THEIRS}\n{OURS}\nprint('both')"
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, timeout=100)
    assert done.stdout.strip() == "both", done.stderr

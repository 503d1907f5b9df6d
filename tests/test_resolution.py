# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The package can be installed beside those that pin other versions of the AWS SDK."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SDK = re.compile(r"^aws-sdk-sagemaker-runtime-http2==([\d.]+)", re.MULTILINE)


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
        timeout=100,
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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What would be published: its metadata, its contents, and that it runs alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.environments import run_uv
from benchmarks.processes import ROOT

import pipecat_sagemaker_deepgram

_USE = """
import sys
from pipecat_sagemaker_deepgram import (
    DeepgramFluxSageMakerSTTService, DeepgramSageMakerSTTService, SageMakerBidiClient, __version__
)
print(__version__, "/site-packages/" in sys.modules["pipecat_sagemaker_deepgram"].__file__)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archive of the sources and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    try:
        run_uv("build", "--quiet", "--python", sys.executable, "--out-dir", str(folder), str(ROOT))
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"the package cannot be built here: {error}")
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> str:
    (found,) = built.glob("*.whl")
    return str(found)


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_index_would_accept_both_archives(built: Path, wheel: str, tmp_path: Path):
    (sources,) = map(str, built.glob("*.tar.gz"))
    run(sys.executable, "-m", "twine", "check", "--strict", sources, wheel, folder=tmp_path)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: str, tmp_path: Path):
    run(sys.executable, "-m", "check_wheel_contents", wheel, folder=tmp_path)


def test_the_wheel_runs_in_a_new_environment_without_extras(wheel: str, tmp_path: Path):
    environment = tmp_path / "environment"
    python = str(environment / "bin" / "python")
    constraints = ["--constraints", str(ROOT / "constraints.txt")]
    run_uv("venv", "--quiet", "--python", sys.executable, str(environment))
    run_uv("pip", "install", "--quiet", "--python", python, *constraints, wheel)
    shown = run(python, "-c", _USE, folder=tmp_path).split()
    assert shown[-2:] == [pipecat_sagemaker_deepgram.__version__, "True"]
    assert "doctor" in run(python, "-m", "pipecat_sagemaker_deepgram", "--help", folder=tmp_path)

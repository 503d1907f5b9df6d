# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.arguments import Options
from pipecat_sagemaker_deepgram.cli.dispatch import runner_of
from pipecat_sagemaker_deepgram.recordings import two_cities

from .recordings import write_recording

MODULE = [sys.executable, "-m", "pipecat_sagemaker_deepgram"]


def without(module: str, directory: Path) -> dict[str, str]:
    """Environment variables with which a module cannot be imported."""
    (directory / module).mkdir()
    (directory / module / "__init__.py").write_text(
        f"raise ModuleNotFoundError('not installed', name={module!r})"
    )
    path = [str(directory), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for command in ("transcribe", "emulate", "demo"):
        assert command in said


def test_wrong_usage_is_2(capsys: pytest.CaptureFixture[str]):
    assert main(["sing"]) == 2
    assert "invalid choice: 'sing'" in capsys.readouterr().err


def test_the_version_is_reported(capsys: pytest.CaptureFixture[str]):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out[0].isdigit()


def test_a_name_that_the_locale_cannot_write_is_escaped(tmp_path: Path):
    keys = ["--keys", str(tmp_path / "keys.json")]
    assert main(["keys", "add", "Zoë", *keys]) == 0
    done = subprocess.run(
        [*MODULE, "keys", "list", *keys],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert rb"Zo\xeb" in done.stdout


def test_help_waits_for_no_heavy_import():
    code = (
        "import sys; from pipecat_sagemaker_deepgram.cli import main; main(['--help']); "
        "print([name for name in sys.modules if name in "
        "('pipecat', 'moonshine_voice', 'numpy', 'rich', 'botocore', 'loguru')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("module", ["av", "pysubs2"])
def test_a_missing_extra_for_recordings_is_named(tmp_path: Path, module: str):
    path = write_recording(tmp_path / "a.wav", words=2)
    done = subprocess.run(
        [*MODULE, "transcribe", str(path)],
        env=without(module, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: This needs {module}, which is not installed")


@pytest.mark.parametrize("module", ["moonshine_voice", "aiohttp", "websockets", "trustme"])
def test_a_missing_local_extra_is_named(tmp_path: Path, module: str):
    done = subprocess.run(
        [*MODULE, "transcribe", str(two_cities().path), "--speed", "max"],
        env=without(module, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error: ")
    assert module.replace("_", "-") in done.stderr
    assert "pip install 'pipecat-sagemaker-deepgram[local]'" in done.stderr


def test_an_output_that_takes_nothing_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["demo", "--speed", "max"]) == 1
    assert "No space left on device" in capsys.readouterr().err


def test_a_module_of_no_extra_is_no_user_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A broken installation is not explained away."""
    monkeypatch.setitem(sys.modules, "pipecat_sagemaker_deepgram.cli.transcribe", None)
    with pytest.raises(ImportError):
        main(["transcribe", "a.wav"])


def test_each_command_has_a_function_that_runs_it():
    kinds = get_args(Options.__value__)
    runners = [runner_of(kind) for kind in kinds]
    assert len(set(runners)) == len(kinds)
    assert [get_type_hints(each)["options"] for each in runners] == list(kinds)

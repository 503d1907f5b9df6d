# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator, parse_fault

from .conftest import ENDPOINT_NAME
from .recordings import write_recording


def transcribe(path: Path, *options: str) -> int:
    return main(["transcribe", str(path), "--endpoint", ENDPOINT_NAME, *options])


def test_a_run_is_drawn_with_its_break(tmp_path: Path, endpoint: SageMakerEmulator):
    page = tmp_path / "run.html"
    endpoint.faults.add(parse_fault("reset@bytes=64000,streams=next"))
    path = write_recording(tmp_path / "a.wav", words=95)
    assert transcribe(path, "--report", str(page)) == 0
    drawn = page.read_text()
    assert "1 stream was lost" in drawn
    assert "no word was lost" in drawn
    assert "w94" in drawn


@pytest.mark.usefixtures("endpoint")
def test_a_run_that_was_written_is_drawn_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    run = tmp_path / "run.json"
    path = write_recording(tmp_path / "a.wav", words=20)
    assert transcribe(path, "--json", "-o", str(run)) == 0
    assert main(["report", str(run)]) == 0
    assert "w19" in (tmp_path / "run.html").read_text()
    assert capsys.readouterr().err == f"report: {tmp_path / 'run.html'}\n"


def test_what_cannot_be_drawn_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["report", str(tmp_path / "missing.json")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    other = tmp_path / "other.json"
    other.write_text("{}")
    assert main(["report", str(other)]) == 1
    assert "is not a run" in capsys.readouterr().err

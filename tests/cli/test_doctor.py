# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The command ``doctor``."""

import asyncio
import json
import signal
import socket
import sys
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments
from pipecat_sagemaker_deepgram.cli.doctor_arguments import DoctorOptions
from pipecat_sagemaker_deepgram.cli.doctor_report import TerminalReport
from pipecat_sagemaker_deepgram.doctor import Check
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator

from ..doctor.test_diagnosis import SOUND
from .conftest import ENDPOINT_NAME
from .recordings import write_recording

CHECKS = [str(each) for each in Check]


@pytest.fixture
def recording(tmp_path: Path) -> str:
    return str(write_recording(tmp_path / "a.wav", words=12))


def test_everything_can_be_given() -> None:
    line = "doctor --endpoint e --region r --endpoint-url u --ca-bundle c --model m --language l"
    assert parse_arguments([*line.split(), "--audio", "a.wav", "--json", "-v"]) == DoctorOptions(
        endpoint_name="e",
        region="r",
        endpoint_url="u",
        ca_bundle="c",
        model="m",
        language="l",
        audio=Path("a.wav"),
        is_json=True,
        verbose=True,
    )


def test_flux_stands_for_deepgram_flux_as_in_the_other_commands() -> None:
    options = parse_arguments(["doctor", "--endpoint", "e", "--model", "flux"])
    assert isinstance(options, DoctorOptions)
    assert options.model == "flux-general-en"
    options = parse_arguments(["doctor", "--endpoint", "e", "--model", "flux", "--language", "es"])
    assert isinstance(options, DoctorOptions)
    assert options.model == "flux-general-multi"


@pytest.mark.usefixtures("endpoint")
def test_each_check_is_one_line(recording: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--endpoint", ENDPOINT_NAME, "--audio", recording]) == 0
    out, err = capsys.readouterr()
    lines = [line.split("\t") for line in out.splitlines()]
    assert [line[1] for line in lines] == CHECKS
    # What an emulated endpoint runs, it need not say.
    assert {line[0] for line in lines if line[1] != "container"} == {"ok"}
    assert lines[-2][2].startswith('heard "w0 w1')
    assert err == ""


@pytest.mark.usefixtures("endpoint")
def test_a_problem_is_reported_with_what_to_do_and_exit_code_1(
    recording: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--endpoint", "other", "--audio", recording, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["endpoint"] == "other"
    assert report["problems"] == ["endpoint-not-found"]
    assert [each["check"] for each in report["checks"]] == CHECKS
    (problem,) = [each for each in report["checks"] if each["problem"]]
    assert problem["status"] == "problem"
    assert problem["text"].startswith("there is no endpoint other in us-east-1 of account 0000")
    assert "it may be in another region or account" in problem["advice"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--endpoint"),
        (["--endpoint", "no/name"], "endpoint_name"),
        (["--endpoint", "e", "--region", "us east"], "region"),
        (
            ["--endpoint", "e", "--model", "flux-general-en", "--language", "es"],
            "--language is es: use --model flux-general-multi",
        ),
        (["--endpoint", "e", "--region", "r", "--endpoint-url", "http://x"], "endpoint_url"),
        (["--endpoint", "e", "--region", "r", "--ca-bundle", "none.pem"], "none.pem"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(
    arguments: list[str], words: str, recording: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", *arguments, "--audio", recording]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err


def test_a_recording_that_is_none_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--endpoint", "e", "--region", "r", "--audio", "none.wav"]) == 1
    assert "none.wav cannot be opened" in capsys.readouterr().err


@pytest.mark.usefixtures("endpoint")
def test_without_a_recording_the_transcript_is_unknown_and_that_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    monkeypatch.setitem(sys.modules, "moonshine_voice.utils", None)
    assert main(["doctor", "--endpoint", ENDPOINT_NAME]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2].startswith("unknown\ttranscript\t")
    assert lines[-2].endswith("or install 'pipecat-sagemaker-deepgram[local]'.")
    assert lines[-1] == "skipped\tlatency\tneeds transcript"


def test_a_terminal_gets_colours_and_every_line() -> None:
    console = pytest.importorskip("rich.console").Console(
        file=StringIO(), force_terminal=True, width=100
    )
    with TerminalReport(console) as report:
        report.show(SOUND)
        report.show(SOUND)
    written = console.file.getvalue()
    assert "\x1b[32mok" in written
    for check in CHECKS:
        assert written.count(f"{check} ") >= 1
    assert written.count("agrees with AWS's") == 1


async def test_ctrl_c_ends_it_at_once(endpoint: SageMakerEmulator, recording: str) -> None:
    """While it waits for a peer that says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *["-m", "pipecat_sagemaker_deepgram", "doctor", "--endpoint", ENDPOINT_NAME],
            *["--endpoint-url", url, "--audio", recording],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            # A job in the background is started with Ctrl-C ignored.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        async with asyncio.timeout(30):
            connection, _ = await asyncio.get_running_loop().sock_accept(silent)
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
        connection.close()
    assert process.returncode == 130
    assert b"\ttls\t" not in out
    assert err == b""

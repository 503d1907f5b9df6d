# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``transcribe`` with several recordings, and what it writes."""

import asyncio
import io
import json
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator, parse_fault

from .conftest import ENDPOINT_NAME
from .recordings import samples_of, words_up_to, write_recording

pytestmark = pytest.mark.usefixtures("endpoint")


def transcribe(*arguments: str | Path) -> int:
    return main(["transcribe", *map(str, arguments), "--endpoint", ENDPOINT_NAME])


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """A directory of three recordings."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for number in (1, 2, 3):
        write_recording(folder / f"{number}.wav", words=10 * number)
    return folder


def test_each_line_on_stdout_says_of_which_file_it_is(
    calls: Path, capsys: pytest.CaptureFixture[str]
):
    assert transcribe(calls) == 0
    said = capsys.readouterr()
    heard: dict[str, list[str]] = {}
    for line in said.out.splitlines():
        name, _, _, text = line.split("\t")
        heard.setdefault(name, []).extend(text.split())
    assert heard == {str(calls / f"{n}.wav"): words_up_to(10 * n) for n in (1, 2, 3)}
    assert said.err.startswith("3 of 3 transcribed: 6.0 s of audio in ")
    assert len(said.err.splitlines()) == 1


def test_json_is_a_line_for_each(calls: Path, capsys: pytest.CaptureFixture[str]):
    assert transcribe(calls, "--json") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["source"]: each["text"].split() for each in found} == {
        str(calls / f"{n}.wav"): words_up_to(10 * n) for n in (1, 2, 3)
    }


@pytest.mark.parametrize("format", ["text", "json", "srt", "vtt"])
def test_a_file_for_each_is_written_and_a_second_run_does_nothing(
    calls: Path, tmp_path: Path, endpoint: SageMakerEmulator, capsys, format: str
):
    out = tmp_path / "out"
    command = [calls, "--format", format, "--output", f"{out}/"]
    assert transcribe(*command) == 0
    suffix = "txt" if format == "text" else format
    assert sorted(path.name for path in out.glob("*.*") if path.name[0] != ".") == [
        f"{n}.{suffix}" for n in (1, 2, 3)
    ]
    assert "w29" in (out / f"3.{suffix}").read_text()
    streams = len(endpoint.streams)
    capsys.readouterr()
    assert transcribe(*command) == 0
    assert len(endpoint.streams) == streams
    assert "3 transcribed before" in capsys.readouterr().err


def test_a_file_of_lines_is_gone_on_with(calls: Path, tmp_path: Path):
    out = tmp_path / "out.jsonl"
    assert transcribe(calls / "1.wav", "--json", "-o", out) == 0
    assert transcribe(calls, "--json", "-o", out) == 0
    sources = [json.loads(line)["source"] for line in out.read_text().splitlines()]
    assert sorted(sources) == [str(calls / f"{n}.wav") for n in (1, 2, 3)]


def test_one_file_that_fails_stops_no_other(calls: Path, capsys: pytest.CaptureFixture[str]):
    (calls / "0.wav").write_text("no sound at all, only words that nobody will hear")
    (calls / "4.wav").touch()
    whole = (calls / "3.wav").read_bytes()
    (calls / "3.wav").write_bytes(whole[: len(whole) // 2])
    missing = calls / "missing.wav"
    assert transcribe(calls, missing, "--json") == 1
    said = capsys.readouterr()
    found = [json.loads(line) for line in said.out.splitlines()]
    assert sorted(Path(each["source"]).name for each in found) == ["1.wav", "2.wav", "3.wav"]
    assert [each["is_complete"] for each in found].count(False) == 1
    errors = sorted(line for line in said.err.splitlines() if line.startswith("error: "))
    assert [line.partition(" ")[2][len(str(calls)) + 1 :].split(" (")[0] for line in errors] == [
        "0.wav is not a readable recording",
        "3.wav is cut off: it contains 1.5 s of 3.0 s",
        "4.wav is empty",
        "missing.wav cannot be opened: No such file or directory.",
    ]
    assert "2 of 6 transcribed, 4 failed: " in said.err


def test_an_output_that_exists_is_left_alone(
    calls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    assert transcribe(calls / "1.wav", "-o", notes) == 1
    assert capsys.readouterr().err.startswith(f"error: {notes} already exists")
    assert notes.read_text() == "mine"
    assert transcribe(calls / "1.wav", "-o", notes, "--overwrite") == 0
    assert notes.read_text().split() == words_up_to(10)


def test_a_pipe_is_written_to_and_stays(calls: Path, tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert transcribe(calls / "1.wav", "-o", pipe) == 0
        assert transcribe(calls / "1.wav", "-o", pipe, "--overwrite") == 0
        assert os.read(reader, 65536).decode().split() == [*words_up_to(10), *words_up_to(10)]
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize("format", ["srt", "vtt", "text", "json"])
def test_one_file_is_not_made_a_directory_for_several(
    calls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str
):
    place = tmp_path / f"all.{'txt' if format == 'text' else format}"
    assert transcribe(calls, "-o", place, "--format", format) == 2
    assert "is one file" in capsys.readouterr().err
    assert not place.exists()


def test_a_disk_that_is_full_is_said_for_each(
    calls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "out"
    out.mkdir()
    for number in (1, 2, 3):
        (out / f".{number}.txt.partial").symlink_to("/dev/full")
    assert transcribe(calls, "-o", out) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(errors) == 3
    assert all("cannot be written: No space left on device" in line for line in errors)
    assert list(out.iterdir()) == []


def test_channels_are_told_apart_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    both = np.stack([samples_of(marked_audio(0, 10)), samples_of(marked_audio(40, 10))], axis=1)
    soundfile.write(tmp_path / "a.wav", both, 16_000)
    names = ["--split-channels", "--channel-names", "agent,customer"]
    assert transcribe(tmp_path / "a.wav", *names) == 0
    rows = [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()]
    assert rows[0].startswith("agent: w0 ")
    assert any(row.startswith("customer: w40 ") for row in rows)


def test_names_that_do_not_fit_the_channels_fail_that_recording_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    both = np.stack([samples_of(marked_audio(0, 10)), samples_of(marked_audio(40, 10))], axis=1)
    soundfile.write(tmp_path / "both.wav", both, 16_000)
    write_recording(tmp_path / "mono.wav", words=20)
    names = ["--split-channels", "--channel-names", "agent,customer"]
    assert transcribe(tmp_path, *names) == 1
    said = capsys.readouterr()
    assert "mono.wav has 1 channel, but 2 channel names were given. Give one name" in said.err
    assert "agent: w0 " in said.out


def test_standard_input_is_a_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    data = write_recording(tmp_path / "a.wav", words=20).read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    assert transcribe("-") == 0
    assert "w19" in capsys.readouterr().out


def test_samples_without_a_header_need_their_rate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.raw").write_bytes(marked_audio(0, 20))
    assert transcribe(tmp_path / "a.raw") == 1
    assert "Give their sample rate (--sample-rate 16000)" in capsys.readouterr().err
    assert transcribe(tmp_path / "a.raw", "--sample-rate", "16000") == 0
    assert "w19" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--format", "srt"], "Captions of several recordings need a file for each"),
        (["--parameter", "encoding=mulaw"], "encoding cannot be set"),
        (["--parameter", "callback=x"], "callback cannot be used"),
        (["--parameter", "brand_new=1"], "(--allow-unknown-parameters on the command line)"),
    ],
)
def test_what_does_not_fit_together_is_wrong_usage(
    calls: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
):
    assert transcribe(calls, *arguments) == 2
    assert complaint in capsys.readouterr().err


def test_a_directory_without_recordings_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert transcribe(tmp_path) == 1
    assert capsys.readouterr().err == f"error: No recording was found in {tmp_path}.\n"


def test_credentials_that_are_missing_are_said_once(
    calls: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert transcribe(calls) == 1
    assert capsys.readouterr().err.startswith("error: No AWS credentials were found")


def test_by_request_the_words_are_the_same(calls: Path, capsys: pytest.CaptureFixture[str]):
    assert transcribe(calls / "3.wav", "--mode", "sync") == 0
    assert capsys.readouterr().out.split()[2:] == words_up_to(30)


# As a process


async def run_process(*arguments: str | Path, stdout: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "pipecat_sagemaker_deepgram", "transcribe"],
        *map(str, arguments),
        *["--endpoint", ENDPOINT_NAME],
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
    )


def test_ctrl_c_in_the_middle_keeps_what_is_done(tmp_path: Path, calls: Path):
    """The second run does what was stopped."""
    long = write_recording(calls / "4.wav", words=900)
    out = tmp_path / "out"
    command = [calls, "-o", f"{out}/", "--jobs", "4"]

    async def interrupt() -> tuple[int | None, str]:
        process = await run_process(*command, "--speed", "2", stdout=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(60):
            while not (out / "3.txt").exists():
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, err = await process.communicate()
        return process.returncode, err.decode()

    code, err = asyncio.run(interrupt())
    assert code == 130
    assert f"{long}: stopped after " in err
    assert sorted(path.name for path in out.glob("[0-9]*")) == ["1.txt", "2.txt", "3.txt"]
    assert transcribe(*command, "--speed", "max") == 0
    assert (out / "4.txt").read_text().split() == words_up_to(900)


async def test_a_reader_that_goes_away_ends_a_run_quietly(calls: Path):
    """As in ``transcribe DIRECTORY | head -1``."""
    for number in range(4, 12):
        write_recording(calls / f"{number}.wav", words=100)
    reading, writing = os.pipe()
    process = await run_process(calls, stdout=writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as out:
        assert b"\t" in await asyncio.to_thread(out.readline)
    async with asyncio.timeout(60):
        _, err = await process.communicate()
    assert process.returncode == 1
    assert err == b""


def test_a_warning_of_a_stream_that_was_lost_reaches_the_user(
    calls: Path, endpoint: SageMakerEmulator, capsys: pytest.CaptureFixture[str]
):
    endpoint.faults.add(parse_fault(f"reset@bytes=32000,streams={len(endpoint.streams) + 1}"))
    try:
        assert transcribe(calls / "3.wav") == 0
    finally:
        endpoint.faults.clear()
    said = capsys.readouterr()
    assert said.out.split()[-1] == "w29"
    assert "reset the stream" in said.err

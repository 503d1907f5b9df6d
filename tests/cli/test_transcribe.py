# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import re
import time
from importlib import import_module
from pathlib import Path

import pytest
import soundfile

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.outcome import word_error_rate
from pipecat_sagemaker_deepgram.container import ScriptedRecognizer
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator, parse_fault
from pipecat_sagemaker_deepgram.recordings import two_cities

from ..recorded.https_server import running_https
from .conftest import ENDPOINT_NAME
from .recordings import words_up_to, write_recording


def transcribe(path: Path, *options: str) -> int:
    return main(["transcribe", str(path), "--endpoint", ENDPOINT_NAME, "--speed", "max", *options])


@pytest.mark.usefixtures("endpoint")
def test_every_word_is_on_stdout_once_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert transcribe(write_recording(tmp_path / "a.wav", words=95)) == 0
    said = capsys.readouterr()
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert [word for _, _, text in rows for word in text.split()] == words_up_to(95)
    assert all(re.fullmatch(r"\d+\.\d\d", time) for row in rows for time in row[:2])
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=float)
    assert float(rows[-1][1]) == pytest.approx(9.5, abs=0.02)
    assert said.err == ""


@pytest.mark.usefixtures("endpoint")
def test_a_recording_longer_than_the_lead_is_heard_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert transcribe(write_recording(tmp_path / "a.wav", words=600)) == 0
    text = " ".join(line.split("\t")[2] for line in capsys.readouterr().out.splitlines())
    assert text.split() == words_up_to(600)


@pytest.mark.usefixtures("endpoint")
def test_a_recording_behind_an_https_address_is_transcribed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    content = write_recording(tmp_path / "a.wav", words=20).read_bytes()
    with running_https({"/calls/a.wav?key=1": content}, tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        url = f"{server.url}/calls/a.wav?key=1"
        assert main(["transcribe", url, "--endpoint", ENDPOINT_NAME]) == 0
    said = capsys.readouterr()
    text = " ".join(line.split("\t")[2] for line in said.out.splitlines())
    assert (text.split(), said.err) == (words_up_to(20), "")


def test_the_endpoint_can_be_named_by_options(
    tmp_path: Path,
    endpoint: SageMakerEmulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    for name in ("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2", "AWS_CA_BUNDLE", "AWS_REGION"):
        monkeypatch.delenv(name)
    path = write_recording(tmp_path / "a.wav", words=5)
    where = ["--endpoint-url", endpoint.endpoint_url, "--ca-bundle", str(endpoint.ca_bundle)]
    assert transcribe(path, "--region", endpoint.region, *where) == 0
    assert "w4" in capsys.readouterr().out


def test_settings_reach_the_container(tmp_path: Path, endpoint: SageMakerEmulator):
    transcribe(
        write_recording(tmp_path / "a.wav", words=5),
        *["--model", "nova-3", "--language", "de", "--keyterm", "a b", "--keyterm", "c"],
    )
    query = endpoint.streams[-1].query
    for part in ("model=nova-3", "language=de", "keyterm=a%20b&keyterm=c", "sample_rate=16000"):
        assert part in query


@pytest.mark.usefixtures("endpoint")
def test_silence_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "a.wav"
    soundfile.write(path, [0.0] * 16_000, 16_000)
    assert transcribe(path) == 0
    assert capsys.readouterr() == ("", "no speech was recognised\n")


# What cannot be done is said in a sentence


def test_a_break_and_what_became_of_it_is_said(
    tmp_path: Path, endpoint: SageMakerEmulator, capsys: pytest.CaptureFixture[str]
):
    endpoint.faults.add(parse_fault("reset@bytes=64000,streams=next"))
    assert transcribe(write_recording(tmp_path / "a.wav", words=95)) == 0
    lost, came = capsys.readouterr().err.splitlines()
    assert re.match(r"warning: SageMaker session: stream \d was lost: ", lost)
    assert re.search(r"stream \d took over after .* s sent again, no word lost", came)


@pytest.mark.parametrize("mode", ["auto", "stream", "sync"])
def test_a_container_that_refuses_a_model_is_quoted_once(
    mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    path = write_recording(tmp_path / "a.wav", words=20)
    monkeypatch.setattr(
        "pipecat_sagemaker_deepgram.cli.local_endpoint.MoonshineRecognizer", ScriptedRecognizer
    )
    assert main(["transcribe", str(path), "--model", "nova-99", "--mode", mode]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("error: The endpoint has no model 'nova-99' (the container answered")
    assert said.count("nova-99") == said.count("No such model") == 1
    assert "CloudWatch" not in said


@pytest.mark.usefixtures("endpoint")
def test_an_untrusted_certificate_is_called_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("AWS_CA_BUNDLE")
    assert transcribe(write_recording(tmp_path / "a.wav", words=20)) == 1
    said = capsys.readouterr().err
    assert re.search(r"^error: The certificate of .* is not trusted", said, re.MULTILINE)
    assert "AWS_CA_BUNDLE" in said


def test_missing_credentials_are_named_soon(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = write_recording(tmp_path / "a.wav", words=600)
    import_module("pipecat_sagemaker_deepgram.cli.recognition")
    began = time.monotonic()
    assert main(["transcribe", str(path), "--endpoint", "e", "--region", "us-east-1"]) == 1
    assert time.monotonic() - began < 10
    assert capsys.readouterr().err.startswith("error: No AWS credentials were found")


def test_a_missing_region_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = write_recording(tmp_path / "a.wav", words=20)
    assert main(["transcribe", str(path), "--endpoint", "e"]) == 2
    assert "region is not given" in capsys.readouterr().err


def test_a_certificate_file_that_is_missing_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write_recording(tmp_path / "a.wav", words=20)
    where = ["--endpoint", "e", "--region", "us-east-1", "--ca-bundle", "/nowhere/ca.pem"]
    assert main(["transcribe", str(path), *where]) == 2
    assert "/nowhere/ca.pem" in capsys.readouterr().err


def test_an_unknown_fault_is_refused_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write_recording(tmp_path / "a.wav", words=20)
    assert main(["transcribe", str(path), "--fault", "explode"]) == 2
    assert "'explode'" in capsys.readouterr().err


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "a.wav").touch()
    assert main(["transcribe", str(tmp_path / "a.wav")]) == 1
    assert capsys.readouterr().err == f"error: {tmp_path}/a.wav is empty (0 bytes).\n"


@pytest.mark.speech
def test_human_speech_is_understood_on_this_machine(capsys: pytest.CaptureFixture[str]):
    """The whole local path: at most one word in ten is wrong."""
    assert main(["transcribe", str(two_cities().path), "--speed", "max"]) == 0
    said = capsys.readouterr()
    text = " ".join(line.split("\t")[2] for line in said.out.splitlines())
    assert word_error_rate(two_cities().text, text) <= 0.10
    assert said.err == ""


@pytest.mark.speech
def test_a_fault_on_the_way_costs_no_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    samples, sample_rate = soundfile.read(two_cities().path)
    soundfile.write(tmp_path / "a.flac", samples[: 5 * sample_rate], sample_rate)
    fault = ["--fault", "reset@bytes=64000"]
    assert main(["transcribe", str(tmp_path / "a.flac"), "--speed", "max", *fault]) == 0
    said = capsys.readouterr()
    text = " ".join(line.split("\t")[2] for line in said.out.splitlines())
    assert text == "It was the best of times, it was the worst of times."
    assert said.err.startswith("warning: ")
    assert "reset the stream" in said.err


def test_what_a_container_writes_in_its_own_words_is_not_shown(
    tmp_path: Path, endpoint: SageMakerEmulator, capsys: pytest.CaptureFixture[str]
):
    """It may quote what was said, and what a command writes to stderr ends in log files."""
    said = '{"type":"Error","variant":"SchemaError","description":"secret"}'
    faults = (
        "model-stream-error=1011:secret@bytes=8000",
        "internal-stream-failure=secret@bytes=8000",
        "error=InternalFailure:secret@bytes=8000",
        f"text={said}@bytes=4000",
    )
    for number, fault in enumerate(faults, len(endpoint.streams) + 1):
        endpoint.faults.add(parse_fault(f"{fault},streams={number}"))
    try:
        recording = write_recording(tmp_path / "a.wav", words=50)
        assert transcribe(recording, "--verbose") == 0
    finally:
        endpoint.faults.clear()
    shown = capsys.readouterr()
    assert shown.out.split()[-1] == "w49"
    assert "SchemaError" in shown.err
    assert "was lost: The endpoint ended the stream with ModelStreamError 1011" in shown.err
    assert "secret" not in shown.out + shown.err

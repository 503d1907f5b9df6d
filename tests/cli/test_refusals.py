# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What an endpoint refuses, on the terminal: one sentence, once, with what to do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli import listen
from pipecat_sagemaker_deepgram.cli.dispatch import main
from pipecat_sagemaker_deepgram.cli.listen import AudioSource
from pipecat_sagemaker_deepgram.container import (
    ContainerOptions,
    ScriptedRecognizer,
    marked_audio,
)
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator

from .conftest import ENDPOINT_NAME, endpoint_in_thread
from .recordings import write_recording
from .test_listen import spoken

type Command = Callable[..., str]
"""Runs a command with options; what it says on stderr."""


@pytest.fixture(params=["transcribe", "listen"])
def command(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    def microphone(device: object) -> AudioSource:
        return spoken(marked_audio(0, 100))

    recording = write_recording(tmp_path / "a.wav", words=20)
    names = [str(recording)] if request.param == "transcribe" else []
    monkeypatch.setattr(listen, "open_microphone", microphone)
    monkeypatch.setattr(
        "pipecat_sagemaker_deepgram.cli.local_endpoint.MoonshineRecognizer", ScriptedRecognizer
    )

    def run(*options: str) -> str:
        assert main([request.param, *names, *options]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    return run


@pytest.fixture
def full_endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[SageMakerEmulator]:
    with endpoint_in_thread(ContainerOptions(max_streams=0)) as endpoint:
        for name, value in endpoint.environment().items():
            monkeypatch.setenv(name, value)
        yield endpoint


@pytest.mark.usefixtures("endpoint")
def test_an_endpoint_that_does_not_exist(command: Command):
    assert command("--endpoint", "missing") == (
        "error: There is no endpoint missing in us-east-1 in the account 000000000000. "
        "Check the endpoint's name, the region and whose credentials are used.\n"
    )


@pytest.mark.parametrize("model", ["nova-99", "flux-99"])
def test_a_model_that_the_endpoint_of_the_command_refuses(command: Command, model: str):
    assert command("--model", model) == (
        f"error: The endpoint has no model '{model}' (the container answered: Bad Request: No such "
        "model/version combination found). Choose a model that it has.\n"
    )


IS_FULL_OR_REFUSES = (
    "error: The container of the endpoint refused the stream (HTTP 424). Either it is full, or "
    "it refuses a parameter, such as the model; the output of the endpoint says why.\n"
)


@pytest.mark.usefixtures("endpoint")
def test_a_model_that_an_endpoint_on_this_machine_refuses(command: Command):
    assert command("--endpoint", ENDPOINT_NAME, "--model", "nova-99") == IS_FULL_OR_REFUSES


@pytest.mark.usefixtures("full_endpoint")
def test_a_container_that_is_full(command: Command):
    model = ["--model", "flux"]  # recordings for Nova are sent whole, which takes no stream
    assert command("--endpoint", ENDPOINT_NAME, *model) == IS_FULL_OR_REFUSES

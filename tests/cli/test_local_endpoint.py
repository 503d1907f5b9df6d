# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import socket

import pytest

from pipecat_sagemaker_deepgram.cli.exceptions import CommandError, UsageError
from pipecat_sagemaker_deepgram.cli.local_endpoint import read_faults, run_local_endpoint
from pipecat_sagemaker_deepgram.container import RecognizerUnavailableError, ScriptedRecognizer
from pipecat_sagemaker_deepgram.emulator import parse_fault


class BrokenRecognizer(ScriptedRecognizer):
    def load(self) -> None:
        raise RecognizerUnavailableError("the model is not there")


async def test_an_endpoint_is_up_while_the_context_is_open():
    async with run_local_endpoint(
        endpoint_name="e", region="eu-west-1", recognizer=ScriptedRecognizer()
    ) as emulator:
        port = int(emulator.endpoint_url.rpartition(":")[2])
        assert emulator.region == "eu-west-1"
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


@pytest.mark.parametrize("option", ["port", "container_port"])
async def test_a_port_in_use_is_named_with_its_option(option: str):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError) as refused:
            async with run_local_endpoint(
                endpoint_name="e", recognizer=ScriptedRecognizer(), **{option: port}
            ):
                pass
    assert f"Port {port} on 127.0.0.1 is already in use" in str(refused.value)
    assert f"--{option.replace('_', '-')}" in str(refused.value)


async def test_a_recognizer_that_cannot_be_loaded_says_why():
    with pytest.raises(CommandError, match="cannot be loaded: the model is not there"):
        async with run_local_endpoint(endpoint_name="e", recognizer=BrokenRecognizer()):
            pass


async def test_another_container_is_used_as_it_is():
    """No container is started, not even the port is tried."""
    async with run_local_endpoint(
        endpoint_name="e", container_url="ws://127.0.0.1:9", recognizer=BrokenRecognizer()
    ) as emulator:
        assert emulator.endpoint_url.startswith("https://127.0.0.1:")


def test_faults_are_read():
    texts = ["reset@bytes=64000", "refuse=429@connect"]
    assert read_faults(texts).faults == tuple(map(parse_fault, texts))
    assert read_faults([]).faults == ()


def test_an_unknown_fault_is_wrong_usage():
    with pytest.raises(UsageError, match="'explode'"):
        read_faults(["explode"])

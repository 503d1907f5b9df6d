# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The command ``container``: serves until a signal comes, as SageMaker runs it."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.container import serve
from pipecat_sagemaker_deepgram.cli.container_arguments import RunContainerOptions
from pipecat_sagemaker_deepgram.container import ScriptedRecognizer
from pipecat_sagemaker_deepgram.container.echo import DEFAULT_PATH


@asynccontextmanager
async def container(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The process, and where it says that it listens."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pipecat_sagemaker_deepgram", "container", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
            yield process, line.split()[-1]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_echo_container_answers_and_ends_by_a_signal(number: signal.Signals) -> None:
    """SageMaker adds ``serve``, and stops a container by SIGTERM."""
    async with container("echo", "serve", "--port", "0") as (process, url):
        async with connect(f"{url}{DEFAULT_PATH}") as websocket:
            for message in ("words", b"bytes"):
                await websocket.send(message)
                assert await websocket.recv() == message
        process.send_signal(number)
        await process.communicate()
    assert process.returncode == 0


async def test_the_model_container_is_healthy_once_it_is_announced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = RunContainerOptions(kind="model", port=0)
    serving = asyncio.create_task(serve(options, recognizer=ScriptedRecognizer()))
    said = ""
    async with asyncio.timeout(10):
        while not said:
            await asyncio.sleep(0.01)
            said = capsys.readouterr().out
        host, _, port = said.split("//")[1].strip().partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /ping HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()
        await writer.wait_closed()
        os.kill(os.getpid(), signal.SIGTERM)
        await serving


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["container", "echo", "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port} cannot be used" in said
    assert "Choose another --port" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: kind"),
        (["parrot"], "invalid choice: 'parrot'"),
        (["echo", "start"], "invalid choice: 'start'"),
        (["echo", "--max-streams", "3"], "--max-streams applies to the model only"),
        (["model", "--max-streams", "0"], "--max-streams must be 1 or more"),
        (["model", "--port", "99999"], "'99999' is not a port"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["container", *arguments]) == 2
    assert sentence in capsys.readouterr().err

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An endpoint that understands marked audio, for commands that run in the main thread."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from loguru import logger

from pipecat_sagemaker_deepgram.cli.local_endpoint import run_local_endpoint
from pipecat_sagemaker_deepgram.container import ContainerOptions, ScriptedRecognizer
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator

ENDPOINT_NAME = "scripted"


@contextmanager
def endpoint_in_thread(
    container_options: ContainerOptions | None = None,
) -> Iterator[SageMakerEmulator]:
    """Run an endpoint on an event loop of its own, so that ``main`` can have the main thread's."""
    running: list[tuple[SageMakerEmulator, asyncio.AbstractEventLoop, asyncio.Event]] = []
    is_up = threading.Event()

    async def run() -> None:
        stop = asyncio.Event()
        async with run_local_endpoint(
            endpoint_name=ENDPOINT_NAME,
            recognizer=ScriptedRecognizer(),
            container_options=container_options,
        ) as emulator:
            running.append((emulator, asyncio.get_running_loop(), stop))
            is_up.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert is_up.wait(10)
    emulator, loop, stop = running[0]
    yield emulator
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def shared_endpoint() -> Iterator[SageMakerEmulator]:
    """One endpoint for all tests that change nothing about it."""
    with endpoint_in_thread() as emulator:
        yield emulator


@pytest.fixture
def endpoint(
    shared_endpoint: SageMakerEmulator, monkeypatch: pytest.MonkeyPatch
) -> SageMakerEmulator:
    """The shared endpoint, with the environment leading to it."""
    for name, value in shared_endpoint.environment().items():
        monkeypatch.setenv(name, value)
    return shared_endpoint


@pytest.fixture(autouse=True)
def usual_log() -> Iterator[None]:
    """Commands set the log up for their process; here it goes back to what it was."""
    yield
    logger.remove()
    logger.add(sys.stderr)

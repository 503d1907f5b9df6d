# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What speaks Deepgram's API here: the container itself, and the gateway in front of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
)
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator, parse_fault
from pipecat_sagemaker_deepgram.gateway import Gateway
from tests.gateway.running import options_for

from ..speak.voices import Beeps

BEHAVIOR = ScriptedBehavior(final_interval=1.0, turns=ScriptedTurns(lag=0.1))

BREAKS = "reset@bytes=40000,streams=1-2"
"""The endpoint breaks in mid-stream, and the stream after it."""

SERVERS = ["container", "gateway", "broken"]
SERVERS_WITHOUT_AUDIO = ["container", "gateway"]
"""Where nothing is streamed that a fault could break."""


@dataclass(frozen=True)
class Server:
    """A server of Deepgram's API.

    Attributes:
        url: Where its WebSockets are, ``ws://HOST:PORT``.
        streams: Streams that its endpoint was asked for; empty for the container itself.
    """

    url: str
    streams: list[Any]

    @property
    def http(self) -> str:
        """Where its plain requests go."""
        return self.url.replace("ws", "http", 1)


@asynccontextmanager
async def serving(kind: str, **options: Any) -> AsyncIterator[Server]:
    """Run a server.

    Args:
        kind: ``container``, ``gateway``, or ``broken`` for a gateway whose endpoint breaks.
        **options: Options of the gateway.
    """
    async with ModelContainer(ScriptedRecognizer(BEHAVIOR), synthesizer=Beeps()) as container:
        await container.wait_until_ready()
        if kind == "container":
            yield Server(container.url, [])
            return
        faults = FaultScript([parse_fault(BREAKS)] if kind == "broken" else [])
        async with SageMakerEmulator(container.url, faults=faults) as emulator:
            async with Gateway(options_for(emulator, **options)) as gateway:
                yield Server(gateway.url.replace("http", "ws", 1), emulator.streams)
                if kind == "broken":
                    assert len(emulator.streams) > 1


def each_server(*kinds: str) -> Any:
    """Run a test against each of several kinds of servers."""
    return pytest.mark.parametrize("server", kinds or SERVERS, indirect=True)

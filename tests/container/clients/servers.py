# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What speaks Deepgram's API here: the container itself, and the gateway in front of it."""

from collections.abc import AsyncIterator, Sequence
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
from pipecat_sagemaker_deepgram.emulator import (
    FaultScript,
    SageMakerEmulator,
    StreamRecord,
    parse_fault,
)
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
        emulator: The endpoint of a gateway.
    """

    url: str
    emulator: SageMakerEmulator | None = None

    @property
    def streams(self) -> Sequence[StreamRecord]:
        """Streams that its endpoint was asked for; none of the container itself."""
        return [] if self.emulator is None else self.emulator.streams

    @property
    def http(self) -> str:
        """Where its plain requests go."""
        return self.url.replace("ws", "http", 1)


@asynccontextmanager
async def serving(
    kind: str, *, faults: Sequence[str] = (), **options: Any
) -> AsyncIterator[Server]:
    """Run a server.

    Args:
        kind: ``container``, ``gateway``, or ``broken`` for a gateway whose endpoint breaks.
        faults: What goes wrong at the gateway's endpoint.
        **options: Options of the gateway.
    """
    async with ModelContainer(ScriptedRecognizer(BEHAVIOR), synthesizer=Beeps()) as container:
        await container.wait_until_ready()
        if kind == "container":
            yield Server(container.url)
            return
        lines = [*faults, *([BREAKS] if kind == "broken" else [])]
        script = FaultScript([parse_fault(line) for line in lines])
        async with SageMakerEmulator(container.url, faults=script) as emulator:
            async with Gateway(options_for(emulator, **options)) as gateway:
                yield Server(gateway.url.replace("http", "ws", 1), emulator)
                if kind == "broken":
                    assert len(emulator.streams) > 1


def each_server(*kinds: str) -> Any:
    """Run a test against each of several kinds of servers."""
    return pytest.mark.parametrize("server", kinds or SERVERS, indirect=True)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The transport on uvloop, which web servers that host bots use where it is installed."""

import asyncio

import pytest

from pipecat_sagemaker_deepgram.transport import StreamOpener, TransportConfig

from .conftest import Authority, known_credentials, request_to
from .test_cancellation import ServerThread, answers

uvloop = pytest.importorskip("uvloop")


def test_a_stream_opens_carries_and_closes_on_uvloop(authority: Authority) -> None:
    async def exchange(url: str) -> bytes:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        stream = await opener.open(request_to(url), known_credentials())
        await stream.send(bytes(100_000))
        await stream.end_input()
        received = await stream._http2.read()
        await stream.close(timeout=1)
        return received

    with ServerThread(answers, authority.server_context) as thread:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            assert runner.run(exchange(thread.server.url)) == b"\x00"

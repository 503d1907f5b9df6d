# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The end of a session that has no protocol object: it is the container's, or its input's."""

import asyncio
import json
from typing import Any

import pytest

from pipecat_sagemaker_deepgram import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import ClosedError

from ..local_path import LocalPath, credentials_of, local_path, marked_audio
from ..skipping_loop import skipping_waits
from .echo_path import DEADLINE, Events, echo_path


def client_of(path: LocalPath, *arguments: str, **options: Any) -> SageMakerBidiClient:
    """A client as its docstring has it, at the emulated endpoint."""
    return SageMakerBidiClient(
        "my-endpoint",
        path.emulator.region,
        *arguments,
        endpoint_url=path.emulator.endpoint_url,
        ca_bundle=path.emulator.ca_bundle,
        credentials=credentials_of(path.emulator),
        **options,
    )


@pytest.mark.parametrize("quiet_seconds", [0.0, 0.05, 5.0])
@skipping_waits
async def test_it_closes_as_soon_as_its_peer_does_however_long_ago_its_last_write_is(
    quiet_seconds: float,
) -> None:
    async with echo_path() as path:
        client = client_of(path)
        await client.start_session()
        await client.send_text("hello")
        assert await client.receive_response() == "hello"
        await asyncio.sleep(quiet_seconds)
        async with asyncio.timeout(5.0):
            await client.close_session()
        assert client.is_closed


async def test_audio_and_text_sent_last_come_back_before_the_end() -> None:
    async with echo_path() as path:
        client = client_of(path)
        await client.start_session()
        await client.send_audio_chunk(b"last")
        await client.send_text("words")
        closing = asyncio.create_task(client.close_session())
        received = [message async for message in client]
        await closing
        assert received == [b"last", "words"]


async def test_a_container_that_closes_normally_ends_the_session() -> None:
    """So do the AWS SDK's streams and Pipecat's own client."""
    happened = Events()
    async with local_path() as path:
        query = "model=nova-3&encoding=linear16&sample_rate=16000"
        client = client_of(path, "v1/listen", query, on_event=happened)
        await client.start_session()
        await client.send_audio_chunk(marked_audio(0, 20))
        await client.send_json({"type": "CloseStream"})
        async with asyncio.timeout(DEADLINE):
            received = [json.loads(message) async for message in client]
        assert received[-1]["type"] == "Metadata"
        assert await client.receive_response() is None
        assert client.is_closed
        await client.close_session()
    assert happened.names == ["Connecting", "Connected", "Closed"]
    assert happened.of(events.Closed) == [events.Closed(0.0)]


async def test_a_stream_that_is_reset_is_still_a_loss() -> None:
    happened = Events()
    async with echo_path("reset@control=x") as path:
        client = client_of(path, on_event=happened)
        await client.start_session()
        await client.send_json({"type": "x"})
        await happened.wait_for(events.Connected, 2)
        await client.close_session()
    assert happened.names[:3] == ["Connecting", "Connected", "Lost"]


async def test_whoever_cancels_every_task_ends_the_session() -> None:
    """As the end of ``asyncio.run`` does; what the session still wants finds no stream gone."""
    async with echo_path() as path:
        client = client_of(path)
        await client.start_session()
        await client.send_text("hello")
        assert await client.receive_response() == "hello"
        streams = [each for each in asyncio.all_tasks() if "sagemaker-stream" in each.get_name()]
        assert len(streams) == 1
        for each in streams:
            each.cancel()
        await asyncio.wait(streams)
        async with asyncio.timeout(DEADLINE):
            assert await client.receive_response() is None
        assert client.is_closed
        with pytest.raises(ClosedError):
            await client.send_audio_chunk(bytes(640))
        assert len(path.emulator.streams) == 1

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""v2/listen over real WebSockets."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pipecat_sagemaker_deepgram.container import (
    FluxOptions,
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
    marked_audio,
)

from ..conftest import Log
from ..conversation import converse, cut, flux_url, hear_out, listening_for_turns, talk
from .turn_rules import finished_turns

PAUSE = bytes(32000)


@contextlib.asynccontextmanager
async def running(
    recognizer: ScriptedRecognizer | None = None, **options
) -> AsyncIterator[ModelContainer]:
    async with ModelContainer(recognizer or ScriptedRecognizer(), **options) as container:
        await container.wait_until_ready()
        yield container


async def test_it_greets_before_the_client_speaks():
    async with running() as container, listening_for_turns(container.url) as websocket:
        greeting = json.loads(await websocket.recv())
        assert websocket.response is not None
        assert greeting == {
            "type": "Connected",
            "request_id": websocket.response.headers["dg-request-id"],
            "sequence_id": 0,
        }


@pytest.mark.parametrize("finalizes", [True, False])
async def test_turns_are_reported_then_the_connection_is_closed_without_a_status(finalizes):
    audio = marked_audio(0, 4) + PAUSE + marked_audio(4, 3)
    options = FluxOptions(closestream_finalizes=finalizes)
    async with running(flux=options) as container:
        reply = await talk(container.url, cut(audio, 2560))
    last = ["w4 w5 w6"] if finalizes else []
    assert finished_turns(reply.messages) == ["w0 w1 w2 w3", *last]
    assert reply.messages[-1]["transcript"] == "w4 w5 w6"
    assert reply.close_code == 1005


async def test_what_cannot_be_parsed_ends_the_connection_after_the_error():
    async with running(flux=FluxOptions(bundle="2026-03")) as container:
        async with listening_for_turns(container.url) as websocket:
            await websocket.send(marked_audio(0, 2))
            await websocket.send('{"type":"Configure"}')
            reply = await hear_out(websocket)
    assert reply.messages[-1]["description"].endswith(
        "unknown variant `Configure`, expected `CloseStream`"
    )
    assert reply.close_code == 1005


@pytest.mark.parametrize("more", ["&language=en", "&punctuate=true", "&language_hint=en"])
async def test_a_wrong_query_is_refused_at_the_upgrade(more):
    async with running() as container:
        with pytest.raises(InvalidStatus) as refused:
            await connect(flux_url(container.url, more))
    assert refused.value.response.status_code == 400
    assert "dg-request-id" in refused.value.response.headers


async def test_v1_and_v2_share_the_container_and_its_streams():
    async with running(max_streams=1) as container:
        async with listening_for_turns(container.url):
            with pytest.raises(InvalidStatus) as refused:
                await connect(flux_url(container.url))
        assert refused.value.response.status_code == 503
        assert (await converse(container.url, [marked_audio(0, 2)])).text == "w0 w1"


async def test_without_audio_the_connection_is_closed_with_net_0001():
    """Text does not help: the idle limit of Flux is one of audio."""
    async with running(flux=FluxOptions(idle_timeout=0.2)) as container:
        async with listening_for_turns(container.url) as websocket:
            await websocket.send(marked_audio(0, 1))
            hearing = asyncio.create_task(hear_out(websocket))
            with contextlib.suppress(ConnectionClosed):
                while not hearing.done():
                    await websocket.send('{"type":"Configure"}')
                    await asyncio.sleep(0.05)
            reply = await hearing
    assert reply.close_code == 1011
    assert reply.close_reason is not None
    assert reply.close_reason.endswith("https://dpgr.am/net0001")


async def test_v1s_idle_limit_is_another():
    async with running(idle_timeout=0.05) as container:
        async with listening_for_turns(container.url) as websocket:
            await websocket.recv()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await websocket.recv()


async def test_many_connections_each_hear_their_own_turns():
    turns = ScriptedTurns(pause=0.3, lag=0.2, word_lag=0.1)
    async with running(ScriptedRecognizer(ScriptedBehavior(turns=turns))) as container:
        replies = await asyncio.gather(
            *(talk(container.url, cut(marked_audio(100 * i, 10) + PAUSE, 2560)) for i in range(10))
        )
    texts = [finished_turns(reply.messages) for reply in replies]
    assert texts == [[" ".join(f"w{100 * i + n}" for n in range(10))] for i in range(10)]


async def test_a_throttled_container_takes_audio_no_faster_than_it_says():
    now = asyncio.get_running_loop().time
    async with running(ScriptedRecognizer(ScriptedBehavior(max_speed=20.0))) as container:
        began = now()
        await talk(container.url, cut(marked_audio(0, 40), 2560))
    assert now() - began >= 0.9 * 4.0 / 20


async def test_a_control_in_a_binary_frame_is_obeyed_and_warned_of_once(log: Log):
    async with running() as container:
        frames = [marked_audio(0, 1), b'{"type":"ForceEndTurn"}', b'{"type":"ForceEndTurn"}']
        reply = await talk(container.url, frames)
    assert [m["type"] for m in reply.messages[-2:]] == ["TurnInfo", "Warning"]
    assert log.count("in a binary frame") == 1

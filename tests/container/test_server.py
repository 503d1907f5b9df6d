# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The container over real WebSockets."""

import asyncio
import json
import os
import random
import signal
import threading
from itertools import pairwise

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pipecat_sagemaker_deepgram.container import (
    ContainerOptions,
    ModelContainer,
    RecognizerUnavailableError,
    ScriptedBehavior,
    ScriptedRecognizer,
    marked_audio,
)
from tests.audio.files import m4a

from .broken_recognizers import Broken, Busy, Missing, SlowToLoad
from .conftest import Log
from .conversation import (
    CLOSE_STREAM,
    converse,
    count_pings,
    cut,
    get,
    hear_out,
    listen_url,
    listening,
)


def words(first: int, count: int) -> str:
    return " ".join(f"w{first + i}" for i in range(count))


def running(recognizer: ScriptedRecognizer | None = None, **options) -> ModelContainer:
    return ModelContainer(recognizer or ScriptedRecognizer(), **options)


async def refusal(url: str) -> tuple[int, dict, str]:
    """Status, JSON body and the request id's header of a refused upgrade."""
    with pytest.raises(InvalidStatus) as refused:
        await connect(url)
    response = refused.value.response
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, json.loads(response.body), response.headers["dg-request-id"]


async def test_a_stream_is_held_back_while_the_model_is_loading():
    recognizer = SlowToLoad()
    async with running(recognizer) as container:
        conversing = asyncio.create_task(converse(container.url, [marked_audio(0, 2)]))
        assert await get(container.url, "/ping") == (503, "the model is loading\n")
        assert not conversing.done()
        recognizer.loaded.set()
        assert (await conversing).text == words(0, 2)


async def test_a_stream_is_refused_when_loading_takes_too_long():
    recognizer = SlowToLoad()
    async with running(recognizer, options=ContainerOptions(loading_patience=0.01)) as container:
        status, body, _ = await refusal(listen_url(container.url))
        assert (status, body["err_msg"]) == (503, "the model is loading")
        with pytest.raises(TimeoutError):
            await container.wait_until_ready(0.01)
        recognizer.loaded.set()
        await container.wait_until_ready()
        assert await get(container.url, "/ping") == (200, "ready\n")


async def test_ping_reports_why_the_model_cannot_be_loaded():
    async with running(Missing()) as container:
        with pytest.raises(RecognizerUnavailableError, match="the weights are not here"):
            await container.wait_until_ready()
        status, body = await get(container.url, "/ping")
        assert (status, "the weights are not here" in body) == (503, True)
        status, error, _ = await refusal(listen_url(container.url))
        assert (status, error["err_code"]) == (503, "SERVICE_UNAVAILABLE")


@pytest.mark.parametrize("path", ["/v1/listen", "/v1/listen/"])
async def test_it_listens_with_and_without_a_slash(path):
    async with running() as container:
        await container.wait_until_ready()
        url = f"{container.url}{path}?encoding=linear16&sample_rate=16000"
        async with connect(url) as websocket:
            assert websocket.response is not None
            assert len(websocket.response.headers.get_all("dg-request-id")) == 1
            await websocket.send(CLOSE_STREAM)
            (metadata,) = (await hear_out(websocket)).messages
            assert metadata["request_id"] == websocket.response.headers["dg-request-id"]


@pytest.mark.parametrize("path", ["/", "/v3/listen", "/v1/listen/more", "/v1", "/v2"])
async def test_other_paths_are_not_found(path):
    async with running() as container:
        await container.wait_until_ready()
        status, body, _ = await refusal(container.url + path)
        assert (status, body["err_code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("&interims=true", "unsupported_parameter", "unsupported query parameter(s): interims"),
        ("&model=nova-9", "Bad Request", "No such model/version combination found."),
        (f"&channels={'9' * 5000}", "INVALID_QUERY_PARAMETER", "an integer from 1 to 20"),
        ("&punctuate=%0D%0AX:%201%00", "INVALID_QUERY_PARAMETER", "expected `true` or `false`"),
    ],
)
async def test_a_wrong_query_is_refused_in_deepgrams_words(query, code, said):
    async with running() as container:
        await container.wait_until_ready()
        status, body, request_id = await refusal(listen_url(container.url, query))
        assert (status, body["err_code"], body["request_id"]) == (400, code, request_id)
        assert said in body["err_msg"]


async def test_a_silent_client_is_closed_with_net_0001():
    async with running(idle_timeout=0.1) as container:
        await container.wait_until_ready()
        async with listening(container.url) as websocket:
            await websocket.send(marked_audio(0, 3))
            reply = await hear_out(websocket)
    assert (reply.close_code, reply.finals) == (1011, [])
    assert reply.close_reason is not None
    assert reply.close_reason.endswith("https://dpgr.am/net0001")


async def test_one_stream_too_many_is_refused_until_one_ends():
    async with running(max_streams=2) as container:
        await container.wait_until_ready()
        async with listening(container.url) as first, listening(container.url):
            status, body, _ = await refusal(listen_url(container.url))
            assert (status, body["err_msg"]) == (503, "all 2 streams are taken")
            assert (await get(container.url, "/ping"))[0] == 200
            await first.close()
            reply = await converse(container.url, [marked_audio(0, 2)])
            assert reply.text == words(0, 2)


async def test_close_stream_is_answered_with_the_tail_then_metadata_then_a_normal_close():
    async with running() as container:
        await container.wait_until_ready()
        reply = await converse(container.url, cut(marked_audio(0, 14)))
    assert [message["type"] for message in reply.messages[-2:]] == ["Results", "Metadata"]
    assert (reply.text, reply.close_code) == (words(0, 14), 1000)


async def test_closing_without_close_stream_drops_the_tail():
    async with running() as container:
        await container.wait_until_ready()
        async with listening(container.url) as websocket:
            await websocket.send(marked_audio(0, 4))
            await websocket.recv()
            await websocket.close()
            reply = await hear_out(websocket)
        assert all(not message["is_final"] for message in reply.messages)


@pytest.mark.parametrize(
    "data", [bytes(100), m4a(index_first=False)], ids=["zeros", "index at the end"]
)
@pytest.mark.parametrize("path", ["/v1/listen?model=nova-3", "/v2/listen?model=flux-general-en"])
async def test_what_is_no_audio_closes_with_data_0000(data: bytes, path: str):
    async with running() as container:
        await container.wait_until_ready()
        async with connect(container.url + path) as websocket:
            await websocket.send(data)
            reply = await hear_out(websocket)
    assert reply.close_code == 1008
    assert (reply.close_reason or "").endswith("https://dpgr.am/data0000")


async def test_many_connections_at_once_each_hear_their_own_words():
    behavior = ScriptedBehavior(final_lag=0.4)
    async with running(ScriptedRecognizer(behavior)) as container:
        await container.wait_until_ready()
        replies = await asyncio.gather(
            *(converse(container.url, cut(marked_audio(100 * i, 40))) for i in range(20))
        )
    assert [reply.text for reply in replies] == [words(100 * i, 40) for i in range(20)]
    assert len({reply.messages[-1]["request_id"] for reply in replies}) == 20


@pytest.mark.parametrize(
    "behavior",
    [
        ScriptedBehavior(final_lag=3.0, final_interval=0.35),
        ScriptedBehavior(final_words=1, final_lag=1.0, answers_empty_finalize=False),
        ScriptedBehavior(final_interval=1.73, max_speed=60.0),
    ],
)
async def test_each_word_comes_once_in_order_however_bytes_and_finalizes_are_mixed(behavior):
    """Cut anywhere, also within samples, with ``Finalize`` between the pieces."""
    audio = marked_audio(0, 60, word_seconds=0.13)
    chance = random.Random(7)
    places = [0, *sorted(chance.sample(range(len(audio)), 150)), len(audio)]
    frames: list[str | bytes] = [audio[a:b] for a, b in pairwise(places)]
    for _ in range(6):
        frames.insert(chance.randrange(len(frames)), '{"type":"Finalize"}')
    async with running(ScriptedRecognizer(behavior)) as container:
        await container.wait_until_ready()
        reply = await converse(container.url, frames)
    assert reply.text == words(0, 60)
    ends = [final["start"] + final["duration"] for final in reply.finals]
    starts = [final["start"] for final in reply.finals]
    assert starts == pytest.approx([0.0, *ends[:-1]])
    assert ends[-1] == pytest.approx(60 * 0.13)


async def test_a_throttled_container_takes_audio_no_faster_than_it_says():
    now = asyncio.get_running_loop().time
    async with running(ScriptedRecognizer(ScriptedBehavior(max_speed=20.0))) as container:
        await container.wait_until_ready()
        began = now()
        reply = await converse(container.url, cut(marked_audio(0, 40)))
    assert reply.text == words(0, 40)
    assert now() - began >= 0.9 * 4.0 / 20


async def test_pings_and_other_connections_are_answered_while_one_decodes():
    recognizer = Busy()
    async with running(recognizer) as container:
        await container.wait_until_ready()
        async with listening(container.url) as busy, asyncio.timeout(10):
            await busy.send(marked_audio(0, 3))
            await asyncio.to_thread(recognizer.is_decoding.wait, 10)
            for frame in cut(marked_audio(3, 50)):
                await busy.send(frame)
            await (await busy.ping())
            async with listening(container.url) as other:
                await (await other.ping())
            recognizer.may_decode.set()
            await busy.send(CLOSE_STREAM)
            assert (await hear_out(busy)).text == words(0, 53)


async def test_a_pile_of_audio_leaves_the_event_loop_to_others():
    """A recogniser without threads is given two seconds of it at a time."""
    async with running() as container:
        await container.wait_until_ready()
        async with listening(container.url) as websocket:
            hearing = asyncio.create_task(hear_out(websocket))
            await websocket.send(marked_audio(0, 1600))
            await websocket.send(CLOSE_STREAM)
            assert await count_pings(websocket, hearing) > 10
            assert (await hearing).text == words(0, 1600)


async def test_a_client_that_leaves_during_a_decode_leaves_nothing_behind():
    recognizer = Busy()
    before = set(threading.enumerate())
    async with running(recognizer) as container:
        await container.wait_until_ready()
        async with listening(container.url) as websocket:
            await websocket.send(marked_audio(0, 3))
            await asyncio.to_thread(recognizer.is_decoding.wait, 10)
        recognizer.may_decode.set()
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not {name for name in left if name.startswith("recognizer")}
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_a_broken_session_closes_its_connection_and_no_other(log: Log):
    async with running(Broken()) as container:
        await container.wait_until_ready()
        async with listening(container.url) as bystander:
            async with listening(container.url) as websocket:
                await websocket.send(marked_audio(0, 1))
                assert (await hear_out(websocket)).close_code == 1011
            await (await bystander.ping())
    assert log.count("failed") == 1


async def test_a_control_in_a_binary_frame_is_obeyed_and_warned_of_once(log: Log):
    async with running() as container:
        await container.wait_until_ready()
        frames = [marked_audio(0, 1), b'{"type":"Finalize"}', b'{"type":"Finalize"}']
        reply = await converse(container.url, frames)
    assert [final["from_finalize"] for final in reply.finals] == [True, True]
    assert log.count("in a binary frame") == 1


async def test_a_client_that_does_not_read_is_dropped(log: Log):
    """An error message repeats what it is about, so large ones fill every buffer."""
    async with running(send_timeout=0.2, idle_timeout=60) as container, asyncio.timeout(20):
        await container.wait_until_ready()
        async with listening(container.url) as websocket:
            websocket.transport.pause_reading()
            for _ in range(30):
                await websocket.send("x" * 2**20)
            await log.wait_for("is not reading")
            websocket.transport.resume_reading()
            assert (await hear_out(websocket)).close_code == 1006


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_until_it_is_told_to_stop(number):
    async with running() as container, asyncio.timeout(10):
        serving = asyncio.create_task(container.serve_until_terminated())
        await container.wait_until_ready()
        assert not serving.done()
        os.kill(os.getpid(), number)
        await serving


async def test_a_container_can_be_started_again_with_the_same_recognizer():
    recognizer = ScriptedRecognizer()
    for _ in range(2):
        async with running(recognizer) as container:
            await container.wait_until_ready()
            assert (await converse(container.url, [marked_audio(0, 1)])).text == "w0"


async def test_a_taken_port_is_an_error_at_once():
    async with running() as container:
        port = int(container.url.rpartition(":")[2])
        with pytest.raises(OSError, match="address already in use"):
            await running(port=port).__aenter__()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams through the gateway: every word once, whatever happens behind it."""

import hashlib
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pipecat_sagemaker_deepgram.container import ScriptedBehavior, marked_audio
from tests.container.conversation import (
    CLOSE_STREAM,
    converse,
    cut,
    flux_url,
    hear_out,
    listen_url,
    listening,
    talk,
    transcript,
    wav,
)
from tests.gateway.running import running_gateway
from tests.local_path import HARD, words

LOSSES = [
    (),
    ("reset@bytes=64000,streams=1",),
    ("drop@bytes=100000,streams=1-3",),
    ("end@bytes=64000,streams=1",),
    ("model-stream-error@bytes=50000,streams=1",),
    ("cut=drop@bytes=70000,streams=1",),
]
"""Faults in the middle of a stream."""


@pytest.mark.parametrize("faults", LOSSES, ids=",".join)
@pytest.mark.parametrize("behavior", [None, HARD], ids=["even", "hard"])
async def test_every_word_comes_once_and_times_run_on(
    faults: tuple[str, ...], behavior: ScriptedBehavior | None
):
    async with running_gateway(*faults, **({"behavior": behavior} if behavior else {})) as gateway:
        audio = marked_audio(0, 60)
        reply = await converse(gateway.url, cut(audio))
        assert len(gateway.emulator.streams) > len(faults) - 1
    assert reply.text.split() == words(0, 60)
    assert (reply.close_code, reply.messages[-1]["type"]) == (1000, "Metadata")
    said = [word for final in reply.finals for word in best(final)["words"]]
    assert [word["start"] for word in said] == pytest.approx([n / 10 for n in range(60)], abs=0.06)
    starts = [final["start"] for final in reply.finals]
    assert starts == sorted(starts)
    metadata = reply.messages[-1]
    assert metadata["duration"] == pytest.approx(6.0)
    assert metadata["sha256"] == hashlib.sha256(audio).hexdigest()
    ids = {m["metadata"]["request_id"] for m in reply.messages if m["type"] == "Results"}
    assert ids == {metadata["request_id"]}


@pytest.mark.parametrize("faults", LOSSES, ids=",".join)
async def test_a_turn_outlives_its_stream(faults: tuple[str, ...]):
    async with running_gateway(*faults) as gateway:
        audio = marked_audio(0, 30) + bytes(64000) + marked_audio(30, 20) + bytes(64000)
        reply = await talk(gateway.url, cut(audio, 2560))
    turns = [m for m in reply.messages if m.get("event") == "EndOfTurn"]
    assert [turn["transcript"].split() for turn in turns] == [words(0, 30), words(30, 20)]
    assert [turn["turn_index"] for turn in turns] == [0, 1]
    for turn in turns:
        assert [word["word"] for word in turn["words"]] == turn["transcript"].split()
    assert [m["sequence_id"] for m in reply.messages] == list(range(len(reply.messages)))
    assert len({m["request_id"] for m in reply.messages}) == 1
    kinds = [m["type"] for m in reply.messages]
    assert (kinds[0], kinds.count("Connected"), reply.close_code) == ("Connected", 1, 1005)
    assert [m["event"] for m in reply.messages[1:]].count("StartOfTurn") == 2
    ends = [m["audio_window_end"] for m in reply.messages[1:]]
    assert ends == sorted(ends)


async def test_a_file_needs_nothing_but_a_model():
    async with running_gateway("reset@bytes=64000,streams=1") as gateway:
        async with connect(f"{gateway.url}/v1/listen?model=nova-3") as websocket:
            for piece in cut(wav(marked_audio(0, 40)), 8192):
                await websocket.send(piece)
            await websocket.send(CLOSE_STREAM)
            reply = await hear_out(websocket)
    assert reply.text.split() == words(0, 40)


@pytest.mark.parametrize("encoding", ["mulaw", "alaw", "linear32"])
async def test_other_encodings_go_on_as_they_come(encoding: str):
    from pipecat_sagemaker_deepgram.stt.encoding import encoder

    encode = encoder(encoding)
    assert encode is not None
    async with running_gateway("reset@bytes=30000,streams=1") as gateway:
        address = f"{gateway.url}/v1/listen?encoding={encoding}&sample_rate=16000"
        async with connect(address) as websocket:
            for piece in cut(encode(marked_audio(0, 40)), 640):
                await websocket.send(piece)
            await websocket.send(CLOSE_STREAM)
            reply = await hear_out(websocket)
    assert reply.text.split() == words(0, 40)


async def test_finalize_is_answered_once():
    async with running_gateway("reset@bytes=64000,streams=1") as gateway:
        async with listening(gateway.url) as websocket:
            for piece in cut(marked_audio(0, 15)):
                await websocket.send(piece)
            await websocket.send('{"type":"Finalize"}')
            heard = []
            while not (heard and heard[-1].get("from_finalize")):
                heard.append(json.loads(await websocket.recv()))
            for piece in cut(marked_audio(15, 15)):
                await websocket.send(piece)
            await websocket.send(CLOSE_STREAM)
            rest = await hear_out(websocket)
    finals = [message for message in [*heard, *rest.messages] if message.get("is_final")]
    assert " ".join(map(transcript, finals)).split() == words(0, 30)
    assert sum(message["from_finalize"] for message in finals) == 1


@pytest.mark.parametrize("waits", [True, False])
async def test_a_configured_stream_stays_configured_on_the_next_one(waits: bool):
    heard = []
    async with running_gateway("reset@bytes=64000,streams=1") as gateway:
        async with connect(flux_url(gateway.url)) as websocket:
            await websocket.send('{"type":"Configure","thresholds":{"eot_threshold":0.85}}')
            while waits and not (heard and heard[-1]["type"] == "ConfigureSuccess"):
                heard.append(json.loads(await websocket.recv()))
            for piece in cut(marked_audio(0, 30) + bytes(64000), 2560):
                await websocket.send(piece)
            await websocket.send(CLOSE_STREAM)
            heard += (await hear_out(websocket)).messages
        queries = [stream.query for stream in gateway.emulator.streams]
    (answer,) = [m for m in heard if m["type"] == "ConfigureSuccess"]
    assert answer["thresholds"]["eot_threshold"] == 0.85
    assert ("eot_threshold=0.85" in queries[1]) == waits
    assert [m["sequence_id"] for m in heard] == list(range(len(heard)))


async def test_text_that_is_no_message_is_answered_and_forgiven_on_v1():
    async with running_gateway() as gateway:
        async with listening(gateway.url) as websocket:
            await websocket.send("{")
            assert json.loads(await websocket.recv())["variant"] == "SchemaError"
            await websocket.send('{"type":"Hello"}')
            assert "unknown variant" in json.loads(await websocket.recv())["description"]
            await websocket.send(CLOSE_STREAM)
            assert (await hear_out(websocket)).close_code == 1000


@pytest.mark.parametrize("text", ["{", '{"type":"KeepAlive"}', '{"type":"Configure","x":1}'])
async def test_text_that_is_no_message_ends_a_stream_on_v2(text: str):
    async with running_gateway() as gateway:
        async with connect(flux_url(gateway.url)) as websocket:
            await websocket.send(text)
            reply = await hear_out(websocket)
    assert reply.messages[-1]["code"] == "UNPARSABLE_CLIENT_MESSAGE"
    assert reply.close_code == 1005


async def test_audio_that_cannot_be_decoded_closes_the_stream():
    async with running_gateway() as gateway:
        async with connect(f"{gateway.url}/v1/listen?model=nova-3") as websocket:
            await websocket.send(b"this is not a file of audio")
            reply = await hear_out(websocket)
    assert (reply.close_code, "data0000" in (reply.close_reason or "")) == (1008, True)


async def test_a_silent_client_is_closed():
    async with running_gateway(options={"idle_timeout": 0.2}) as gateway:
        async with listening(gateway.url) as websocket:
            reply = await hear_out(websocket)
    assert (reply.close_code, "net0001" in (reply.close_reason or "")) == (1011, True)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("&bogus=1", 400, "unsupported_parameter"),
        ("&model=flux-general-en", 400, "Bad Request"),
        ("&channels=0", 400, "INVALID_QUERY_PARAMETER"),
        ("&utterance_end_ms=10", 400, "INVALID_QUERY_PARAMETER"),
        ("&callback=http%3A%2F%2Fa.example", 400, "unsupported_parameter"),
    ],
)
async def test_a_query_is_refused_before_the_upgrade(query: str, status: int, code: str):
    async with running_gateway() as gateway:
        with pytest.raises(InvalidStatus) as refused:
            await connect(listen_url(gateway.url, query))
        assert not gateway.emulator.streams
    response = refused.value.response
    body = json.loads(response.body or b"")
    assert (response.status_code, body["err_code"]) == (status, code)
    assert body["request_id"] == response.headers["dg-request-id"]
    assert response.headers["dg-error"]


@pytest.mark.parametrize(
    "query",
    [
        *("v1/listen?model=nova-99", "v1/listen?model=aura-2-thalia-en"),
        "v1/listen?model=flux-general-en",
        *("v2/listen?model=flux-general-xx", "v2/listen?model=nova-3"),
        "v2/listen?model=flux-alexis-en",
        *("v1/speak?model=aura-9-x-en", "v1/speak?model=nova-3", "v1/speak?model=flux-general-en"),
        *("v2/speak?model=flux-xx", "v2/speak?model=flux-general-en", "v2/speak?model=nova-3"),
    ],
)
async def test_a_model_that_a_route_does_not_have_is_refused_as_deepgram_does(query: str):
    async with running_gateway() as gateway:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{gateway.url}/{query}&encoding=linear16&sample_rate=16000")
    body = json.loads(refused.value.response.body or b"")
    assert refused.value.response.status_code == 400
    assert body["err_code"] == "Bad Request"
    assert body["err_msg"] == "Bad Request: No such model/version combination found."


@pytest.mark.parametrize(
    ("fault", "status"),
    [("refuse=429:ThrottlingException", 429), ("refuse=424", 503), ("refuse=403", 503)],
)
async def test_a_stream_that_no_endpoint_takes_is_refused(fault: str, status: int):
    async with running_gateway(
        f"{fault}@connect,streams=every", options={"open_timeout": 1.0}
    ) as gateway:
        with pytest.raises(InvalidStatus) as refused:
            await connect(listen_url(gateway.url))
    response = refused.value.response
    assert response.status_code == status
    assert int(response.headers["Retry-After"]) > 0


def best(message: dict) -> dict:
    return message["channel"]["alternatives"][0]

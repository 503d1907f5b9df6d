# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech through the gateway: all of it once, whatever happens behind it."""

import json

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.container.clients.servers import Server, serving
from tests.container.conversation import submit

AURA = "/v1/speak?model=aura-2-thalia-en&encoding=linear16&sample_rate=24000"
FLUX = "/v2/speak?model=flux-heather-en&encoding=linear16&sample_rate=24000"
TEXT = "abcdefghij"
SECONDS = 0.5
"""How long the text is spoken."""


async def heard(websocket: ClientConnection) -> tuple[list[dict], int, int | None, str | None]:
    """All messages, the bytes of audio, and how the connection was closed."""
    messages, audio = [], 0
    try:
        while True:
            match await websocket.recv():
                case str(text):
                    messages.append(json.loads(text))
                case data:
                    audio += len(data)
    except ConnectionClosed:
        return messages, audio, websocket.close_code, websocket.close_reason


def say(*kinds: str) -> list[str]:
    return [
        json.dumps({"type": kind} | ({"text": TEXT} if kind == "Speak" else {})) for kind in kinds
    ]


@pytest.mark.parametrize("path", [AURA, FLUX])
@pytest.mark.parametrize(
    "breaks", [(), ("reset@events=4,streams=1",), ("drop@events=8,streams=1",)]
)
async def test_all_is_spoken_once(path: str, breaks: tuple[str, ...]):
    async with serving("gateway", faults=breaks) as server:
        async with connect(f"{server.url}{path}") as websocket:
            for message in say("Speak", "Flush", "Speak", "Flush", "Close"):
                await websocket.send(message)
            messages, audio, code, _ = await heard(websocket)
        assert len(server.streams) >= 1 + bool(breaks)
    kinds = [message["type"] for message in messages]
    assert audio == pytest.approx(2 * SECONDS * 48000, abs=960)
    assert code == 1000
    assert kinds.count("Flushed") == 2
    if path == FLUX:
        assert (kinds[0], kinds.count("Connected"), kinds[-1]) == (
            "Connected",
            1,
            "SessionMetadata",
        )
        assert kinds.count("SpeechMetadata") == 2
    else:
        assert (kinds[0], kinds.count("Metadata")) == ("Metadata", 1)
        assert [m["sequence_id"] for m in messages if m["type"] == "Flushed"] == [0, 1]


@pytest.mark.parametrize(
    ("frame", "code", "reason"),
    [
        (b"bytes", 1003, "MESSAGE-0000"),
        ("{", 1003, "MESSAGE-0000"),
        ('{"type":"Shout"}', 1003, "MESSAGE-0000"),
        ('{"type":"Speak"}', 1003, "MESSAGE-0000"),
        (json.dumps({"type": "Speak", "text": "x" * 2001}), 1009, "BIG-0001"),
    ],
)
async def test_what_is_no_message_closes_the_connection(frame: str, code: int, reason: str):
    async with serving("gateway") as server:
        for path in (AURA, FLUX):
            async with connect(f"{server.url}{path}") as websocket:
                await websocket.send(frame)
                messages, _, closed, why = await heard(websocket)
            assert (closed, (why or "")[: len(reason)]) == (code, reason)
            assert ("Error" in [message["type"] for message in messages]) == (path == FLUX)


async def test_a_silent_client_is_closed():
    async with serving("gateway", speech_idle=0.2) as server:
        async with connect(f"{server.url}{AURA}") as websocket:
            _, _, code, reason = await heard(websocket)
    assert (code, reason) == (1011, "NET-0004: No message came within the timeout window")


@pytest.mark.parametrize(
    "path",
    [
        f"{FLUX}&bogus=1",
        "/v2/speak?model=aura-2-thalia-en",
        "/v1/speak?encoding=mp3",
        "/v1/speak?encoding=linear16&sample_rate=0",
        "/v1/speak?encoding=linear16&sample_rate=44100",
        "/v1/speak?encoding=mulaw&sample_rate=24000",
    ],
)
async def test_a_query_is_refused_before_the_upgrade(path: str):
    async with serving("gateway") as server:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{server.url}{path}")
    assert refused.value.response.status_code == 400


async def post(server: Server, path: str, body: bytes, kind: str = "application/json"):
    return await submit(server.url, path, body, headers={"Content-Type": kind})


async def test_a_text_is_spoken_by_request():
    async with serving("gateway") as server:
        for path in (
            "/v1/speak?encoding=linear16",
            "/v2/speak?model=flux-heather-en&encoding=flac",
        ):
            answer = await post(server, path, json.dumps({"text": TEXT}).encode())
            assert (answer.status, answer.headers["dg-request-id"] != "") == (200, True)
            assert answer.headers["Content-Type"] in ("audio/wav", "audio/flac")
            assert answer.body[:4] in (b"RIFF", b"fLaC")
        for body, kind, status in (
            (b"{", "application/json", 400),
            (json.dumps({"text": "x" * 2001}).encode(), "application/json", 413),
            (b"text", "text/plain", 415),
        ):
            assert (await post(server, "/v1/speak", body, kind)).status == status

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One real-time stream, and its result."""

import asyncio
import json
import time
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

FRAME_SECONDS = 0.02
FRAME_BYTES = 640
DRAIN_SECONDS = 10.0
"""How long Deepgram's own test clients wait for the last words."""

_NOVA = (
    "/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000&interim_results=true"
    "&endpointing=300"
)
_FLUX = "/v2/listen?model=flux-general-en&encoding=linear16&sample_rate=16000"


@dataclass
class StreamResult:
    """The result of one stream.

    Attributes:
        text: The words of the finals, or of the turns.
        delays: Seconds from the end of each utterance, as it was sent, to its final.
        interims: Number of interims.
        drain: Seconds from ``CloseStream`` to the end.
        is_complete: Whether the end came in time.
    """

    text: str = ""
    delays: list[float] = field(default_factory=list)
    interims: int = 0
    drain: float = 0.0
    is_complete: bool = False


async def run_stream(url: str, audio: bytes, *, flux: bool, delay: float) -> StreamResult:
    """Send audio in real time, then ``CloseStream``; listen to the end."""
    await asyncio.sleep(delay)
    result = StreamResult()
    async with connect(url + (_FLUX if flux else _NOVA), max_size=None) as websocket:
        began = time.perf_counter()
        hearing = asyncio.create_task(_hear(websocket, result, began, flux=flux))
        for number, at in enumerate(range(0, len(audio), FRAME_BYTES)):
            await asyncio.sleep(max(0.0, began + number * FRAME_SECONDS - time.perf_counter()))
            await websocket.send(audio[at : at + FRAME_BYTES])
        closed = time.perf_counter()
        await websocket.send('{"type":"CloseStream"}')
        done, _ = await asyncio.wait([hearing], timeout=DRAIN_SECONDS)
        result.drain = time.perf_counter() - closed
        result.is_complete = bool(done)
        hearing.cancel()
    return result


async def _hear(
    websocket: ClientConnection, result: StreamResult, began: float, *, flux: bool
) -> None:
    latest = ""
    try:
        while True:
            message = json.loads(await websocket.recv())
            if flux:
                latest = _hear_turn(message, result, began, latest)
            elif message["type"] == "Results":
                _hear_segment(message, result, began)
    except ConnectionClosed:
        result.text = f"{result.text} {latest}"


def _hear_segment(message: dict, result: StreamResult, began: float) -> None:
    alternative = message["channel"]["alternatives"][0]
    if not message["is_final"]:
        result.interims += 1
    elif alternative["words"]:
        result.text += " " + alternative["transcript"]
        result.delays.append(time.perf_counter() - began - alternative["words"][-1]["end"])


def _hear_turn(message: dict, result: StreamResult, began: float, latest: str) -> str:
    """Take note of a message; return the text of the turn that is open."""
    if message["type"] != "TurnInfo":
        return latest
    if message["event"] != "EndOfTurn":
        result.interims += message["event"] == "Update" and message["transcript"] != latest
        return message["transcript"]
    result.text += " " + message["transcript"]
    result.delays.append(time.perf_counter() - began - message["words"][-1]["end"])
    return ""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The workloads: one stream's frames and finals, from call to bytes and from bytes to record.

Usage: python -m benchmarks.instructions.workload NAME TIMES
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from loguru import logger

from benchmarks.access import ENDPOINT_NAME, QUERY, REGION, SECRET_ACCESS_KEY
from benchmarks.marks import FRAME_SECONDS, frame
from benchmarks.server.parts import text_part
from pipecat_sagemaker_deepgram import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client import bidi_client
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity
from pipecat_sagemaker_deepgram.transport.events import EventPublisher, EventReceiver
from pipecat_sagemaker_deepgram.transport.http2 import Http2Stream
from pipecat_sagemaker_deepgram.transport.liveness import Liveness
from pipecat_sagemaker_deepgram.transport.signing import EventSigner
from pipecat_sagemaker_deepgram.transport.stream import SageMakerStream

FRAMES_HEARD_AT_ONCE = 50
"""Frames after which the container reports how far it has listened."""

FINAL_SECONDS = 0.01
WORDS = 10

logger.remove()


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose time the workload sets."""

    now = 0.0

    def time(self) -> float:
        return self.now


class _Socket:
    """The peer's end: takes bytes, and returns those of its own ``h2`` connection."""

    def __init__(self) -> None:
        self.taken = 0
        self.peer = H2Connection(H2Configuration(client_side=False, header_encoding=None))

    def write(self, data: bytes) -> None:
        self.taken += len(data)

    def is_closing(self) -> bool:
        return False

    def abort(self) -> None:
        """Check that no stream was lost: the count would be wrong."""
        print("the stream was dropped", file=sys.stderr, flush=True)
        os._exit(1)


async def _open_stream(loop: _Loop) -> tuple[Http2Stream, SageMakerStream]:
    http2 = Http2Stream(send_timeout=3.0, liveness=Liveness(now=loop.time()))
    socket = _Socket()
    socket.write = socket.peer.receive_data  # type: ignore[method-assign]
    socket.peer.initiate_connection()
    http2.connection_made(socket)  # type: ignore[arg-type]
    http2.data_received(socket.peer.data_to_send())
    http2.send_request(
        [(":method", "POST"), (":scheme", "https"), (":authority", "a"), (":path", "/")]
    )
    socket.peer.send_headers(1, [(":status", "200")])
    socket.peer.increment_flow_control_window(2**30 - 1)
    socket.peer.increment_flow_control_window(2**30 - 1, stream_id=1)
    http2.data_received(socket.peer.data_to_send())
    await http2.response()
    del socket.write
    signer = EventSigner(
        secret_access_key=SECRET_ACCESS_KEY, region=REGION, seed_signature="0" * 64
    )
    exchange = SimpleNamespace(
        publisher=EventPublisher(http2, signer),
        receiver=EventReceiver(http2),
        identity=StreamIdentity(endpoint_name=ENDPOINT_NAME, region=REGION, url="https://a"),
    )
    return http2, SageMakerStream(http2, exchange)  # type: ignore[arg-type]


class Steady:
    """A session whose only stream is open.

    Args:
        loop: Runs it.
    """

    def __init__(self, loop: _Loop) -> None:
        self._loop = loop
        self._http2: Http2Stream | None = None
        self.client: Any = None

    async def start(self) -> None:
        """Open the stream."""
        outer = self

        class Connector(bidi_client.Connector):
            @asynccontextmanager
            async def open(self, *_: Any, **__: Any) -> AsyncIterator[SageMakerStream]:
                outer._http2, stream = await _open_stream(outer._loop)
                yield stream

        bidi_client.Connector = Connector  # type: ignore[misc]
        self.client = SageMakerBidiClient(
            endpoint_name=ENDPOINT_NAME,
            region=REGION,
            protocol=nova_protocol(
                query=lambda: QUERY,
                bytes_per_second=lambda: 32_000,
                frame_size=2,
                has_interims=lambda: True,
            ),
        )
        await self.client.start_session()

    async def say(self, frames: list[bytes], reports: list[bytes]) -> None:
        """Send frames in real time; now and then the container reports how far it is."""
        for number, each in enumerate(frames):
            self._loop.now += FRAME_SECONDS
            await self.client.send_audio_chunk(each)
            await asyncio.sleep(0)
            if number % FRAMES_HEARD_AT_ONCE == FRAMES_HEARD_AT_ONCE - 1:
                await self.hear(reports[number // FRAMES_HEARD_AT_ONCE])

    async def hear(self, received: bytes) -> None:
        """Receive bytes from the socket, and the record that they make."""
        assert self._http2 is not None
        self._http2.data_received(received)
        while type(await self.client.receive_record()).__name__ != "Message":
            pass


def message(start: float, duration: float, words: int, *, is_final: bool = True) -> bytes:
    """A final, or an interim, as Deepgram Nova writes it."""
    step = duration / max(words, 1)
    said = [f"word{number}" for number in range(words)]
    return json.dumps(
        {
            "type": "Results",
            "channel_index": [0, 1],
            "duration": round(duration, 4),
            "start": round(start, 4),
            "is_final": is_final,
            "speech_final": False,
            "channel": {
                "alternatives": [
                    {
                        "transcript": " ".join(said),
                        "confidence": 0.99,
                        "words": [
                            {
                                "word": word,
                                "start": round(start + number * step, 4),
                                "end": round(start + (number + 1) * step, 4),
                                "confidence": 0.99,
                                "punctuated_word": word,
                            }
                            for number, word in enumerate(said)
                        ],
                    }
                ]
            },
            "metadata": {
                "request_id": "bench",
                "model_info": {"name": "general-nova-3", "version": "2026-01-01.0", "arch": "n"},
                "model_uuid": "bench",
            },
            "from_finalize": False,
        },
        separators=(",", ":"),
    ).encode()


def data_frame(payload: bytes) -> bytes:
    """The DATA frame that brings a message."""
    event = text_part(payload)
    return len(event).to_bytes(3, "big") + b"\0\0" + (1).to_bytes(4, "big") + event


def count_frames(times: int, most: int) -> None:
    """From a 20 ms frame to the signed bytes that are written."""
    frames = [frame(1, number) for number in range(most)]
    reports = [
        data_frame(message(second, 1.0, 0)) for second in range(most // FRAMES_HEARD_AT_ONCE)
    ]

    async def work(steady: Steady) -> None:
        await steady.say(frames[:times], reports)

    _run(work)


def count_finals(times: int, most: int) -> None:
    """From the bytes of a final of ten words to its record."""
    seconds = most * FINAL_SECONDS
    audio = [frame(1, number) for number in range(int(seconds / FRAME_SECONDS))]
    reports = [
        data_frame(message(0.0, second + 1.0, 1, is_final=False)) for second in range(len(audio))
    ]
    finals = [
        data_frame(message(number * FINAL_SECONDS, FINAL_SECONDS, WORDS)) for number in range(most)
    ]

    async def work(steady: Steady) -> None:
        await steady.say(audio, reports)
        for each in finals[:times]:
            await steady.hear(each)

    _run(work)


def count_json(times: int, most: int) -> None:
    """The same final, read by ``json.loads`` alone."""
    finals = [message(number * FINAL_SECONDS, FINAL_SECONDS, WORDS) for number in range(most)]
    for each in finals[:times]:
        json.loads(each)


WORKLOADS: dict[str, Callable[[int, int], None]] = {
    "frame": count_frames,
    "final": count_finals,
    "json.loads": count_json,
}


def _run(work: Callable[[Steady], Any]) -> None:
    loop = _Loop()

    async def main() -> None:
        steady = Steady(loop)
        await steady.start()
        await work(steady)

    loop.run_until_complete(main())
    # The cost of ending is not counted.
    os._exit(0)


if __name__ == "__main__":
    WORKLOADS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))

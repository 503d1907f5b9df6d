# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Every scripted fault, seen on the wire by a client that hides nothing."""

import asyncio
import json

import pytest
from botocore.eventstream import ChecksumMismatch, EventStreamBuffer
from h2.errors import ErrorCodes
from websockets.asyncio.server import ServerConnection

from pipecat_sagemaker_deepgram.emulator import (
    EmulatorSettings,
    FaultScript,
    parse_fault,
)

from ..bare_client import BareClient, BareStream
from ..conftest import EmulatorFactory


def script(*lines: str) -> FaultScript:
    return FaultScript(parse_fault(line) for line in lines)


async def echo_once(stream: BareStream, text: str = "hello") -> bytes:
    await stream.send_text(text)
    return (await stream.event()).payload


async def test_reset_after_so_many_audio_bytes(emulator_for: EmulatorFactory):
    """RST_STREAM comes as soon as the audio is in, not before."""
    async with (
        emulator_for(faults=script("reset=CANCEL@bytes=6400")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_part(b"a" * 3200)
        assert (await stream.event()).payload == b"a" * 3200
        await stream.send_part(b"b" * 3200)
        assert await stream.next() == ("reset", ErrorCodes.CANCEL)
        assert emulator.streams[0].ended == "fault: reset=CANCEL"
        assert emulator.streams[0].audio_bytes_in == 6400


async def test_drop_resets_the_tcp_connection(emulator_for: EmulatorFactory):
    """The peer vanishes without END_STREAM, RST_STREAM or a TLS close."""
    async with (
        emulator_for(faults=script("drop@events=1")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_text("hello")
        while (item := await stream.next())[0] == "data":
            pass
        assert item[0] == "closed"
        assert isinstance(item[1], ConnectionResetError)


async def test_graceful_goaway_lets_the_stream_go_on(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("goaway@control=Finalize")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_text('{"type": "Finalize"}')
        assert await stream.next() == ("goaway", stream.id, ErrorCodes.NO_ERROR)
        item = await stream.next()
        assert item[0] == "data"
        assert b"Finalize" in item[1]
        assert emulator.streams[0].ended is None


async def test_goaway_with_an_error_closes_the_connection(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("goaway=INTERNAL_ERROR")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        assert await stream.next() == ("goaway", stream.id, ErrorCodes.INTERNAL_ERROR)
        assert (await stream.next())[0] == "closed"


async def test_end_that_nobody_asked_for(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("end@bytes=1")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_part(b"audio")
        assert await stream.next() == ("end",)


@pytest.mark.parametrize(
    ("fault", "headers", "body"),
    [
        (
            "model-stream-error=1011:it broke",
            {":message-type": "exception", ":exception-type": "ModelStreamError"},
            {"Message": "it broke", "ErrorCode": "1011"},
        ),
        (
            "internal-stream-failure=oh",
            {":message-type": "exception", ":exception-type": "InternalStreamFailure"},
            {"Message": "oh"},
        ),
        (
            "error=Odd:very odd",
            {":message-type": "error", ":error-code": "Odd", ":error-message": "very odd"},
            None,
        ),
    ],
)
async def test_error_events_are_followed_by_the_end(
    emulator_for: EmulatorFactory, fault: str, headers: dict[str, str], body: dict[str, str] | None
):
    async with (
        emulator_for(faults=script(fault)) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        event = await stream.event()
        assert headers.items() <= event.headers.items()
        assert event.payload == b"" if body is None else event.json == body
        assert await stream.next() == ("end",)


async def test_bad_checksum_on_one_event_only(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("bad-checksum@events=1")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        assert await echo_once(stream) == b"hello"
        await stream.send_text("again")
        with pytest.raises(ChecksumMismatch):
            await stream.event()
        stream.buffer = EventStreamBuffer()
        assert await echo_once(stream, "third") == b"third"


@pytest.mark.parametrize(("fault", "last"), [("cut", "end"), ("cut=drop", "closed")])
async def test_an_event_is_cut_in_half(emulator_for: EmulatorFactory, fault: str, last: str):
    async with (
        emulator_for(faults=script(f"{fault}@events=1")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_text("hello")
        whole = await stream.next()
        await stream.send_text("world")
        half = await stream.next()
        assert len(half[1]) == len(whole[1]) // 2
        assert (await stream.next())[0] == last


async def test_silence_keeps_the_stream_open(emulator_for: EmulatorFactory):
    """Nothing comes any more, not even the end, and input is still taken."""
    settings = EmulatorSettings(time_scale=100)
    async with (
        emulator_for(faults=script("silence@events=1"), settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        assert await echo_once(stream) == b"hello"
        await stream.send_text("unheard")
        await stream.send_end()
        emulator.faults.add(parse_fault("text=probe@seconds=20"))
        assert (await stream.event()).payload == b"probe"
        assert emulator.streams[0].ended is None
        assert emulator.streams[0].events_in == 2


async def test_stop_reading_starves_the_window(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("stop-reading@bytes=1")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_part(b"first")
        await stream.event()
        blocked = asyncio.create_task(_send_for_ever(stream))
        done, _ = await asyncio.wait({blocked}, timeout=0.3)
        assert not done
        assert client.h2.local_flow_control_window(stream.id) < 16_000
        blocked.cancel()
        await asyncio.wait({blocked})


async def _send_for_ever(stream: BareStream) -> None:
    while True:
        await stream.send_part(b"x" * 3200)


async def test_text_is_injected_as_from_the_container(emulator_for: EmulatorFactory):
    payload = '{"type": "Error", "description": "a, b @ c: 100%25"}'
    async with (
        emulator_for(faults=script(f"text={payload}@seconds=0")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        event = await (await client.opened()).event()
        assert event.json["description"] == "a, b @ c: 100%"
        assert event.headers["DataType"] == "UTF8"
        assert event.headers["CompletionState"] == "COMPLETE"


async def test_fragments_join_to_the_message(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("fragment=4")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_text("naïve café")
        events = [await stream.event() for _ in range(3)]
        states = [event.headers["CompletionState"] for event in events]
        assert states == ["PARTIAL", "PARTIAL", "COMPLETE"]
        assert "".join(event.payload.decode() for event in events) == "naïve café"
        assert emulator.streams[0].events_out == 3


async def test_fragments_can_cut_characters(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("fragment=100:inside-characters")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        await stream.send_text("naïve")
        first, second = await stream.event(), await stream.event()
        assert first.payload.endswith(b"\xc3")
        assert (first.payload + second.payload).decode() == "naïve"


async def test_unknown_event_type(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("unknown-event")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        assert (await stream.event()).headers[":event-type"] == "FuturePart"
        assert await echo_once(stream) == b"hello"


async def test_malformed_json_and_binary(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("malformed", "malformed=binary")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        text, binary = await stream.event(), await stream.event()
        assert text.headers["DataType"] == "UTF8"
        with pytest.raises(json.JSONDecodeError):
            text.json  # noqa: B018
        assert binary.headers["DataType"] == "BINARY"


async def test_big_message(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("big")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        event = await (await client.opened()).event()
        assert len(event.payload) == 1024 * 1024
        assert event.json["type"] == "Padding"


async def test_delay_keeps_the_order_and_delays_the_end(emulator_for: EmulatorFactory):
    async def count(websocket: ServerConnection) -> None:
        for text in ("1", "2", "3"):
            await websocket.send(text)

    settings = EmulatorSettings(time_scale=100)
    async with (
        emulator_for(count, faults=script("delay=20"), settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        begun = asyncio.get_running_loop().time()
        stream = await client.opened()
        assert [(await stream.event()).payload for _ in range(3)] == [b"1", b"2", b"3"]
        assert asyncio.get_running_loop().time() - begun >= 0.2
        assert await stream.next() == ("end",)


async def test_seconds_are_counted_from_the_200(emulator_for: EmulatorFactory):
    settings = EmulatorSettings(time_scale=100)
    async with (
        emulator_for(faults=script("end@seconds=10"), settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        begun = asyncio.get_running_loop().time()
        stream = await client.opened()
        assert await stream.next() == ("end",)
        assert asyncio.get_running_loop().time() - begun >= 0.1


async def test_a_fault_is_played_once_on_each_of_its_streams(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("end,streams=2-3")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        streams = [await client.opened() for _ in range(4)]
        assert await streams[1].next() == ("end",)
        assert await streams[2].next() == ("end",)
        assert await echo_once(streams[0]) == b"hello"
        assert await echo_once(streams[3]) == b"hello"


async def test_faults_reach_open_streams_when_added_later(emulator_for: EmulatorFactory):
    async with emulator_for() as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        emulator.faults.add(parse_fault("reset,streams=current"))
        assert (await stream.next())[0] == "reset"
        other = await client.opened()
        assert await echo_once(other) == b"hello"

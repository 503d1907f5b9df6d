# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""One stream end to end: parts and frames, ends and closes, and who waits for whom."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from loguru import logger
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from pipecat_sagemaker_deepgram.emulator import EmulatorSettings, SageMakerEmulator, parse_fault
from pipecat_sagemaker_deepgram.emulator.stream.request import DEFAULT_PATH

from ...skipping_loop import skipping_waits
from ..bare_client import TIMEOUT, BareClient, BareStream, frame, string_headers
from ..conftest import EmulatorFactory, raw_container


class Recorder:
    """A container that notes every fragment, and how it was closed."""

    def __init__(self) -> None:
        self.messages: list[list[bytes | str]] = []
        self.opened = asyncio.Event()
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self.request_path = ""

    async def __call__(self, websocket: ServerConnection) -> None:
        assert websocket.request is not None
        self.request_path = websocket.request.path
        self.opened.set()
        try:
            while True:
                fragments = [each async for each in websocket.recv_streaming(decode=None)]
                self.messages.append(fragments)
                await websocket.send("noted")
        except ConnectionClosed as closed:
            if closed.rcvd is not None:
                self.closed.set_result((closed.rcvd.code, closed.rcvd.reason))


# The happy path


async def test_the_200_comes_at_once_with_its_headers(client: BareClient):
    """It does not wait for the first event."""
    status, headers = await client.open(target_variant="blue").response()
    assert status == 200
    assert headers["content-type"] == "application/vnd.amazon.eventstream"
    assert headers["x-amzn-invoked-production-variant"] == "blue"
    assert len(headers["x-amzn-requestid"]) == 36
    _, headers = await client.open().response()
    assert headers["x-amzn-invoked-production-variant"] == "AllTraffic"


async def test_the_container_sees_path_and_query(emulator_for: EmulatorFactory):
    recorder = Recorder()
    async with emulator_for(recorder) as emulator, BareClient.connect(emulator) as client:
        await client.opened(
            model_invocation_path="v2/listen",
            model_query_string="model=flux&keyterm=a%20b",
        )
        assert recorder.request_path == "/v2/listen?model=flux&keyterm=a%20b"
        await client.opened()
        assert recorder.request_path == "/invocations-bidirectional-stream"


async def test_data_types_keep_their_opcodes_both_ways(client: BareClient):
    stream = await client.opened()
    for data_type, expected in (("UTF8", "UTF8"), ("BINARY", "BINARY"), (None, "BINARY")):
        await stream.send_part(b"payload", data_type)
        event = await stream.event()
        assert event.headers["DataType"] == expected
        assert event.headers["CompletionState"] == "COMPLETE"
        assert event.payload == b"payload"


async def test_events_before_the_200_are_not_lost(emulator_for: EmulatorFactory):
    settings = EmulatorSettings(time_scale=100)
    async with emulator_for(settings=settings) as emulator, BareClient.connect(emulator) as client:
        emulator.faults.add(parse_fault("late=10"))
        stream = client.open()
        await stream.send_text("early")
        assert (await stream.response())[0] == 200
        assert (await stream.event()).payload == b"early"


async def test_an_end_before_the_200_ends_the_stream(client: BareClient):
    stream = client.open()
    await stream.send_end()
    stream.end_stream()
    assert (await stream.response())[0] == 200
    assert await stream.next() == ("end",)


async def test_the_record_shows_what_happened(client: BareClient, emulator: SageMakerEmulator):
    stream = client.open("ep-7", target_variant="blue")
    _, headers = await stream.response()
    await stream.send_part(b"x" * 100)
    await stream.send_text("hello")
    await stream.event()
    await stream.event()
    assert emulator.streams == [
        replace(
            emulator.streams[0],
            number=1,
            connection=1,
            endpoint_name="ep-7",
            path="invocations-bidirectional-stream",
            query="",
            variant="blue",
            request_id=headers["x-amzn-requestid"],
            audio_bytes_in=100,
            events_in=2,
            events_out=2,
            status=200,
            ended=None,
        )
    ]


# Fragments


async def test_partial_parts_are_fragments_for_the_container(emulator_for: EmulatorFactory):
    """Also where a text is cut inside a character."""
    recorder = Recorder()
    async with emulator_for(recorder) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        await stream.send_part(b"caf\xc3", "UTF8", "PARTIAL")
        await stream.send_part(b"\xa9 ", "UTF8", "PARTIAL")
        await stream.send_part(b"ole", "UTF8", "COMPLETE")
        await stream.event()
        await stream.send_part(b"\x00", "BINARY", "PARTIAL")
        await stream.send_part(b"\x01", "BINARY")
        await stream.event()
        text, binary = recorder.messages
        assert "".join(str(each) for each in text) == "café ole"
        assert len(text) == 3
        assert binary == [b"\x00", b"\x01"]


async def test_fragments_of_the_container_are_partial_parts(emulator_for: EmulatorFactory):
    async def speak(websocket: ServerConnection) -> None:
        async with websocket.send_context():
            websocket.protocol.send_text(b"caf\xc3", fin=False)
            websocket.protocol.send_continuation(b"\xa9", fin=False)
            websocket.protocol.send_continuation(b"", fin=True)
        await websocket.send([b"\x00", b"\x01"])

    async with emulator_for(speak) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        events = [await stream.event() for _ in range(6)]
        assert [
            (e.payload, e.headers["DataType"], e.headers["CompletionState"]) for e in events
        ] == [
            (b"caf\xc3", "UTF8", "PARTIAL"),
            (b"\xa9", "UTF8", "PARTIAL"),
            (b"", "UTF8", "COMPLETE"),
            (b"\x00", "BINARY", "PARTIAL"),
            (b"\x01", "BINARY", "PARTIAL"),
            (b"", "BINARY", "COMPLETE"),
        ]


# The end of the input


@pytest.mark.parametrize("way", ["empty event", "END_STREAM", "both"])
async def test_the_end_of_the_input_closes_the_websocket(emulator_for: EmulatorFactory, way: str):
    recorder = Recorder()
    async with emulator_for(recorder) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        await stream.send_text("last")
        await stream.event()
        if way != "END_STREAM":
            await stream.send_end()
        if way != "empty event":
            stream.end_stream()
        async with asyncio.timeout(TIMEOUT):
            assert await recorder.closed == (1000, "")
        assert await stream.next() == ("end",)
        assert emulator.streams[0].ended == "container closed: 1000"
        assert recorder.messages == [["last"]]


async def test_a_client_that_resets_closes_the_websocket(emulator_for: EmulatorFactory):
    recorder = Recorder()
    async with emulator_for(recorder) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        stream.reset()
        async with asyncio.timeout(TIMEOUT):
            assert (await recorder.closed)[0] == 1001
        assert emulator.streams[0].ended == "reset by the client: CANCEL"


async def test_a_client_that_vanishes_closes_the_websocket(emulator_for: EmulatorFactory):
    recorder = Recorder()
    async with emulator_for(recorder) as emulator:
        async with BareClient.connect(emulator) as client:
            await client.opened()
        async with asyncio.timeout(TIMEOUT):
            assert (await recorder.closed)[0] == 1001
        assert emulator.streams[0].ended == "connection lost: by the client"


# Broken input


async def breaks_with(stream: BareStream, data: bytes) -> tuple[str, str]:
    await stream.send(data)
    event = await stream.event()
    assert event.headers[":message-type"] == "error"
    assert await stream.next() == ("end",)
    return event.headers[":error-code"], event.headers[":error-message"]


async def test_a_tampered_event_breaks_the_stream(client: BareClient, emulator: SageMakerEmulator):
    """The checksums are right, the signature is not."""
    stream = await client.opened()
    await stream.send_text("fine")
    await stream.event()
    signed = stream.signed_part(b"audio")
    inner = signed[12 + 67 : -4].replace(b"audio", b"other")
    # The checksum of the inner message is wrong too, but the signature is looked at first.
    code, message = await breaks_with(stream, frame(signed[12 : 12 + 67], inner))
    assert code == "InvalidSignatureException"
    assert "signature" in message
    assert emulator.streams[0].ended == f"invalid input: {message}"
    assert emulator.streams[0].events_in == 1


async def test_a_skipped_event_breaks_the_chain(client: BareClient):
    stream = await client.opened()
    stream.signed_part(b"never sent")
    code, _ = await breaks_with(stream, stream.signed_part(b"sent"))
    assert code == "InvalidSignatureException"


async def test_an_unsigned_event_breaks_the_stream(client: BareClient):
    stream = await client.opened()
    headers = string_headers({":message-type": "event", ":event-type": "PayloadPart"})
    code, _ = await breaks_with(stream, frame(headers, b"audio"))
    assert code == "InvalidSignatureException"


async def test_a_member_outside_the_model_breaks_the_stream(client: BareClient):
    stream = await client.opened()
    code, message = await breaks_with(stream, stream.signed_part(b"x", "TEXT"))
    assert code == "ValidationException"
    assert "TEXT" in message


async def test_an_end_inside_an_event_breaks_the_stream(client: BareClient):
    stream = await client.opened()
    await stream.send(stream.signed_part(b"audio")[:-1])
    stream.end_stream()
    assert "inside an event" in (await stream.event()).headers[":error-message"]


# The container's close


@pytest.mark.parametrize(
    ("code", "clean_codes", "is_clean"),
    [
        (1000, None, True),
        (1001, None, False),
        (1011, None, False),
        (4000, None, False),
        (1000, (), False),
        (4000, range(1000, 5000), True),
    ],
)
async def test_the_containers_close_ends_the_stream(
    emulator_for: EmulatorFactory, code: int, clean_codes: range | None, is_clean: bool
):
    async def leave(websocket: ServerConnection) -> None:
        await websocket.send("last words")
        await websocket.close(code, "that is why")

    defaults = EmulatorSettings()
    settings = defaults if clean_codes is None else replace(defaults, clean_close_codes=clean_codes)
    async with (
        emulator_for(leave, settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        assert (await stream.event()).payload == b"last words"
        if not is_clean:
            event = await stream.event()
            assert event.headers[":exception-type"] == "ModelStreamError"
            assert event.json == {"Message": "that is why", "ErrorCode": str(code)}
        assert await stream.next() == ("end",)
        assert emulator.streams[0].ended == f"container closed: {code}"


async def test_a_container_that_drops_the_connection_is_an_error(emulator_for: EmulatorFactory):
    async def vanish(websocket: ServerConnection) -> None:
        websocket.transport.abort()

    async with emulator_for(vanish) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        assert (await stream.event()).json["ErrorCode"] == "1006"
        assert await stream.next() == ("end",)


async def test_a_container_that_refuses_is_424(emulator_for: EmulatorFactory):
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with (
        raw_container(hang_up) as url,
        SageMakerEmulator(url) as emulator,
        BareClient.connect(emulator) as client,
    ):
        status, code, body = await client.open().error()
    assert (status, code, body["OriginalStatusCode"]) == (424, "ModelError", 424)
    beginning = (
        "Received server error (424) from primary with message "
        '"Failed to establish WebSocket connection". See https://us-east-1.console.aws.amazon.com/'
    )
    assert body["Message"].startswith(beginning)
    assert body["LogStreamArn"].startswith("arn:aws:logs:us-east-1:000000000000:log-group:")


@pytest.fixture
def warnings_logged() -> Iterator[list[str]]:
    """What is logged at WARNING."""
    logged: list[str] = []
    handler = logger.add(lambda message: logged.append(message.record["message"]), level="WARNING")
    yield logged
    logger.remove(handler)


async def test_the_containers_reason_of_a_424_is_for_the_local_user_only(
    warnings_logged: list[str],
):
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        reason = b'{"err_msg": "unsupported_parameter: bogus", "id": "%s"}' % str(uuid4()).encode()
        writer.write(b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n" % len(reason) + reason)
        writer.close()

    async with (
        raw_container(refuse) as url,
        SageMakerEmulator(url) as emulator,
        BareClient.connect(emulator) as client,
    ):
        _, _, body = await client.open().error()
        await client.open().error()
        records = emulator.streams
    assert "bogus" not in str(body)
    why = f'{url}/{DEFAULT_PATH}: the container answered 400: {{"err_msg": "unsupported_parameter'
    assert [(each.container_reason or "").startswith(why) for each in records] == [True, True]
    (warning,) = warnings_logged
    assert warning.startswith(f"Emulator: a stream is refused with 424, because {why}")


@pytest.mark.parametrize(("limit", "count"), [(0.0, 1), (None, 0), (60.0, 0)])
async def test_a_container_slower_than_aws_allows_is_reported_once(
    emulator_for: EmulatorFactory,
    warnings_logged: list[str],
    limit: float | None,
    count: int,
):
    settings = EmulatorSettings(slow_open_warning=limit)
    async with emulator_for(settings=settings) as emulator, BareClient.connect(emulator) as client:
        await client.opened()
        await client.opened()
    found = [line for line in warnings_logged if "ms to accept a WebSocket" in line]
    assert len(found) == count


def test_what_aws_allows_is_the_default():
    assert EmulatorSettings().slow_open_warning == 0.25


async def test_no_container_at_all_is_424():
    async with (
        SageMakerEmulator("ws://127.0.0.1:1") as emulator,
        BareClient.connect(emulator) as client,
    ):
        assert (await client.open().error())[0] == 424


async def test_a_container_that_does_not_answer_in_time_is_424():
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await reader.read()

    settings = EmulatorSettings(container_open_timeout=0.1)
    async with (
        raw_container(mute) as url,
        SageMakerEmulator(url, settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        assert (await client.open().error())[0] == 424


async def test_a_container_that_breaks_the_protocol_ends_the_stream(emulator_for: EmulatorFactory):
    async def babble(websocket: ServerConnection) -> None:
        websocket.transport.write(b"\xff\xff\xff\xff")
        await websocket.wait_closed()

    async with emulator_for(babble) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        assert (await stream.event()).json["ErrorCode"] == "1002"


# Back-pressure


async def fill(stream: BareStream, limit: int) -> int:
    """Sends parts until the window stays shut; returns how many went."""
    for sent in range(limit):
        try:
            async with asyncio.timeout(0.3):
                await stream.send_part(b"x" * 100_000)
        except TimeoutError:
            return sent
    return limit


@skipping_waits
async def test_a_slow_client_stops_the_container(emulator_for: EmulatorFactory):
    """What the emulator keeps is bounded, and nothing is lost once the client reads again."""
    size, count = 50_000, 400
    sent = 0

    async def flood(websocket: ServerConnection) -> None:
        nonlocal sent
        for number in range(count):
            await websocket.send(number.to_bytes(4) + b"x" * size)
            sent += 1

    settings = EmulatorSettings(max_output_buffer=100_000)
    async with (
        emulator_for(flood, settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        client.acknowledges = False
        stream = await client.opened()
        await asyncio.sleep(10)
        assert 0 < sent < count
        record = emulator.streams[0]
        assert record.events_out * size < 1_000_000
        client.acknowledges = True
        client.acknowledge(stream)
        for number in range(count):
            assert (await stream.event()).payload[:4] == number.to_bytes(4)


async def test_a_slow_container_stops_the_client(emulator_for: EmulatorFactory):
    """The client's window stays shut until the container reads again, and nothing is lost."""
    may_read = asyncio.Event()
    received = 0

    async def sleep_first(websocket: ServerConnection) -> None:
        nonlocal received
        websocket.transport.pause_reading()
        await may_read.wait()
        websocket.transport.resume_reading()
        async for message in websocket:
            received += len(message)

    async with emulator_for(sleep_first) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        assert 0 < await fill(stream, 400) < 400
        assert client.h2.local_flow_control_window(stream.id) < 16_000
        may_read.set()
        await client.wait_for_room(stream.id, 60_000)


async def test_streams_of_one_connection_do_not_stop_each_other(emulator_for: EmulatorFactory):
    may_leave = asyncio.Event()

    async def selective(websocket: ServerConnection) -> None:
        assert websocket.request is not None
        if "stuck" in websocket.request.path:
            websocket.transport.pause_reading()
            await may_leave.wait()
            websocket.transport.abort()
        async for message in websocket:
            await websocket.send(message)

    async with emulator_for(selective) as emulator, BareClient.connect(emulator) as client:
        stuck = await client.opened(model_invocation_path="stuck")
        free = await client.opened(model_invocation_path="free")
        assert await fill(stuck, 400) < 400
        for _ in range(40):
            await free.send_text("hello" * 1000)
            await free.event()
        may_leave.set()


async def test_many_streams_share_a_connection(client: BareClient):
    streams = [client.open() for _ in range(50)]
    for stream in streams:
        assert (await stream.response())[0] == 200
    for number, stream in enumerate(streams):
        await stream.send_text(str(number))
    for number, stream in enumerate(streams):
        assert (await stream.event()).payload == str(number).encode()

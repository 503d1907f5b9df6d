# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The client's public methods, on real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    Message,
    RetryPolicy,
    SageMakerBidiClient,
    Target,
)
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.driver import WRITE_PAUSE
from pipecat_sagemaker_deepgram.exceptions import (
    ClosedError,
    ConfigurationError,
    ModelUnavailableError,
    RejectedError,
    StreamResetError,
)

from ..local_path import LocalPath, credentials_of
from ..skipping_loop import skipping_waits
from .echo_path import (
    DEADLINE,
    REPLAYING,
    Events,
    client_of,
    echo_path,
    receive,
    receive_bytes,
    until,
)

NO_RETRIES = RetryPolicy(max_retries=0)


@pytest.fixture
async def path() -> AsyncIterator[LocalPath]:
    async with echo_path() as running:
        yield running


@pytest.fixture
async def client(path: LocalPath) -> AsyncIterator[SageMakerBidiClient]:
    async with client_of(path) as open_client:
        yield open_client


# Sending and receiving


async def test_text_comes_back_as_text(client: SageMakerBidiClient) -> None:
    await client.send_text("grüße")
    assert await receive(client) == "grüße"


async def test_audio_comes_back_as_bytes(client: SageMakerBidiClient) -> None:
    await client.send_audio_chunk(b"\x00\xff\xfe\x01")
    assert await receive(client) == b"\x00\xff\xfe\x01"


async def test_a_value_is_sent_as_json(client: SageMakerBidiClient) -> None:
    await client.send_json({"type": "KeepAlive", "n": [1, None]})
    message = await receive(client)
    assert isinstance(message, str)
    assert json.loads(message) == {"type": "KeepAlive", "n": [1, None]}


@pytest.mark.parametrize(
    ("data_type", "expected"),
    [("BINARY", b"raw"), ("UTF8", "raw"), (None, b"raw")],
    ids=["binary", "text", "untold"],
)
async def test_data_is_sent_as_its_type_says(
    client: SageMakerBidiClient, data_type: str | None, expected: str | bytes
) -> None:
    await client.send_data(b"raw", data_type)
    assert await receive(client) == expected


async def test_data_is_binary_by_default_and_need_not_be_text(client: SageMakerBidiClient) -> None:
    await client.send_data(b"\xff\xfe")
    assert await receive(client) == b"\xff\xfe"


async def test_what_is_sent_keeps_its_order(client: SageMakerBidiClient) -> None:
    for index in range(10):
        await client.send_text(str(index))
        await client.send_audio_chunk(bytes([index, index]))
    received = [await receive(client) for _ in range(20)]
    assert received == [x for i in range(10) for x in (str(i), bytes([i, i]))]


async def test_what_was_sent_before_the_first_stream_is_up_comes_back(path: LocalPath) -> None:
    client = client_of(path)
    await client.send_text("early")
    await client.send_audio_chunk(b"bird")
    client.connect()
    assert [await receive(client), await receive(client)] == ["early", b"bird"]
    await client.close_session()


async def test_a_message_comes_with_what_is_known_of_it(client: SageMakerBidiClient) -> None:
    await client.send_audio_chunk(b"ab")
    async with asyncio.timeout(DEADLINE):
        message = await client.receive_message()
    assert isinstance(message, Message)
    assert (message.data, message.value, message.stream) == (b"ab", b"ab", 1)
    assert message.timeline.to_session(0.0) == 0.0


async def test_messages_and_events_come_in_the_order_in_which_they_happened(
    path: LocalPath,
) -> None:
    client = client_of(path)
    await client.start_session()
    await client.send_text("a")
    names = []
    async for record in client.records():
        if not isinstance(record, Message):
            names.append(type(record).__name__)
            continue
        names.append(str(record.data))
        if record.data == "a":
            await client.send_text("b", kind="b")
        else:
            await client.close_session()
    assert names == ["Connecting", "Connected", "a", "ControlSent", "b", "Closed"]
    assert await client.receive_record() is None


async def test_a_client_can_be_iterated_until_its_end(path: LocalPath) -> None:
    client = client_of(path)
    await client.start_session()
    received = []

    async def listen() -> None:
        async for message in client:
            received.append(message)

    listening = asyncio.create_task(listen())
    for text in ("a", "b", "c"):
        await client.send_text(text)
    await until(lambda: len(received) == 3)
    await client.close_session()
    await listening
    assert received == ["a", "b", "c"]


async def test_what_came_before_the_end_can_be_received_after_it(path: LocalPath) -> None:
    client = client_of(path)
    await client.start_session()
    await client.send_text("last")
    await until(lambda: client.stats.messages_received)
    await client.close_session()
    assert [await receive(client) for _ in range(3)] == ["last", None, None]


# Where to


async def test_the_request_says_what_was_asked_for() -> None:
    async with echo_path() as path:
        client = client_of(
            path,
            endpoint_name="my-endpoint",
            target_variant="Blue",
            model_invocation_path="invocations-bidirectional-stream",
            model_query_string="a=b&c=d",
        )
        async with client:
            record = path.emulator.streams[0]
            assert record.endpoint_name == "my-endpoint"
            assert record.path == "invocations-bidirectional-stream"
            assert record.query == "a=b&c=d"
            assert record.variant == "Blue"


@pytest.mark.parametrize("nothing", ["", None])
async def test_endpoint_region_path_and_query_may_go_without_their_names(
    nothing: str | None,
) -> None:
    """In the order of Pipecat's own client, which takes ``None`` for no path and no query too."""
    async with echo_path() as path:
        emulator = path.emulator
        client = SageMakerBidiClient(
            "my-endpoint",
            emulator.region,
            "invocations-bidirectional-stream",
            nothing,
            endpoint_url=emulator.endpoint_url,
            ca_bundle=emulator.ca_bundle,
            credentials=credentials_of(emulator),
        )
        async with client:
            record = emulator.streams[0]
            assert record.endpoint_name == "my-endpoint"
            assert (record.path, record.query) == ("invocations-bidirectional-stream", "")


async def test_a_protocol_takes_the_place_of_path_and_query(path: LocalPath) -> None:
    protocol = replace(REPLAYING, invocation_path="nowhere", query=lambda: "x=y")
    client = client_of(path, protocol=protocol, retry_policy=NO_RETRIES)
    with pytest.raises(ModelUnavailableError):
        await client.start_session()
    assert (path.emulator.streams[0].path, path.emulator.streams[0].query) == ("nowhere", "x=y")
    await client.close_session()


async def test_the_query_is_asked_for_anew_for_every_stream(path: LocalPath) -> None:
    queries = iter(("n=0", "n=1", "n=2", "n=3"))
    seen = Events()
    protocol = replace(REPLAYING, query=lambda: next(queries))
    async with client_of(path, seen, protocol=protocol) as client:
        client.change_stream()
        await seen.wait_for(events.StreamChanged)
        first, second = (record.query for record in path.emulator.streams)
        assert first != second


def test_a_region_that_is_nowhere_given_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="region"):
        SageMakerBidiClient(endpoint_name="e")


@pytest.mark.parametrize(
    "options",
    [
        {"endpoint_name": "not a name"},
        {"model_query_string": "?a=b"},
        {"endpoint_url": "http://localhost"},
        {"targets": [Target(endpoint_name="")]},
        {"target_variant": "no variant"},
    ],
    ids=lambda options: next(iter(options)),
)
def test_what_sagemaker_would_refuse_is_refused_at_once(options: dict[str, Any]) -> None:
    valid: dict[str, Any] = {"endpoint_name": "e", "region": "us-east-1"}
    with pytest.raises(ConfigurationError):
        SageMakerBidiClient(**valid | options)


# Beginning and ending


async def test_a_client_is_active_while_a_stream_is_up() -> None:
    async with echo_path("reset@control=x") as path:
        seen = Events()
        client = client_of(path, seen, retry_policy=RetryPolicy(initial_backoff=0.05))
        assert not client.is_active
        await client.start_session()
        assert client.is_active
        await client.send_json({"type": "x"})
        await seen.wait_for(events.Lost)
        assert not client.is_active
        assert not client.is_closed
        await seen.wait_for(events.Connected, 2)
        assert client.is_active
        closing = asyncio.create_task(client.close_session())
        await asyncio.sleep(0)
        assert not client.is_active
        await closing
        assert not client.is_active
        assert client.is_closed


async def test_a_block_opens_and_closes_the_session(path: LocalPath) -> None:
    async with client_of(path) as client:
        assert client.is_active
    assert client.is_closed


async def test_a_block_that_fails_closes_the_session(path: LocalPath) -> None:
    client = client_of(path)
    with pytest.raises(KeyError):
        async with client:
            raise KeyError
    assert client.is_closed


async def test_starting_twice_opens_one_stream(path: LocalPath) -> None:
    async with client_of(path) as client:
        await client.start_session()
        assert len(path.emulator.streams) == 1


async def test_closing_twice_and_at_once_ends_well(path: LocalPath) -> None:
    client = client_of(path)
    await client.start_session()
    await asyncio.gather(client.close_session(), client.close_session())
    await client.close_session()
    assert await receive(client) is None


async def test_closing_what_was_never_opened_ends_well(path: LocalPath) -> None:
    client = client_of(path)
    await client.close_session()
    assert client.is_closed
    assert await receive(client) is None


async def test_one_who_waits_for_a_message_learns_of_the_end(path: LocalPath) -> None:
    client = client_of(path)
    await client.start_session()
    waiting = asyncio.create_task(client.receive_response())
    await asyncio.sleep(0)
    await client.close_session()
    assert await waiting is None


async def test_a_closed_client_refuses_to_be_used(path: LocalPath) -> None:
    client = client_of(path)
    await client.close_session()
    for use in (
        client.start_session(),
        client.send_audio_chunk(b"ab"),
        client.send_text("x"),
        client.send_json({}),
        client.send_data(b"x"),
    ):
        with pytest.raises(ClosedError, match="closed"):
            await use


async def test_a_start_that_is_overtaken_by_a_close_is_no_success() -> None:
    async with echo_path("never-answer@connect,streams=every") as path:
        seen = Events()
        client = client_of(path, seen)
        starting = asyncio.create_task(client.start_session())
        await seen.wait_for(events.Connecting)
        await client.close_session()
        with pytest.raises(ClosedError, match="closed"):
            await starting


async def test_a_close_has_its_own_deadline_where_one_is_given() -> None:
    async with echo_path("stop-reading@seconds=0") as path:
        client = client_of(path, protocol=replace(REPLAYING, close_payload="bye"))
        await client.start_session()
        await client.send_audio_chunk(b"ab")
        began = asyncio.get_running_loop().time()
        await client.close_session(timeout=0.1)
        assert asyncio.get_running_loop().time() - began < 1.0


# Failing


async def test_a_start_that_fails_says_why_and_goes_on_saying_so() -> None:
    async with echo_path("refuse=403:AccessDeniedException@connect,streams=every") as path:
        client = client_of(path)
        with pytest.raises(RejectedError) as first:
            await client.start_session()
        assert first.value.status_code == 403
        assert client.is_closed
        for _ in range(2):
            with pytest.raises(RejectedError):
                await client.receive_response()
        await client.close_session()


async def test_recovery_that_fails_is_raised_after_what_came_before() -> None:
    async with echo_path("reset@control=x") as path:
        client = client_of(path, retry_policy=NO_RETRIES)
        await client.start_session()
        await client.send_text("before")
        await until(lambda: client.stats.messages_received)
        await client.send_json({"type": "x"})
        await until(lambda: client.is_closed)
        assert await receive(client) == "before"
        for _ in range(2):
            with pytest.raises(StreamResetError):
                await receive(client)
        await client.close_session()


async def test_one_who_iterates_is_told_that_recovery_has_failed() -> None:
    async with echo_path("reset@control=x") as path:
        client = client_of(path, retry_policy=NO_RETRIES)
        await client.start_session()
        await client.send_json({"type": "x"})
        with pytest.raises(StreamResetError):
            async for _ in client:
                pass
        await client.close_session()


DOWN = ClientConfig(probe_interval=60.0)


async def test_a_start_that_leaves_the_session_down_is_an_error() -> None:
    async with echo_path("refuse=403:AccessDeniedException@connect,streams=every") as path:
        client = client_of(path, config=DOWN)
        try:
            with pytest.raises(RejectedError):
                await client.start_session()
        finally:
            await client.close_session()


async def test_a_start_after_recovery_has_failed_waits_for_its_attempt() -> None:
    async with echo_path("refuse=403:AccessDeniedException@connect") as path:
        seen = Events()
        client = client_of(path, seen, config=DOWN)
        client.connect()
        await seen.wait_for(events.GivenUp)
        try:
            await client.start_session()
            assert client.is_active
        finally:
            await client.close_session()


# Acknowledging, changing, counting


@pytest.mark.parametrize(("acknowledged", "replayed"), [(0.0, 1.0), (0.75, 0.25), (1.0, 0.0)])
async def test_what_the_caller_acknowledges_is_not_replayed(
    acknowledged: float, replayed: float
) -> None:
    async with echo_path("reset@control=x") as path:
        seen = Events()
        async with client_of(path, seen, protocol=REPLAYING) as client:
            await client.send_audio_chunk(bytes(32_000))
            await receive_bytes(client, 32_000)
            client.acknowledge(acknowledged)
            await client.send_json({"type": "x"})
            connected = await seen.wait_for(events.Connected, 2)
            assert connected.replayed_seconds == pytest.approx(replayed)
            client.acknowledge(1.0)


async def test_a_stream_is_changed_on_request(path: LocalPath) -> None:
    seen = Events()
    async with client_of(path, seen) as client:
        client.change_stream("settings")
        assert (await seen.wait_for(events.StreamChanged)).reason == "settings"
        await client.send_text("on the new one")
        assert await receive(client) == "on the new one"
        assert client.is_active


async def test_the_stats_are_a_picture_of_the_moment(client: SageMakerBidiClient) -> None:
    before = client.stats
    await client.send_text("four")
    await client.send_audio_chunk(b"12")
    await receive(client)
    await receive(client)
    after = client.stats
    assert (before.messages_received, before.bytes_sent) == (0, 0)
    assert (after.messages_received, after.bytes_sent) == (2, 6)
    assert after.streams_connected == 1
    assert after.last_connect_seconds > 0


# The way of one frame


@skipping_waits
async def test_audio_in_real_time_is_written_before_sending_returns() -> None:
    async with echo_path() as path, client_of(path) as client:
        for count in range(1, 4):
            await asyncio.sleep(2 * WRITE_PAUSE)
            await client.send_audio_chunk(bytes(640))
            assert client.stats.bytes_sent == count * 640


async def test_audio_that_comes_faster_is_coalesced(client: SageMakerBidiClient) -> None:
    for _ in range(50):
        await client.send_audio_chunk(bytes(640))
    found = await receive_bytes(client, 50 * 640)
    assert sum(map(len, found)) == 50 * 640
    assert len(found) < 25


async def test_room_is_waited_for_while_too_much_is_kept() -> None:
    config = ClientConfig(max_replay_buffer_bytes=64_000)
    async with echo_path() as path:
        async with client_of(path, protocol=REPLAYING, config=config) as client:
            await client.send_audio_chunk(bytes(32_000))
            await client.wait_for_room()
            await client.send_audio_chunk(bytes(32_000))
            waiting = asyncio.create_task(client.wait_for_room())
            await receive_bytes(client, 64_000)
            assert not waiting.done()
            client.acknowledge(1.5)
            await client.send_audio_chunk(b"")
            await asyncio.wait_for(waiting, DEADLINE)


async def test_nobody_waits_for_room_once_the_session_is_over() -> None:
    config = ClientConfig(max_unsent_bytes=1_000)
    async with echo_path("never-answer@connect") as path:
        client = client_of(path, config=config)
        client.connect()
        await client.send_audio_chunk(bytes(1_000))
        waiting = asyncio.create_task(client.wait_for_room())
        await asyncio.sleep(0)
        await client.close_session(timeout=0.0)
        await asyncio.wait_for(waiting, DEADLINE)

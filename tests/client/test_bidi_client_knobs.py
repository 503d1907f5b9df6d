# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every knob of the client does what it says, on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    RetryPolicy,
    StreamProtocol,
    Target,
)
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.container import ScriptedBehavior
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    CredentialsError,
    RejectedError,
    SageMakerDeepgramError,
    StreamStalledError,
)
from pipecat_sagemaker_deepgram.transport import Credentials

from ..local_path import LocalPath, credentials_of, local_path, marked_audio
from ..skipping_loop import skipping_waits
from ..transport.connect_proxy import proxy
from .echo_path import (
    DEADLINE,
    RATE,
    REPLAYING,
    Events,
    client_of,
    echo_path,
    receive,
    receive_bytes,
)

ONE_SECOND = bytes(RATE)
LOSE = {"type": "lose"}
UNAVAILABLE = "refuse=503:ServiceUnavailableError@connect"
NO_RETRIES = RetryPolicy(max_retries=0)
QUICK = RetryPolicy(initial_backoff=0.01)
ANSWERS_NOTHING = ScriptedBehavior(interim_interval=100, final_interval=100, silence_interval=100)
LATE_FINALS = ScriptedBehavior(interim_interval=0.1, final_interval=100)

SHOWN_BY: dict[str, str] = {}


def shows[F: Callable](name: str) -> Callable[[F], F]:
    """Say which knob a test shows."""

    def note(test: F) -> F:
        SHOWN_BY[name] = test.__name__
        return test

    return note


def seconds() -> float:
    return asyncio.get_running_loop().time()


async def failure_of_start(
    path: LocalPath, *, policy: RetryPolicy = NO_RETRIES, **options: Any
) -> tuple[SageMakerDeepgramError, float]:
    """Why a session cannot be started, and after how many seconds that is known."""
    client, began = client_of(path, retry_policy=policy, **options), seconds()
    with pytest.raises(SageMakerDeepgramError) as failure:
        await client.start_session()
    took = seconds() - began
    await client.close_session()
    return failure.value, took


# Time limits


@shows("connection_timeout")
async def test_tls_that_does_not_come_is_waited_for_no_longer_than_configured() -> None:
    async with echo_path("stall-tls@connect") as path:
        config = ClientConfig(connection_timeout=0.2)
        error, took = await failure_of_start(path, config=config)
        assert isinstance(error, ConnectTimeoutError)
        assert 0.15 < took < 5.0


@shows("subscription_timeout")
async def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_configured() -> None:
    async with echo_path("never-answer@connect") as path:
        config = ClientConfig(subscription_timeout=0.2)
        error, took = await failure_of_start(path, config=config)
        assert isinstance(error, ConnectTimeoutError)
        assert 0.15 < took < 5.0


async def test_readiness_that_does_not_come_is_waited_for_no_longer_than_configured() -> None:
    async with echo_path() as path:
        config = ClientConfig(subscription_timeout=0.2)
        protocol = StreamProtocol(waits_for_ready=True)
        error, took = await failure_of_start(path, config=config, protocol=protocol)
        assert isinstance(error, ConnectTimeoutError)
        assert 0.15 < took < 5.0


class SlowResolver:
    """Never comes back with credentials."""

    async def resolve(self) -> None:
        await asyncio.Event().wait()


@shows("credentials_timeout")
async def test_credentials_that_do_not_come_are_waited_for_no_longer_than_configured() -> None:
    async with echo_path() as path:
        config = ClientConfig(credentials_timeout=0.2)
        error, took = await failure_of_start(path, config=config, credentials=SlowResolver())
        assert isinstance(error, CredentialsError)
        assert 0.15 < took < 5.0


@shows("send_timeout")
async def test_a_peer_that_takes_nothing_is_waited_for_no_longer_than_configured() -> None:
    async with echo_path("stop-reading@seconds=0") as path:
        seen = Events()
        config = ClientConfig(send_timeout=0.2, stall_timeout=None)
        async with client_of(path, seen, config=config, protocol=REPLAYING) as client:
            began = seconds()
            await client.send_audio_chunk(ONE_SECOND * 5)
            lost = await seen.wait_for(events.Lost)
            assert isinstance(lost.cause, StreamStalledError)
            assert 0.15 < seconds() - began < 2.5
            await receive_bytes(client, 5 * RATE)


@shows("stall_timeout")
async def test_a_container_that_says_nothing_is_waited_for_no_longer_than_configured() -> None:
    async with local_path(behavior=ANSWERS_NOTHING) as path:
        seen = Events()
        client = path.client(on_event=seen, config=ClientConfig(stall_timeout=0.3))
        await client.start_session()
        began = seconds()
        await client.send_audio_chunk(marked_audio(0, 3))
        lost = await seen.wait_for(events.Lost)
        assert isinstance(lost.cause, StreamStalledError)
        assert 0.25 < seconds() - began < 2.5
        await client.close_session(timeout=0)


@shows("close_timeout")
async def test_answers_are_waited_for_no_longer_than_configured() -> None:
    async with echo_path("silence@seconds=0") as path:
        config = ClientConfig(close_timeout=0.2)
        protocol = replace(REPLAYING, close_payload="bye")
        client = client_of(path, config=config, protocol=protocol)
        await client.start_session()
        await client.send_audio_chunk(ONE_SECOND)
        began = seconds()
        await client.close_session()
        assert 0.15 < seconds() - began < 2.5
        assert client.stats.lost_seconds == 1.0


@asynccontextmanager
async def counting_relay(path: LocalPath, counts: list[int]) -> AsyncIterator[str]:
    """Pass TCP connections on to the emulator, counting what the client sends; gives the URL."""
    upstream = urlsplit(path.emulator.endpoint_url)

    async def pump(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: list[int]
    ) -> None:
        while data := await reader.read(65_536):
            counted.append(len(data))
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(upstream.hostname, upstream.port)
        await asyncio.gather(pump(reader, up_writer, counts), pump(up_reader, writer, []))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@shows("ping_interval")
@pytest.mark.parametrize(("interval", "pings"), [(15.0, True), (None, False)])
@skipping_waits
async def test_a_quiet_connection_is_pinged_as_configured(
    interval: float | None, pings: bool
) -> None:
    async with echo_path() as path:
        counts: list[int] = []
        async with counting_relay(path, counts) as url:
            config = ClientConfig(ping_interval=interval)
            async with client_of(path, endpoint_url=url, config=config) as client:
                await client.send_text("x")
                await receive(client)
                await asyncio.sleep(10)
                before = len(counts)
                await asyncio.sleep(40)
                assert (len(counts) > before) is pings


@shows("ping_timeout")
async def test_a_peer_that_answers_no_ping_is_given_up_after_the_configured_time() -> None:
    async with echo_path("stop-reading@seconds=0") as path:
        seen = Events()
        config = ClientConfig(ping_interval=0.1, ping_timeout=0.3)
        client = client_of(path, seen, config=config)
        await client.start_session()
        began = seconds()
        await client.send_audio_chunk(ONE_SECOND)
        lost = await seen.wait_for(events.Lost)
        assert "ping" in str(lost.cause)
        assert 0.25 < seconds() - began < 2.5
        await client.close_session(timeout=0)


@shows("proxy")
async def test_a_stream_goes_through_the_configured_proxy() -> None:
    async with echo_path() as path, proxy() as running:
        config = ClientConfig(proxy=running.url)
        async with client_of(path, config=config) as client:
            await client.send_text("x")
            assert await receive(client) == "x"
        assert running.requests[0].startswith("CONNECT ")
        assert running.url not in repr(config)


# Changing streams


@shows("rotate_after")
async def test_a_stream_is_replaced_at_the_configured_age() -> None:
    async with echo_path() as path:
        seen = Events()
        config = ClientConfig(rotate_after=0.3, rotate_jitter=0.0)
        async with client_of(path, seen, config=config):
            began = seconds()
            await seen.wait_for(events.StreamChanged)
            assert 0.2 < seconds() - began < 2.5


@shows("rotate_jitter")
async def test_a_rotation_is_brought_forward_by_the_configured_time_at_most() -> None:
    async with echo_path() as path:
        seen = Events()
        config = ClientConfig(rotate_after=3.0, rotate_jitter=1.5)
        async with client_of(path, seen, config=config, random=lambda: 0.997):
            began = seconds()
            await seen.wait_for(events.StreamChanged)
            assert seconds() - began < 2.5


@shows("rotate_by")
async def test_without_a_pause_a_stream_is_replaced_at_the_latest_configured_age() -> None:
    async with local_path(behavior=LATE_FINALS) as path:
        seen = Events()
        config = ClientConfig(rotate_after=0.1, rotate_jitter=0.0, rotate_by=0.5)
        client = path.client(on_event=seen, config=config)
        await client.start_session()
        began = seconds()
        await client.send_audio_chunk(marked_audio(0, 5))
        changed = await seen.wait_for(events.StreamChanged)
        assert 0.4 < seconds() - began < 2.5
        assert changed.replayed_seconds == pytest.approx(0.5)
        await client.close_session(timeout=0)


@shows("target_retry_after")
@pytest.mark.parametrize(("seconds", "second"), [(60.0, "spare"), (0.0, "echo")])
async def test_a_target_that_failed_is_left_alone_as_long_as_configured(
    seconds: float, second: str
) -> None:
    async with echo_path(UNAVAILABLE) as path:
        config = ClientConfig(target_retry_after=seconds)
        spare = Target(endpoint_name="spare")
        async with client_of(path, config=config, targets=[spare], retry_policy=QUICK):
            names = [record.endpoint_name for record in path.emulator.streams]
            assert names == ["echo", second]


@shows("probe_interval")
async def test_a_session_whose_recovery_failed_probes_as_configured() -> None:
    async with echo_path("refuse=403:AccessDeniedException@connect,streams=1-2") as path:
        seen = Events()
        config = ClientConfig(probe_interval=0.1)
        client = client_of(path, seen, config=config, random=lambda: 0.0)
        client.connect()
        await seen.wait_for(events.GivenUp)
        began = seconds()
        await seen.wait_for(events.Connected)
        assert 0.15 < seconds() - began < 2.5
        assert not client.is_closed
        await client.send_text("back")
        assert await receive(client) == "back"
        await client.close_session()


# Sizes


async def replayed_bytes(config: ClientConfig, fault: str = "reset@control=lose") -> int:
    """Bytes of one second that a second stream is sent again."""
    async with echo_path(fault) as path:
        seen = Events()
        client = client_of(path, seen, config=config, protocol=REPLAYING, retry_policy=QUICK)
        await client.start_session()
        await client.send_audio_chunk(ONE_SECOND)
        await receive_bytes(client, RATE)
        await client.send_json(LOSE)
        await seen.wait_for(events.Connected, 2)
        await client.send_text("end")
        found = 0
        while (message := await receive(client)) != "end":
            assert isinstance(message, bytes)
            found += len(message)
        await client.close_session()
        return found


@shows("max_replay_buffer_bytes")
@pytest.mark.parametrize(("limit", "expected"), [(8_000, 8_000), (0, 0), (8 << 20, RATE)])
async def test_no_more_sent_audio_is_kept_than_configured(limit: int, expected: int) -> None:
    assert await replayed_bytes(ClientConfig(max_replay_buffer_bytes=limit)) == expected


@shows("max_replay_seconds")
@pytest.mark.parametrize(("limit", "expected"), [(0.25, 8_000), (0.0, 0), (30.0, RATE)])
async def test_no_more_is_replayed_than_configured(limit: float, expected: int) -> None:
    assert await replayed_bytes(ClientConfig(max_replay_seconds=limit)) == expected


@shows("max_unsent_bytes")
async def test_no_more_unsent_audio_is_kept_than_configured() -> None:
    async with echo_path() as path:
        seen = Events()
        client = client_of(path, seen, config=ClientConfig(max_unsent_bytes=8_000))
        await client.send_audio_chunk(ONE_SECOND)
        await client.start_session()
        assert seen.of(events.AudioDropped) == [events.AudioDropped(0.75, "buffer_limit")]
        await client.send_text("end")
        found = b""
        while (message := await receive(client)) != "end":
            assert isinstance(message, bytes)
            found += message
        assert len(found) == 8_000
        await client.close_session()


@shows("replay_speed")
@pytest.mark.parametrize(("speed", "least", "most"), [(2.0, 0.45, 2.5), (None, 0.0, 0.4)])
async def test_a_replay_goes_as_fast_as_configured(
    speed: float | None, least: float, most: float
) -> None:
    async with echo_path() as path:
        config = ClientConfig(replay_speed=speed, max_chunk_seconds=0.05)
        client = client_of(path, config=config)
        await client.send_audio_chunk(ONE_SECOND)
        await client.start_session()
        began = seconds()
        await receive_bytes(client, RATE)
        assert least <= seconds() - began < most
        await client.close_session()


@shows("max_chunk_seconds")
async def test_no_event_holds_more_audio_than_configured() -> None:
    async with echo_path() as path:
        async with client_of(path, config=ClientConfig(max_chunk_seconds=0.1)) as client:
            await client.send_audio_chunk(ONE_SECOND)
            assert [len(chunk) for chunk in await receive_bytes(client, RATE)] == [3_200] * 10


@shows("min_chunk_seconds")
@pytest.mark.parametrize(("least", "chunks"), [(0.0, [640, 640, 640]), (0.06, [1_920])])
@skipping_waits
async def test_no_event_holds_less_audio_than_configured(least: float, chunks: list[int]) -> None:
    async with echo_path() as path:
        async with client_of(path, config=ClientConfig(min_chunk_seconds=least)) as client:
            for _ in range(3):
                await client.send_audio_chunk(bytes(640))
                await asyncio.sleep(0.02)
            assert [len(chunk) for chunk in await receive_bytes(client, 1_920)] == chunks


@shows("max_concurrency")
async def test_no_more_streams_are_open_in_a_process_than_configured() -> None:
    async with echo_path() as path:
        async with client_of(path):
            config = ClientConfig(max_concurrency=1, connection_timeout=0.1)
            error, _ = await failure_of_start(path, config=config)
            assert isinstance(error, ConnectError)
            assert "max_concurrency" in str(error)
        async with client_of(path, config=ClientConfig(max_concurrency=1)):
            pass


@shows("connection_acquire_timeout")
async def test_a_stream_waits_for_its_place_as_long_as_configured() -> None:
    async with echo_path() as path:
        async with client_of(path):
            config = ClientConfig(max_concurrency=1, connection_acquire_timeout=0.1)
            error, _ = await failure_of_start(path, config=config)
            assert "within 0.1 s" in str(error)


class CountingResolver:
    """Counts the connects that have begun and not succeeded yet."""

    def __init__(self, path: LocalPath) -> None:
        self._resolver = credentials_of(path.emulator)
        self.under_way = 0
        self.most = 0

    async def resolve(self) -> Credentials:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        return await self._resolver.resolve()

    def __call__(self, event: events.SessionEvent) -> None:
        if isinstance(event, events.Connected):
            self.under_way -= 1


@shows("max_concurrent_connects")
async def test_forty_clients_at_once_have_no_more_connects_under_way_than_configured() -> None:
    async with echo_path() as path:
        counting = CountingResolver(path)
        config = ClientConfig(max_concurrent_connects=4, connection_timeout=DEADLINE)
        clients = [
            client_of(path, counting, config=config, credentials=counting) for _ in range(40)
        ]
        await asyncio.gather(*(client.start_session() for client in clients))
        assert all(client.is_active for client in clients)
        assert counting.most == 4
        await asyncio.gather(*(client.close_session() for client in clients))


# Escape hatches


@shows("sdk_config")
async def test_the_sdk_gets_what_is_configured_for_it() -> None:
    async with echo_path() as path:
        config = ClientConfig(sdk_config={"region": "eu-north-1"})
        error, _ = await failure_of_start(path, config=config)
        assert isinstance(error, RejectedError)
        config = ClientConfig(sdk_config={"no_such_field": 1})
        error, _ = await failure_of_start(path, config=config)
        assert isinstance(error, ConfigurationError)
        assert "no_such_field" in str(error)


# The retry policy


async def delays(policy: RetryPolicy) -> list[float]:
    """The delays of an outage without an end, with the least luck."""
    async with echo_path(f"{UNAVAILABLE},streams=every") as path:
        seen = Events()
        await failure_of_start(path, policy=policy, on_event=seen, random=lambda: 0.999_999)
        return [round(event.delay, 3) for event in seen.of(events.RetryScheduled)]


@shows("max_retries")
@pytest.mark.parametrize("count", [0, 1, 3])
async def test_as_many_retries_are_made_as_configured(count: int) -> None:
    assert len(await delays(RetryPolicy(max_retries=count, initial_backoff=0.001))) == count


@shows("initial_backoff")
async def test_the_first_delay_is_at_most_what_is_configured() -> None:
    assert await delays(RetryPolicy(max_retries=1, initial_backoff=0.05)) == [0.05]


@shows("backoff_multiplier")
async def test_delays_grow_as_configured() -> None:
    policy = RetryPolicy(max_retries=3, initial_backoff=0.01, backoff_multiplier=3)
    assert await delays(policy) == [0.01, 0.03, 0.09]


@shows("max_backoff")
async def test_no_delay_is_longer_than_configured() -> None:
    policy = RetryPolicy(max_retries=3, initial_backoff=0.02, max_backoff=0.03)
    assert await delays(policy) == [0.02, 0.03, 0.03]


@shows("retry_budget")
async def test_an_outage_is_retried_no_longer_than_configured() -> None:
    policy = RetryPolicy(
        max_retries=1_000, initial_backoff=0.05, max_backoff=0.05, retry_budget=0.3
    )
    assert 3 <= len(await delays(policy)) <= 6


@pytest.mark.parametrize("kind", [ClientConfig, RetryPolicy])
def test_every_knob_is_shown_by_a_test(kind: type[ClientConfig] | type[RetryPolicy]) -> None:
    for each in fields(kind):
        assert callable(globals()[SHOWN_BY[each.name]])
    assert len(set(SHOWN_BY.values())) == len(SHOWN_BY)

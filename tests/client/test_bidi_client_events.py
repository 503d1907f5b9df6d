# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client reports of itself, in which order, on real sockets."""

from dataclasses import replace

from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client import records as events

from ..local_path import local_path, marked_audio, transcribe, words
from .echo_path import REPLAYING, Events, client_of, echo_path

QUICK = RetryPolicy(initial_backoff=0.01)
LOSE = {"type": "lose"}


async def test_a_first_connection_and_a_close() -> None:
    async with echo_path() as path:
        seen = Events()
        async with client_of(path, seen):
            assert seen.names == ["Connecting", "Connected"]
        assert seen.names == ["Connecting", "Connected", "Closed"]
        assert seen.all[-1] == events.Closed(0.0)
        assert seen.of(events.Connected)[0].is_first


async def test_a_loss_and_its_recovery() -> None:
    async with echo_path("reset@control=lose") as path:
        seen = Events()
        async with client_of(path, seen, retry_policy=QUICK) as client:
            await client.send_json(LOSE)
            await seen.wait_for(events.Connected, 2)
            assert seen.names[2:] == ["Lost", "RetryScheduled", "Connecting", "Connected"]
            assert not seen.of(events.Connected)[1].is_first


async def test_a_failed_attempt() -> None:
    async with echo_path("refuse=503:ServiceUnavailableError@connect") as path:
        seen = Events()
        async with client_of(path, seen, retry_policy=QUICK):
            assert seen.names == [
                "Connecting",
                "AttemptFailed",
                "RetryScheduled",
                "Connecting",
                "Connected",
            ]


async def test_a_rotation() -> None:
    async with echo_path() as path:
        seen = Events()
        config = ClientConfig(rotate_after=0.1, rotate_jitter=0.0)
        async with client_of(path, seen, config=config):
            changed = await seen.wait_for(events.StreamChanged)
            assert changed.reason == "rotation"
            assert seen.names[:4] == ["Connecting", "Connected", "Connecting", "StreamChanged"]


async def test_a_failover() -> None:
    async with echo_path("reset@control=lose") as path:
        seen = Events()
        spare = Target(endpoint_name="spare")
        async with client_of(path, seen, retry_policy=QUICK, targets=[spare]) as client:
            await client.send_json(LOSE)
            await seen.wait_for(events.Connected, 2)
            assert seen.names[2:] == [
                "Lost",
                "RetryScheduled",
                "Connecting",
                "FailedOver",
                "Connected",
            ]
            assert seen.of(events.FailedOver)[0].target.endpoint_name == "spare"
            assert [record.endpoint_name for record in path.emulator.streams] == ["echo", "spare"]


async def test_giving_up() -> None:
    async with echo_path("refuse=503:ServiceUnavailableError@connect,streams=every") as path:
        seen = Events()
        client = client_of(
            path, seen, retry_policy=RetryPolicy(max_retries=1, initial_backoff=0.01)
        )
        await client.send_audio_chunk(bytes(32_000))
        client.connect()
        given_up = await seen.wait_for(events.GivenUp)
        await client.close_session()
        assert given_up.lost_seconds == 1.0
        assert seen.names == [
            "Connecting",
            "AttemptFailed",
            "RetryScheduled",
            "Connecting",
            "AttemptFailed",
            "AudioDropped",
            "GivenUp",
            "Closed",
        ]
        assert seen.of(events.AudioDropped) == [events.AudioDropped(1.0, "gave_up")]
        assert client.stats.lost_seconds == 1.0


async def test_a_close_that_leaves_something_unanswered() -> None:
    async with echo_path("silence@seconds=0") as path:
        seen = Events()
        client = client_of(path, seen, protocol=replace(REPLAYING, close_payload="bye"))
        await client.start_session()
        await client.send_audio_chunk(bytes(16_000))
        await client.close_session(timeout=0.1)
        assert seen.all[-1] == events.Closed(0.5)
        assert seen.names.count("Closed") == 1


async def test_an_on_event_that_fails_does_not_harm_the_session() -> None:
    def fail(event: object) -> None:
        raise RuntimeError("a mistake of the caller's")

    async with local_path() as path:
        heard = await transcribe(path, marked_audio(0, 10), on_event=fail)
    assert heard.words == words(0, 10)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every option of the factory does what it says, on real sockets."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any

import pytest

from deepgram import AsyncDeepgramClient, DeepgramClient
from pipecat_sagemaker_deepgram.client import (
    AudioDropped,
    Connected,
    Lost,
    RetryScheduled,
    SageMakerBidiClient,
)
from pipecat_sagemaker_deepgram.deepgram_sdk import (
    SageMakerConfig,
    SageMakerTransportFactory,
    TransportRequest,
)
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    StreamStalledError,
)

from ..local_path import marked_audio, words
from .sdk_path import DEADLINE, SdkPath, deepgram_client, sdk_path, transcribe

URL = "wss://api.deepgram.com/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000"
DOWN = "refuse=503:ServiceUnavailableError@connect,streams=every"

SHOWN_BY: dict[str, str] = {}


def shows[F: Callable](name: str) -> Callable[[F], F]:
    """Say which option a test shows."""

    def note(test: F) -> F:
        SHOWN_BY[name] = test.__name__
        return test

    return note


def test_every_option_is_shown_by_a_test() -> None:
    assert set(SHOWN_BY) == {each.name for each in fields(SageMakerConfig)}
    assert len(set(SHOWN_BY.values())) == len(SHOWN_BY)


async def failure(factory: SageMakerTransportFactory) -> Exception:
    """Why a connection could not be opened."""
    transport = factory.create(URL)
    async with asyncio.timeout(DEADLINE):
        with pytest.raises(Exception) as raised:  # noqa: PT011  # each test says which
            await transport.recv()
    await transport.close()
    return raised.value


async def delays(path: SdkPath, **options: Any) -> list[float]:
    """The delays of an outage, with the least luck."""
    unlucky = partial(SageMakerBidiClient, random=lambda: 0.999_999)
    await failure(path.factory(client=unlucky, **options))
    return [round(event.delay, 3) for event in path.of(RetryScheduled)]


# Where


@shows("endpoint_name")
async def test_the_endpoint_is_the_one_that_is_named() -> None:
    async with sdk_path() as path:
        await transcribe(path.factory(), "v1", marked_audio(0, 2))
        [stream] = path.path.emulator.streams
    assert stream.endpoint_name == "deepgram"
    assert stream.path == "v1/listen"
    assert "model=nova-3" in stream.query


@shows("region")
async def test_the_region_is_that_of_the_environment_or_deepgrams_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert SageMakerTransportFactory("e", "eu-west-1").region == "eu-west-1"
    assert SageMakerTransportFactory("e").region == "us-west-2"
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    assert SageMakerTransportFactory("e").config.region == "eu-north-1"
    assert SageMakerTransportFactory("e", "eu-west-1").region == "eu-west-1"


@shows("target_variant")
async def test_the_variant_is_the_one_that_is_named() -> None:
    async with sdk_path() as path:
        factory = path.factory(target_variant="blue")
        await transcribe(factory, "v1", marked_audio(0, 2))
        [stream] = path.path.emulator.streams
    assert stream.variant == "blue"


@shows("client_config")
async def test_any_option_of_the_client_can_be_given() -> None:
    async with sdk_path("silence@bytes=60000") as path:
        factory = path.factory(client_config={"stall_timeout": 0.4}, max_chunk_seconds=0.1)
        heard = await transcribe(factory, "v1")
    assert heard.words == words(0, 50)
    assert factory.config.session_config().max_chunk_seconds == 0.1
    assert isinstance(path.of(Lost)[0].cause, StreamStalledError)


# How long, and how often


@shows("connection_timeout")
async def test_a_connection_takes_no_longer_than_configured() -> None:
    async with sdk_path("stall-tls@connect,streams=every") as path:
        error = await failure(path.factory(connection_timeout=0.1, max_retries=0))
    assert isinstance(error, ConnectTimeoutError)


@shows("subscription_timeout")
async def test_an_answer_takes_no_longer_than_configured() -> None:
    async with sdk_path("never-answer@connect,streams=every") as path:
        error = await failure(path.factory(subscription_timeout=0.1, max_retries=0))
    assert isinstance(error, ConnectTimeoutError)


@shows("max_concurrency")
async def test_no_more_streams_are_open_than_configured() -> None:
    async with sdk_path() as path:
        factory = path.factory(max_concurrency=1, connection_acquire_timeout=0.0, max_retries=0)
        first = factory.create(URL)
        await first.send(marked_audio(0, 20))
        await first.recv()
        assert isinstance(await failure(factory), ConnectError)
        await first.close()


@shows("connection_acquire_timeout")
async def test_a_stream_waits_for_another_to_end() -> None:
    async with sdk_path() as path:
        factory = path.factory(max_concurrency=1, connection_acquire_timeout=DEADLINE)
        first, second = factory.create(URL), factory.create(URL)
        await first.send(marked_audio(0, 20))
        await first.recv()
        assert len(path.of(Connected)) == 1
        await first.close()
        await second.send(marked_audio(0, 20))
        async with asyncio.timeout(DEADLINE):
            await second.recv()
        await second.close()


@shows("max_retries")
async def test_as_many_retries_are_made_as_configured() -> None:
    async with sdk_path(DOWN) as path:
        assert len(await delays(path, max_retries=2, initial_backoff=0.01)) == 2


@shows("initial_backoff")
async def test_the_first_delay_is_what_is_configured() -> None:
    async with sdk_path(DOWN) as path:
        assert await delays(path, max_retries=1, initial_backoff=0.03) == [0.03]


@shows("backoff_multiplier")
async def test_delays_grow_as_configured() -> None:
    async with sdk_path(DOWN) as path:
        options = {"max_retries": 3, "initial_backoff": 0.01, "backoff_multiplier": 3}
        assert await delays(path, **options) == [0.01, 0.03, 0.09]


@shows("max_backoff")
async def test_no_delay_is_longer_than_configured() -> None:
    async with sdk_path(DOWN) as path:
        options = {"max_retries": 3, "initial_backoff": 0.02, "max_backoff": 0.03}
        assert await delays(path, **options) == [0.02, 0.03, 0.03]


@shows("retry_budget")
async def test_an_outage_is_retried_no_longer_than_configured() -> None:
    async with sdk_path(DOWN) as path:
        assert await delays(path, retry_budget=0.0) == []


@shows("max_replay_buffer_bytes")
async def test_what_is_not_kept_is_not_replayed() -> None:
    async with sdk_path("reset@bytes=60000") as path:
        heard = await transcribe(path.factory(max_replay_buffer_bytes=0), "v1")
    assert set(heard.words) < set(words(0, 50))
    assert not path.of(AudioDropped)  # nothing was promised


# What it is made of


async def test_a_session_is_made_by_the_client_that_is_given() -> None:
    made: list[dict[str, Any]] = []

    def client(**options: Any) -> SageMakerBidiClient:
        made.append(options)
        return SageMakerBidiClient(**options)

    async with sdk_path() as path:
        factory = path.factory(client=client)
        assert factory.client is client
        heard = await transcribe(factory, "v1", marked_audio(0, 5))
    assert heard.words == words(0, 5)
    assert [each["endpoint_name"] for each in made] == ["deepgram"]
    assert SageMakerTransportFactory("e", "us-east-1").client is SageMakerBidiClient


async def test_another_endpoint_serves_some_of_the_paths() -> None:
    async with sdk_path() as path:
        other = SageMakerConfig("flux", path.path.emulator.region, client_config=path.access)
        client = deepgram_client(path.factory(endpoints={"v2/listen": other}))
        for listen, model in ((client.listen.v1, "nova-3"), (client.listen.v2, "flux-general-en")):
            options: dict[str, Any] = {"model": model, "encoding": "linear16"}
            async with listen.connect(**options, sample_rate="16000") as connection:
                await connection.send_media(marked_audio(0, 20))
                async with asyncio.timeout(DEADLINE):
                    await connection.recv()
        names = [stream.endpoint_name for stream in path.path.emulator.streams]
    assert names == ["deepgram", "flux"]


async def test_a_request_can_name_the_path() -> None:
    async with sdk_path() as path:
        transport = path.factory().create(URL, {}, TransportRequest(path="/v1/listen"))
        await transport.send(marked_audio(0, 20))
        async with asyncio.timeout(DEADLINE):
            await transport.recv()
        await transport.close()
        [stream] = path.path.emulator.streams
    assert stream.path == "v1/listen"


def test_the_shorthand_and_a_configuration_are_the_same() -> None:
    config = SageMakerConfig("e", "us-east-1", max_retries=5)
    assert SageMakerTransportFactory(config=config).config == config
    assert SageMakerTransportFactory("e", "us-east-1", max_retries=5).config == config
    assert SageMakerTransportFactory(config=config).endpoint_name == "e"


def test_what_contradicts_itself_is_refused() -> None:
    config = SageMakerConfig("e", "us-east-1")
    with pytest.raises(ValueError, match="give one or the other"):
        SageMakerTransportFactory("e", config=config)
    with pytest.raises(TypeError, match="endpoint_name"):
        SageMakerTransportFactory()
    with pytest.raises(ConfigurationError, match="'agent'"):
        SageMakerTransportFactory(config=config, endpoints={"agent": config})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"max_backoff": 0.01}, "initial_backoff is 0.1, more than max_backoff"),
        ({"backoff_multiplier": 0.5}, "backoff_multiplier"),
        ({"connection_timeout": -1}, "connection_timeout is -1"),
        (
            {"no_such_option": 1},
            "'no_such_option' is not an option of the transport or of the client",
        ),
        ({"client_config": {"max_retries": 1}}, "'max_retries', which is an option of its own"),
    ],
)
def test_a_value_that_is_not_valid_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        SageMakerTransportFactory("e", "us-east-1", **options)


def test_an_endpoint_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="endpoint_name is empty"):
        SageMakerConfig(" ")


@pytest.mark.parametrize("path", ["v1/agent/converse", "v3/listen", ""])
async def test_a_path_that_no_container_streams_is_refused(path: str) -> None:
    factory = SageMakerTransportFactory("e", "us-east-1")
    with pytest.raises(ConfigurationError, match="not a stream of a Deepgram container"):
        factory.create(f"wss://api.deepgram.com/{path}")


def test_the_client_without_an_event_loop_is_refused() -> None:
    client = DeepgramClient(
        api_key="unused", transport_factory=SageMakerTransportFactory("e", "us-east-1")
    )
    with pytest.raises(TypeError, match="AsyncDeepgramClient"):
        with client.listen.v1.connect(model="nova-3"):
            pass


def test_the_sdk_leaves_reconnecting_to_the_session() -> None:
    factory = SageMakerTransportFactory("e", "us-east-1")
    client = AsyncDeepgramClient(api_key="unused", transport_factory=factory)
    assert not getattr(client, "reconnect", False)


@pytest.mark.parametrize("missing", ["deepgram", "deepgram.transport"])
def test_a_missing_sdk_is_named(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import pipecat_sagemaker_deepgram.deepgram_sdk"
    )
    failed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "pip install 'pipecat-sagemaker-deepgram[deepgram]'" in failed.stderr

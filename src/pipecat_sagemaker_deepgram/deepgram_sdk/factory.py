# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The argument of ``AsyncDeepgramClient(transport_factory=...)``."""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from weakref import WeakSet

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    SageMakerBidiClient,
    SessionEvent,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.deepgram.speak.aura import AuraSpeech
from pipecat_sagemaker_deepgram.deepgram.speak.flux import FluxSpeech
from pipecat_sagemaker_deepgram.deepgram.speak.protocol import speak_protocol
from pipecat_sagemaker_deepgram.deepgram.speak.speech import SpokenText
from pipecat_sagemaker_deepgram.deepgram_sdk.audio import speech_rate
from pipecat_sagemaker_deepgram.deepgram_sdk.config import OPTIONS, SageMakerConfig
from pipecat_sagemaker_deepgram.deepgram_sdk.listen_transport import ListenTransport
from pipecat_sagemaker_deepgram.deepgram_sdk.listening import (
    SdkListening,
    flux_listening,
    nova_listening,
)
from pipecat_sagemaker_deepgram.deepgram_sdk.speak_transport import SpeakTransport
from pipecat_sagemaker_deepgram.deepgram_sdk.transport import (
    OpenSession,
    SageMakerTransport,
    TransportOptions,
)
from pipecat_sagemaker_deepgram.deepgram_sdk.verdict import FirstStreamOnly, Verdict
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport import load_shared_config, resolve_region

DEFAULT_REGION = "us-west-2"
"""Region if none is given, as in Deepgram's own transports."""

DRAIN_TIMEOUT = 60.0
"""Seconds to finish after the caller asked for the end, including replays."""

SPEECH_PATIENCE = 10.0
"""Seconds after which a container that should be speaking counts as stalled."""

PATHS = ("v1/listen", "v2/listen", "v1/speak", "v2/speak")
"""Paths of a container to which Deepgram's SDKs open streams."""


@dataclass(frozen=True, kw_only=True)
class TransportRequest:
    """Options of one connection besides its URL.

    Attributes:
        path: Path on the container; by default that of the URL.
        abort_signal: Closes the connection when it is set.
    """

    path: str = ""
    abort_signal: asyncio.Event | None = None


class SageMakerTransportFactory:
    """Directs the calls of ``AsyncDeepgramClient`` to a SageMaker endpoint.

    Example::

        factory = SageMakerTransportFactory(endpoint_name="my-endpoint", region="us-east-1")
        deepgram = AsyncDeepgramClient(api_key="unused", transport_factory=factory)
        async with deepgram.listen.v1.connect(model="nova-3") as connection:
            ...

    A connection lasts as long as its session, which survives lost streams. The SDK has one factory
    per process; if several endpoints serve it, ``endpoints`` assigns paths to them.

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: Its AWS region.
        target_variant: Production variant to invoke.
        config: These and all other options, as one object instead.
        client: Makes each session; by default ``SageMakerBidiClient``, whose parameters it gets.
            A ``functools.partial`` of that can set options that do not exist here.
        endpoints: Other endpoints for some of the paths ``v1/listen``, ``v2/listen``,
            ``v1/speak`` and ``v2/speak``.
        on_event: Called with every event of every session, in order.
        **options: Options of ``SageMakerConfig``, and those that its ``client_config`` accepts.

    Raises:
        ConfigurationError: A value is invalid, or ``config`` is combined with other options.
        TypeError: No endpoint is given.
    """

    def __init__(
        self,
        endpoint_name: str | None = None,
        region: str | None = None,
        target_variant: str | None = None,
        *,
        config: SageMakerConfig | None = None,
        client: Callable[..., SageMakerBidiClient] | None = None,
        endpoints: Mapping[str, SageMakerConfig] | None = None,
        on_event: Callable[[SessionEvent], None] | None = None,
        **options: Any,
    ) -> None:
        if config is None:
            if endpoint_name is None:
                raise TypeError("endpoint_name is required")
            config = SageMakerConfig(
                endpoint_name, region, target_variant=target_variant, **_sorted(options)
            )
        elif options or any(each is not None for each in (endpoint_name, region, target_variant)):
            raise ConfigurationError(
                "config cannot be combined with options that it contains; give one or the other"
            )
        _refuse_unknown_paths(endpoints or {})
        self._config = with_region(config)
        self._endpoints = {path: with_region(each) for path, each in (endpoints or {}).items()}
        self._client = client or SageMakerBidiClient
        self._on_event = on_event
        self._transports: WeakSet[SageMakerTransport] = WeakSet()

    @property
    def client(self) -> Callable[..., SageMakerBidiClient]:
        """Makes each session."""
        return self._client

    @property
    def config(self) -> SageMakerConfig:
        """The options, including the region that is used."""
        return self._config

    @property
    def endpoint_name(self) -> str:
        """Name of the SageMaker endpoint."""
        return self._config.endpoint_name

    @property
    def region(self) -> str:
        """AWS region of the endpoint."""
        return self._config.region or DEFAULT_REGION

    def __call__(self, url: str, headers: Mapping[str, str]) -> SageMakerTransport:
        """Open a connection, as the SDK does; see ``create``."""
        return self.create(url, headers)

    def create(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        request: TransportRequest | None = None,
    ) -> SageMakerTransport:
        """Open a connection. Its first stream is opened at once, but not waited for.

        Args:
            url: The URL to which the SDK would connect; its path and query go to the container.
            headers: Ignored: they do not reach a container, and AWS credentials replace the key.
            request: Further options.

        Raises:
            ConfigurationError: The path is not one of a container's streams, or the query has an
                invalid value.
            TypeError: No event loop is running: only ``AsyncDeepgramClient`` is supported.
        """
        _require_event_loop()
        request = request or TransportRequest()
        parts = urlsplit(url)
        path = (request.path or parts.path).strip("/")
        options = TransportOptions(drain_timeout=DRAIN_TIMEOUT, abort_signal=request.abort_signal)
        transport = self._open(path, parts.query.replace("+", "%20"), options)
        self._transports.add(transport)
        return transport

    async def destroy(self) -> None:
        """Close all open connections."""
        for transport in list(self._transports):
            await transport.close()

    def _open(self, path: str, query: str, options: TransportOptions) -> SageMakerTransport:
        config = self._endpoints.get(path, self._config)
        match path:
            case "v1/listen":
                return self._listen(config, nova_listening(query), options)
            case "v2/listen":
                listening = flux_listening(query, config.session_config())
                return self._listen(config, listening, options)
            case "v1/speak":
                return self._speak(config, path, query, AuraSpeech(), options)
            case "v2/speak":
                speech = FluxSpeech(bytes_per_second=speech_rate(parse_qs(query)))
                return self._speak(config, path, query, speech, options)
            case _:
                raise ConfigurationError(
                    f"{path or 'an empty path'} is not a stream of a Deepgram container",
                    advice=f"Its streams are {', '.join(PATHS)}.",
                )

    def _listen(
        self, config: SageMakerConfig, listening: SdkListening, options: TransportOptions
    ) -> SageMakerTransport:
        session_config = listening.session_config(config.session_config())
        verdict = Verdict() if listening.is_clocked else FirstStreamOnly()
        open_session = self._opener(config, listening.protocol, session_config, verdict)
        return ListenTransport(open_session, listening, **options)

    def _speak(
        self,
        config: SageMakerConfig,
        path: str,
        query: str,
        speech: SpokenText,
        options: TransportOptions,
    ) -> SageMakerTransport:
        session_config = replace(config.session_config(), rotate_after=None)
        protocol = speak_protocol(path, lambda: query)
        open_session = self._opener(config, protocol, session_config, Verdict())
        stall_timeout = session_config.stall_timeout and SPEECH_PATIENCE
        return SpeakTransport(open_session, speech, stall_timeout=stall_timeout, **options)

    def _opener(
        self,
        config: SageMakerConfig,
        protocol: StreamProtocol,
        session_config: ClientConfig,
        verdict: Verdict,
    ) -> OpenSession:
        """Makes a session and passes on its events."""

        def open_session(note: Callable[[SessionEvent], None]) -> SageMakerBidiClient:
            def on_event(event: SessionEvent) -> None:
                verdict.note(event)
                note(event)
                if self._on_event is not None:
                    self._on_event(event)

            return self._client(
                endpoint_name=config.endpoint_name,
                region=config.region,
                protocol=protocol,
                config=session_config,
                retry_policy=config.retry_policy(),
                classify=verdict.classify,
                on_event=on_event,
                **config.connection_options(),
            )

        return open_session


def _refuse_unknown_paths(endpoints: Mapping[str, SageMakerConfig]) -> None:
    unknown = set(endpoints) - set(PATHS)
    if unknown:
        raise ConfigurationError(
            f"endpoints has {sorted(unknown)[0]!r}; allowed are {', '.join(PATHS)}"
        )


def _require_event_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise TypeError(
            "SageMakerTransportFactory works with AsyncDeepgramClient; "
            "DeepgramClient, which has no event loop, cannot use it"
        ) from None


def _sorted(options: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration; options of the client go into its ``client_config``."""
    own = {name: value for name, value in options.items() if name in OPTIONS}
    rest = {name: value for name, value in options.items() if name not in OPTIONS}
    return {**own, "client_config": {**own.get("client_config", {}), **rest}}


def with_region(config: SageMakerConfig) -> SageMakerConfig:
    """The configuration with the region that is used."""
    if config.region:
        return config
    given = config.client_config
    shared = load_shared_config(
        os.environ, profile=given.get("profile"), session=given.get("credentials")
    )
    try:
        return replace(config, region=resolve_region(None, os.environ, shared))
    except ConfigurationError:
        return replace(config, region=DEFAULT_REGION)

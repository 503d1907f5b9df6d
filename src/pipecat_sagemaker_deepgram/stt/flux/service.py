# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Flux on Amazon SageMaker, as a Pipecat speech-to-text service."""

import os
from collections.abc import Sequence
from typing import Any

from pipecat.frames.frames import STTMetadataFrame
from pipecat.services.settings import STTSettings
from pipecat.services.stt_latency import DEEPGRAM_SAGEMAKER_TTFS_P99

from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    PROCESS_CAPABILITIES,
    CapabilityCache,
)
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import flux_protocol
from pipecat_sagemaker_deepgram.stt.encoding import encoder
from pipecat_sagemaker_deepgram.stt.flux.parameters import FluxParameters
from pipecat_sagemaker_deepgram.stt.flux.settings import (
    DEFAULT_EAGER_THRESHOLD,
    DeepgramFluxSageMakerSTTSettings,
)
from pipecat_sagemaker_deepgram.stt.flux.transcription import FluxTranscription

DEFAULT_CLIENT_CONFIG = ClientConfig(probe_interval=15.0, min_chunk_seconds=0.08)
"""Audio in pieces of 80 ms (Deepgram docs, "Flux quickstart"); a service whose recovery has failed
goes on trying from time to time."""


class DeepgramFluxSageMakerSTTService(FluxTranscription):
    """Speech-to-text with turns through Deepgram Flux on a SageMaker endpoint.

    Connects in the background while the pipeline starts; audio that comes before the stream is
    up is kept and sent first. A turn outlives the stream it began on. At the end of the pipeline
    everything that was said is transcribed before ``EndFrame`` goes on, within ``close_timeout``.

    Event handlers available:

    - on_connected(service): The container has said that it is ready.
    - on_disconnected(service): The stream was lost, or the session has ended.
    - on_reconnecting(service, attempt, delay): Another attempt will be made, in seconds.
    - on_reconnected(service, replayed_seconds): A lost stream has been replaced.
    - on_stream_changed(service, reason): Another stream has taken over without a loss.
    - on_connection_error(service, error): No stream could be opened; once an outage, and again
      when recovery has failed.
    - on_start_of_turn(service, transcript): The user has begun to speak.
    - on_update(service, transcript): More was heard of the turn.
    - on_eager_end_of_turn(service, transcript): The turn has probably ended.
    - on_turn_resumed(service): It has not.
    - on_end_of_turn(service, transcript): The turn has ended.

    Example::

        stt = DeepgramFluxSageMakerSTTService(
            endpoint_name="my-deepgram-flux",
            region="us-east-1",
            settings=DeepgramFluxSageMakerSTTService.Settings(eot_threshold=0.7),
        )
    """

    Settings = DeepgramFluxSageMakerSTTSettings
    _settings: DeepgramFluxSageMakerSTTSettings  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(
        self,
        *,
        endpoint_name: str,
        region: str | None = None,
        encoding: str = "linear16",
        sample_rate: int | None = None,
        mip_opt_out: bool | None = None,
        tag: list[str] | None = None,
        should_interrupt: bool = True,
        watchdog_min_timeout: float = 0.5,
        enable_eager_end_of_turn: bool = False,
        settings: DeepgramFluxSageMakerSTTSettings | None = None,
        manual_turns: bool = False,
        capabilities: CapabilityCache | None = None,
        endpoint_url: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        credentials: Any = None,
        targets: Sequence[Target] = (),
        client_config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        close_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Initialize the service.

        Args:
            endpoint_name: Name of the SageMaker endpoint that serves Deepgram Flux.
            region: AWS region; by default ``AWS_REGION`` or ``AWS_DEFAULT_REGION``.
            encoding: Encoding in which audio is sent: ``linear16``, ``linear32``, ``mulaw`` or
                ``alaw``.
            sample_rate: Sample rate in Hz; by default the pipeline's.
            mip_opt_out: Opt out of Deepgram's model improvement program.
            tag: Labels of the requests in usage reports.
            should_interrupt: Whether the turn strategies that the service recommends interrupt
                the bot when a turn starts.
            watchdog_min_timeout: Least seconds without audio after which silence is sent so that
                an open turn can end; twice the length of a piece of audio where that is longer.
            enable_eager_end_of_turn: Answer a predicted end of turn ahead of the real one. Sets
                ``eager_eot_threshold`` to 0.5 where the settings leave it open.
            settings: What can be changed while the service runs; given fields replace the
                defaults.
            manual_turns: Let the application end turns: by ``end_turn``, or by the
                ``VADUserStoppedSpeakingFrame`` of a VAD in the pipeline. The time to the final
                transcript can be measured then. Flux goes on ending turns by itself too; where
                the bundle takes it, ``eot_threshold=1.0`` keeps it from that.
            capabilities: What is known of containers; by default this process's.
            endpoint_url: Base URL instead of the region's own; by default
                ``AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2`` or ``AWS_ENDPOINT_URL``.
            ca_bundle: PEM file of trusted certificates; by default ``AWS_CA_BUNDLE`` or
                ``SSL_CERT_FILE``, else what the system trusts.
            credentials: ``Credentials``, a botocore or boto3 session, or an object with an async
                ``resolve()``; by default botocore's whole chain.
            targets: Further endpoints to turn to when the first one fails.
            client_config: Time limits and sizes of the client; by default audio goes out in
                pieces of 80 ms.
            retry_policy: How often and how long a lost stream is tried for.
            close_timeout: Most seconds for the rest of the transcript at the end of the pipeline;
                by default ``client_config``'s.
            **kwargs: Passed to Pipecat's ``STTService``.

        Raises:
            ConfigurationError: A parameter is not valid, or none of that name is known.
        """
        store = self.Settings.defaults()
        if settings is not None:
            store.apply_update(settings)
        if enable_eager_end_of_turn and store.eager_eot_threshold is None:
            store.eager_eot_threshold = DEFAULT_EAGER_THRESHOLD
        config = client_config or DEFAULT_CLIENT_CONFIG
        self._parameters = FluxParameters(
            encoding=encoding, sample_rate=sample_rate, mip_opt_out=mip_opt_out, tag=tag
        )
        self._parameters.query(store)
        self._should_interrupt = should_interrupt
        if manual_turns:
            kwargs = {"ttfs_p99_latency": DEEPGRAM_SAGEMAKER_TTFS_P99} | kwargs
        super().__init__(
            protocol=flux_protocol(
                query=self._query,
                bytes_per_second=lambda: (self.sample_rate or 16_000) * 2,
                encode=encoder(encoding),
                long_turn=config.max_replay_seconds,
            ),
            settings=store,
            capabilities=PROCESS_CAPABILITIES if capabilities is None else capabilities,
            manual_turns=manual_turns,
            watchdog_min_timeout=watchdog_min_timeout,
            enable_eager_end_of_turn=enable_eager_end_of_turn,
            endpoint_name=endpoint_name,
            region=region,
            endpoint_url=endpoint_url,
            ca_bundle=ca_bundle,
            credentials=credentials,
            targets=targets,
            client_config=config,
            retry_policy=retry_policy,
            close_timeout=close_timeout,
            sample_rate=sample_rate,
            **kwargs,
        )

    def _query(self) -> str:
        return self._parameters.query(self._tuning.known_good, sample_rate=self.sample_rate)

    def _check_settings(self, settings: STTSettings) -> None:
        if isinstance(settings, DeepgramFluxSageMakerSTTSettings):
            self._parameters.query(settings, sample_rate=self.sample_rate)

    @property
    def supports_ttfs(self) -> bool:
        """Whether the end of speech is known apart from the end of the turn."""
        return self._manual_turns

    def service_metadata_frame(self) -> STTMetadataFrame:
        """Recommend strategies that leave turns to Flux."""
        frame = super().service_metadata_frame()
        frame.user_turn_strategies = self.recommended_user_turn_strategies(
            enable_interruptions=self._should_interrupt
        )
        return frame

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova on Amazon SageMaker, as a Pipecat speech-to-text service."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from loguru import logger
from pipecat.frames.frames import CancelFrame, EndFrame, Frame, VADUserStoppedSpeakingFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.services.settings import STTSettings
from pipecat.services.stt_latency import DEEPGRAM_SAGEMAKER_TTFS_P99
from pipecat.services.stt_service import STTService
from pipecat.transcriptions.language import Language
from pipecat.utils.errors import ErrorCategory
from pipecat.utils.time import time_now_iso8601
from pipecat.utils.tracing.service_decorators import traced_stt

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    Message,
    RetryPolicy,
    SageMakerBidiClient,
    Target,
)
from pipecat_sagemaker_deepgram.client import session_events as events
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.messages import (
    Error,
    MalformedMessage,
    Metadata,
    Results,
    SpeechStarted,
    UnknownMessage,
    UtteranceEnd,
)
from pipecat_sagemaker_deepgram.deepgram.query import build_query
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, SageMakerDeepgramError
from pipecat_sagemaker_deepgram.stt.nova_frames import (
    interim_frame,
    language_of,
    transcription_frames,
)
from pipecat_sagemaker_deepgram.stt.nova_protocol import in_session_time, nova_protocol
from pipecat_sagemaker_deepgram.stt.nova_settings import DeepgramSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.session_reporter import (
    EVENT_HANDLERS,
    SessionReporter,
    error_category,
)

MESSAGE_HANDLERS = (
    "on_speech_started",
    "on_utterance_end",
    "on_metadata",
    "on_unknown_message",
)
"""Event handlers that get Deepgram's messages."""

CANCEL_TIMEOUT = 1.0
"""Seconds that a cancelled pipeline waits for what is left."""

DEFAULT_CLIENT_CONFIG = ClientConfig(probe_interval=15.0)
"""A service whose recovery has failed goes on trying from time to time."""


class DeepgramSageMakerSTTService(STTService):
    """Speech-to-text through Deepgram Nova on a SageMaker endpoint.

    Connects in the background while the pipeline starts; audio that comes before the stream is
    up is kept and sent first. At the end of the pipeline everything that was said is
    transcribed before ``EndFrame`` goes on, within ``close_timeout``.

    Event handlers available:

    - on_connected(service): The endpoint has accepted the stream.
    - on_disconnected(service): The stream was lost, or the session has ended.
    - on_reconnecting(service, attempt, delay): Another attempt will be made, in seconds.
    - on_reconnected(service, replayed_seconds): A lost stream has been replaced.
    - on_stream_changed(service, reason): Another stream has taken over without a loss.
    - on_speech_started(service, message), on_utterance_end(service, message),
      on_metadata(service, message), on_unknown_message(service, message): Deepgram's own
      messages, as dictionaries with session times.
    - on_connection_error(service, error): No stream could be opened; once an outage, and again
      when recovery has failed.

    Example::

        stt = DeepgramSageMakerSTTService(
            endpoint_name="my-deepgram-nova-3",
            region="us-east-1",
            settings=DeepgramSageMakerSTTService.Settings(keyterm=["Pipecat"]),
        )
    """

    Settings = DeepgramSageMakerSTTSettings
    _settings: DeepgramSageMakerSTTSettings  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(
        self,
        *,
        endpoint_name: str,
        region: str | None = None,
        encoding: str = "linear16",
        channels: int = 1,
        multichannel: bool = False,
        sample_rate: int | None = None,
        mip_opt_out: bool | None = None,
        frame_per_speaker: bool = False,
        settings: DeepgramSageMakerSTTSettings | None = None,
        ttfs_p99_latency: float | None = DEEPGRAM_SAGEMAKER_TTFS_P99,
        endpoint_url: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        credentials: Any = None,
        targets: Sequence[Target] = (),
        client_config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        **kwargs: Any,
    ) -> None:
        """Initialize the service.

        Args:
            endpoint_name: Name of the SageMaker endpoint that serves Deepgram Nova.
            region: AWS region; by default ``AWS_REGION`` or ``AWS_DEFAULT_REGION``.
            encoding: Encoding of the audio, as Deepgram names it.
            channels: Number of audio channels.
            multichannel: Transcribe each channel by itself.
            sample_rate: Sample rate in Hz; by default the pipeline's.
            mip_opt_out: Opt out of Deepgram's model improvement program.
            frame_per_speaker: Give each speaker's words a frame of their own, where ``diarize``
                tells speakers apart. Speakers are numbered anew on every stream.
            settings: What can be changed while the service runs; given fields replace the
                defaults.
            ttfs_p99_latency: 99th percentile of the seconds from the end of speech to the final
                transcript, for the turn strategies downstream.
            endpoint_url: Base URL instead of the region's own; by default
                ``AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2`` or ``AWS_ENDPOINT_URL``.
            ca_bundle: PEM file of trusted certificates; by default ``AWS_CA_BUNDLE`` or
                ``SSL_CERT_FILE``, else what the system trusts.
            credentials: ``Credentials``, a botocore or boto3 session, or an object with an async
                ``resolve()``; by default botocore's whole chain.
            targets: Further endpoints to turn to when the first one fails.
            client_config: Time limits and sizes of the client.
            retry_policy: How often and how long a lost stream is tried for.
            **kwargs: Passed to Pipecat's ``STTService``.

        Raises:
            ConfigurationError: A parameter is not valid.
        """
        if "live_options" in kwargs:
            raise ConfigurationError(
                "live_options is not taken", advice="Pass settings= and the parameters beside it."
            )
        store = self.Settings.defaults()
        if settings is not None:
            store.apply_update(settings)
        super().__init__(
            sample_rate=sample_rate,
            ttfs_p99_latency=ttfs_p99_latency,
            settings=store,
            **kwargs,
        )
        self._fixed_parameters = {
            "encoding": encoding,
            "channels": channels,
            "multichannel": multichannel or None,
            "mip_opt_out": mip_opt_out,
        }
        self._diarize_frames = frame_per_speaker
        self._client_config = client_config or DEFAULT_CLIENT_CONFIG
        self._reporter = SessionReporter(self, self._settle_settings)
        self._client = SageMakerBidiClient(
            endpoint_name=endpoint_name,
            region=region,
            targets=targets,
            endpoint_url=endpoint_url,
            ca_bundle=ca_bundle,
            credentials=credentials,
            config=self._client_config,
            retry_policy=retry_policy,
            on_event=self._reporter.take,
            protocol=nova_protocol(
                query=self._query,
                bytes_per_second=lambda: (self.sample_rate or 16_000) * channels * 2,
                frame_size=2 * channels,
                has_interims=bool(store.interim_results),
            ),
        )
        self._session_tasks: list[asyncio.Task[None]] = []
        self._previous_settings: dict[str, Any] = {}
        for name in (*EVENT_HANDLERS, *MESSAGE_HANDLERS):
            self._register_event_handler(name)

    def can_generate_metrics(self) -> bool:
        """Metrics are generated."""
        return True

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Start connecting in the background.

        Args:
            setup: The pipeline's configuration of its processors.
        """
        await super().setup(setup)
        self._session_tasks = [
            self.create_task(self._reporter.run(), "events"),
            self.create_task(self._receive(), "messages"),
        ]
        self._client.connect()

    async def stop(self, frame: EndFrame) -> None:
        """Transcribe what is left, then close.

        Args:
            frame: The frame that ends the pipeline.
        """
        await super().stop(frame)
        await self._disconnect(timeout=self._client_config.close_timeout)

    async def cancel(self, frame: CancelFrame) -> None:
        """Close at once.

        Args:
            frame: The frame that cancels the pipeline.
        """
        await super().cancel(frame)
        await self._disconnect(timeout=CANCEL_TIMEOUT)

    async def cleanup(self) -> None:
        """Close whatever is still open."""
        await super().cleanup()
        await self._disconnect(timeout=0.0)

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Hand audio to the client; results come from the session's task.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Nothing: ``None``.
        """
        await self._client.send_audio_chunk(audio)
        yield None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Ask for the transcript as soon as the user has stopped speaking.

        Args:
            frame: The frame.
            direction: Where it goes.
        """
        await super().process_frame(frame, direction)
        if isinstance(frame, VADUserStoppedSpeakingFrame) and self._client.takes_audio:
            self.request_finalize()
            await self._client.send_text(FINALIZE, kind="Finalize")

    def _query(self) -> str:
        return build_query(
            self._settings.query_parameters()
            | self._fixed_parameters
            | {"sample_rate": self.sample_rate or None}
        )

    async def _disconnect(self, *, timeout: float) -> None:
        tasks, self._session_tasks = self._session_tasks, []
        await self._client.close_session(timeout=timeout)
        if tasks:
            await asyncio.wait(tasks, timeout=1.0)
        for task in tasks:
            await self.cancel_task(task)

    async def set_usable(self, is_usable: bool) -> None:
        """Say whether the service can be given work; one that is brought back connects at once.

        Args:
            is_usable: Whether it can.
        """
        await super().set_usable(is_usable)
        if is_usable and self._session_tasks:
            self._client.connect()

    def _classify_error(self, exception: Exception) -> ErrorCategory | None:
        return error_category(exception)

    # Settings

    async def _update_settings(self, delta: STTSettings) -> dict[str, Any]:
        """Apply settings by a new stream, without losing a word of the one in use."""
        changed = await super()._update_settings(delta)
        if changed:
            self._previous_settings = changed | self._previous_settings
            self._client.change_stream("settings")
        return changed

    async def _settle_settings(
        self, change: events.Connected | events.StreamChanged | events.ChangeRefused
    ) -> None:
        """Take note that settings were applied, or go on with those before."""
        if not isinstance(change, events.Connected) and change.reason != "settings":
            return
        previous, self._previous_settings = self._previous_settings, {}
        if not isinstance(change, events.ChangeRefused):
            return
        for name, value in previous.items():
            setattr(self._settings, name, value)
        await self.push_error(
            f"The settings {', '.join(sorted(previous))} were refused, those before stay in use: "
            f"{change.cause}",
            exception=change.cause,
            category=ErrorCategory.APPLICATION,
        )

    # Messages

    async def _receive(self) -> None:
        try:
            while (message := await self._client.receive_message()) is not None:
                await self._handle_message(message)
        except SageMakerDeepgramError:
            # The session has told of it as an event.
            return

    async def _handle_message(self, received: Message) -> None:
        message, body = received.value
        try:
            body = in_session_time(body, received.timeline)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = MalformedMessage(f"a message with unreadable times ({type(error).__name__})")
        match message:
            case Results():
                await self._handle_results(message, body)
            case SpeechStarted():
                await self._call_event_handler("on_speech_started", body)
            case UtteranceEnd():
                await self._call_event_handler("on_utterance_end", body)
            case Metadata():
                await self._call_event_handler("on_metadata", body)
            case Error(variant=variant, description=description):
                logger.warning(f"{self}: Deepgram reports {variant}: {description}")
            case MalformedMessage(reason=reason):
                logger.warning(f"{self}: received {reason}; it is left out")
            case UnknownMessage():
                await self._call_event_handler("on_unknown_message", body)

    async def _handle_results(self, results: Results, body: dict[str, Any]) -> None:
        if results.from_finalize:
            self.confirm_finalize()
        if not results.alternative.transcript:
            if results.from_finalize:
                await self._finish_empty_finalize()
        elif results.is_final:
            await self._push_final(results, body)
        else:
            await self.push_frame(
                interim_frame(results, body, user_id=self._user_id, timestamp=time_now_iso8601())
            )

    async def _finish_empty_finalize(self) -> None:
        """Nothing was held back: what came before was the whole transcript."""
        await self.stop_ttfb_metrics()
        await self._cancel_ttfb_timeout()

    async def _push_final(self, results: Results, body: dict[str, Any]) -> None:
        await self.emit_stt_usage_metrics()
        frames = transcription_frames(
            results,
            body,
            user_id=self._user_id,
            timestamp=time_now_iso8601(),
            by_speaker=self._diarize_frames,
        )
        for frame in frames:
            await self.push_frame(frame)
        await self._handle_transcription(results.alternative.transcript, True, language_of(results))

    @traced_stt
    async def _handle_transcription(
        self, transcript: str, is_final: bool, language: Language | None = None
    ) -> None:
        """Record a transcription for tracing."""

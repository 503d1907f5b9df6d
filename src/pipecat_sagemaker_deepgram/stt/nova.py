# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova on Amazon SageMaker, as a Pipecat speech-to-text service."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.services.stt_latency import DEEPGRAM_SAGEMAKER_TTFS_P99
from pipecat.services.stt_service import STTService
from pipecat.transcriptions.language import Language
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
from pipecat_sagemaker_deepgram.deepgram.messages import Error, MalformedMessage, Results
from pipecat_sagemaker_deepgram.deepgram.query import build_query
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.stt.nova_protocol import in_session_time, nova_protocol
from pipecat_sagemaker_deepgram.stt.nova_settings import DeepgramSageMakerSTTSettings

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
        self._client_config = client_config or DEFAULT_CLIENT_CONFIG
        self._events: asyncio.Queue[events.SessionEvent] = asyncio.Queue()
        self._client = SageMakerBidiClient(
            endpoint_name=endpoint_name,
            region=region,
            targets=targets,
            endpoint_url=endpoint_url,
            ca_bundle=ca_bundle,
            credentials=credentials,
            config=self._client_config,
            retry_policy=retry_policy,
            on_event=self._events.put_nowait,
            protocol=nova_protocol(
                query=self._query,
                bytes_per_second=lambda: (self.sample_rate or 16_000) * channels * 2,
                frame_size=2 * channels,
                has_interims=bool(store.interim_results),
            ),
        )
        self._session_tasks: list[asyncio.Task[None]] = []
        for name in ("on_reconnecting", "on_reconnected", "on_stream_changed"):
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
            self.create_task(self._report_events(), "events"),
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
        if isinstance(frame, VADUserStoppedSpeakingFrame) and self._client.is_active:
            self.request_finalize()
            await self._client.send_text(FINALIZE, kind="Finalize")

    def _query(self) -> str:
        return build_query(
            self._settings.query_parameters()
            | self._fixed_parameters
            | {"sample_rate": self.sample_rate or None}
        )

    # The session

    async def _receive(self) -> None:
        try:
            while (message := await self._client.receive_message()) is not None:
                await self._handle_message(message)
        except SageMakerDeepgramError:
            # The session has told of it as an event.
            return

    async def _disconnect(self, *, timeout: float) -> None:
        tasks, self._session_tasks = self._session_tasks, []
        await self._client.close_session(timeout=timeout)
        if tasks:
            await asyncio.wait(tasks, timeout=1.0)
        for task in tasks:
            await self.cancel_task(task)

    async def _report_events(self) -> None:
        is_connected = has_reported_error = False
        while True:
            event = await self._events.get()
            match event:
                case events.Connected(is_first=is_first, replayed_seconds=replayed):
                    is_connected, has_reported_error = True, False
                    await self.set_usable(True)
                    await self._call_event_handler("on_connected")
                    if not is_first:
                        await self._call_event_handler("on_reconnected", replayed)
                case events.Lost():
                    is_connected = False
                    await self._call_event_handler("on_disconnected")
                case events.RetryScheduled(attempt=attempt, delay=delay):
                    await self._call_event_handler("on_reconnecting", attempt, delay)
                case events.AttemptFailed(cause=cause) if not has_reported_error:
                    has_reported_error = True
                    await self._call_event_handler("on_connection_error", str(cause))
                case events.StreamChanged(reason=reason):
                    await self._call_event_handler("on_stream_changed", reason)
                case events.GivenUp(cause=cause):
                    await self._call_event_handler("on_connection_error", str(cause))
                    await self.push_error(
                        str(cause), exception=cause, force_treat_as_permanent=True
                    )
                case events.Closed():
                    if is_connected:
                        await self._call_event_handler("on_disconnected")
                    return

    # Messages

    async def _handle_message(self, received: Message) -> None:
        message, body = received.value
        match message:
            case Results():
                await self._handle_results(message, in_session_time(body, received.timeline))
            case Error(variant=variant, description=description):
                logger.warning(f"{self}: Deepgram reports {variant}: {description}")
            case MalformedMessage(reason=reason):
                logger.warning(f"{self}: received {reason}; it is left out")

    async def _handle_results(self, results: Results, body: dict[str, Any]) -> None:
        if results.from_finalize:
            self.confirm_finalize()
        text = results.alternative.transcript
        if not text:
            return
        language = _language(results.alternative.languages)
        if results.is_final:
            await self.emit_stt_usage_metrics()
            await self.push_frame(
                TranscriptionFrame(text, self._user_id, time_now_iso8601(), language, result=body)
            )
            await self._handle_transcription(text, True, language)
        else:
            await self.push_frame(
                InterimTranscriptionFrame(
                    text, self._user_id, time_now_iso8601(), language, result=body
                )
            )

    @traced_stt
    async def _handle_transcription(
        self, transcript: str, is_final: bool, language: Language | None = None
    ) -> None:
        """Record a transcription for tracing."""


def _language(languages: tuple[str, ...]) -> Language | None:
    if not languages:
        return None
    try:
        return Language(languages[0])
    except ValueError:
        return None

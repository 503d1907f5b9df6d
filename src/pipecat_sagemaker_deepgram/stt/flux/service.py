# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Flux on Amazon SageMaker, as a Pipecat speech-to-text service."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Unpack

from loguru import logger
from pipecat.frames.frames import (
    Frame,
    STTMetadataFrame,
    UserStoppedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.stt_latency import DEEPGRAM_SAGEMAKER_TTFS_P99
from pipecat.transcriptions.language import Language
from pipecat.turns.eager_end_of_turn_mixin import EagerEndOfTurnSTTServiceMixin
from pipecat.turns.user_stop import EagerMatchPolicy
from pipecat.utils.tracing.service_decorators import traced_stt

from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.config import refuse_below_0
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    PROCESS_CAPABILITIES,
    CapabilityCache,
)
from pipecat_sagemaker_deepgram.deepgram.v2.conversation import FluxConversation
from pipecat_sagemaker_deepgram.deepgram.v2.query import SAMPLE_RATES, SPEECH_RATE
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.stt.encoding import encoder
from pipecat_sagemaker_deepgram.stt.flux.parameters import FluxParameters
from pipecat_sagemaker_deepgram.stt.flux.settings import (
    DEFAULT_EAGER_THRESHOLD,
    DeepgramFluxSageMakerSTTSettings,
)
from pipecat_sagemaker_deepgram.stt.flux.sink import TURN_HANDLERS, FluxSink
from pipecat_sagemaker_deepgram.stt.flux.turn_order import TurnOrder
from pipecat_sagemaker_deepgram.stt.options import STTServiceOptions
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService
from pipecat_sagemaker_deepgram.stt.settings import own_delta
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog
from pipecat_sagemaker_deepgram.text_values import converts_text

DEFAULT_CLIENT_CONFIG = ClientConfig(probe_interval=15.0, min_chunk_seconds=0.08)
"""Sends audio in pieces of 80 ms (Deepgram docs, "Flux quickstart"). A service whose recovery has
failed continues to try from time to time."""


class FluxServiceOptions(STTServiceOptions, total=False):
    """Options of the connection, of the client, and of Pipecat's services.

    Attributes:
        eager_match_policy: Decides whether a final transcript is close enough to the predicted
            one; passed to Pipecat's ``EagerEndOfTurnSTTServiceMixin``.
        ttfs_p99_latency: 99th percentile of the seconds from the end of speech to the final
            transcript, for the turn strategies downstream of ``manual_turns``.
    """

    eager_match_policy: EagerMatchPolicy | None
    ttfs_p99_latency: float | None


class DeepgramFluxSageMakerSTTService(
    EagerEndOfTurnSTTServiceMixin, SageMakerSTTService[FluxConversation]
):
    """Speech-to-text with turns through Deepgram Flux on a SageMaker endpoint.

    The service connects in the background while the pipeline starts; audio that arrives before the
    stream is up is kept and sent first. A turn outlives the stream it began on. At the end of the
    pipeline, everything that was said is transcribed before ``EndFrame`` moves on, within
    ``close_timeout``.

    Event handlers available:

    - on_connected(service): The container has reported that it is ready.
    - on_disconnected(service): The stream was lost, or the session has ended.
    - on_reconnecting(service, attempt, delay): Another attempt follows after ``delay`` seconds.
    - on_reconnected(service, replayed_seconds): A lost stream has been replaced.
    - on_stream_changed(service, reason): Another stream has taken over without a loss; the
      reason is one of ``ChangeReason``.
    - on_connection_error(service, error): No stream could be opened; called once per outage, and
      again when recovery has failed.
    - on_start_of_turn(service, transcript): The user has begun to speak.
    - on_update(service, transcript): The turn's transcript has changed.
    - on_eager_end_of_turn(service, transcript): The turn has probably ended.
    - on_turn_resumed(service): The turn continues after a predicted end.
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

    @converts_text
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
        **options: Unpack[FluxServiceOptions],
    ) -> None:
        """Initialize the service.

        Args:
            endpoint_name: Name of the SageMaker endpoint that serves Deepgram Flux.
            region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's.
            encoding: Encoding in which audio is sent: ``linear16``, ``linear32``, ``mulaw`` or
                ``alaw``.
            sample_rate: Sample rate in Hz; by default the pipeline's, or 16000 if Flux does not
                accept that one. Frames with another rate are resampled.
            mip_opt_out: Opt out of Deepgram's model improvement program.
            tag: Labels of the requests in usage reports.
            should_interrupt: Whether the turn strategies that the service recommends interrupt
                the bot when a turn starts.
            watchdog_min_timeout: Seconds without audio after which silence is sent so that an open
                turn can end; twice the length of a piece of audio if that is longer.
            enable_eager_end_of_turn: Let the bot respond to a predicted end of turn before the turn
                has ended. Sets ``eager_eot_threshold`` to 0.5 if the settings leave it open.
            settings: The settings that can be changed while the service runs; given fields replace
                the defaults.
            manual_turns: Let the application end turns: by ``end_turn``, or by the
                ``VADUserStoppedSpeakingFrame`` of a VAD in the pipeline. The time to the final
                transcript can then be measured. Flux still ends turns by itself as well;
                ``eot_threshold=1.0`` prevents that if the bundle accepts the value.
            capabilities: What is known about containers; by default what this process has seen.
            **options: Options of the connection, the client and Pipecat's services: see
                ``FluxServiceOptions``. By default audio is sent in pieces of 80 ms.

        Raises:
            ConfigurationError: A parameter is not valid or not known.
        """
        store = self.Settings.defaults()
        if settings is not None:
            store.apply_update(own_delta(store, settings))
        if enable_eager_end_of_turn and store.eager_eot_threshold is None:
            store.eager_eot_threshold = DEFAULT_EAGER_THRESHOLD
        options["client_config"] = config = options.get("client_config") or DEFAULT_CLIENT_CONFIG
        if manual_turns:
            options.setdefault("ttfs_p99_latency", DEEPGRAM_SAGEMAKER_TTFS_P99)
        self._parameters = FluxParameters(
            encoding=encoding,
            sample_rate=sample_rate,
            mip_opt_out=mip_opt_out,
            tag=tag,
            allow_unknown=options.pop("allow_unknown_parameters", False),
        )
        self._parameters.query(store.values())
        self._should_interrupt = should_interrupt
        self._manual_turns = manual_turns
        self._turn_order = TurnOrder()
        refuse_below_0({"watchdog_min_timeout": watchdog_min_timeout})
        encode = encoder(encoding)
        super().__init__(
            new_conversation=lambda: FluxConversation(
                store.values,
                query=self._query,
                bytes_per_second=self._bytes_per_second,
                encode=encode,
                long_turn=config.max_replay_seconds,
                max_replay_bytes=config.max_replay_buffer_bytes,
                capabilities=PROCESS_CAPABILITIES if capabilities is None else capabilities,
                ends_turns=manual_turns,
                watchdog_min_timeout=watchdog_min_timeout,
            ),
            new_sink=self._new_sink,
            check_settings=self._check,
            settings=store,
            endpoint_name=endpoint_name,
            region=region,
            sample_rate=sample_rate,
            enable_eager_end_of_turn=enable_eager_end_of_turn,
            **options,
        )
        self._warn_of(store)
        for name in TURN_HANDLERS:
            self._register_event_handler(name)

    @property
    def sample_rate(self) -> int:
        """The sample rate of the audio that is sent, in Hz; 0 until the pipeline has set one."""
        rate = super().sample_rate
        return rate if rate in SAMPLE_RATES or not rate else SPEECH_RATE

    @property
    def supports_ttfs(self) -> bool:
        """Whether the end of speech is known separately from the end of the turn."""
        return self._manual_turns

    def service_metadata_frame(self) -> STTMetadataFrame:
        """Recommend strategies that leave turns to Flux."""
        frame = super().service_metadata_frame()
        frame.user_turn_strategies = self.recommended_user_turn_strategies(
            enable_interruptions=self._should_interrupt
        )
        return frame

    def _new_sink(self, speakers: SpeakerLog) -> FluxSink:
        self._turn_order = TurnOrder()
        return FluxSink(self, speakers, self._turn_order, self._handle_transcription)

    # What the pipeline brings

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Pass audio to the client and the conversation; the session's task pushes the turns.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Only ``None``.
        """
        seconds = len(audio) / self._bytes_per_second()
        self._call.conversation.audio_given(seconds, loop_time())
        async for frame in super().run_stt(audio):
            yield frame

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Process a frame, and end the turn if the application ends turns and this frame says so.

        Args:
            frame: The frame.
            direction: The direction in which it travels.
        """
        await super().process_frame(frame, direction)
        match frame:
            case VADUserStoppedSpeakingFrame() if self._manual_turns:
                await self.end_turn()
            case UserStoppedSpeakingFrame():
                self._turn_order.end_confirmed()
            case _:
                pass

    async def end_turn(self) -> None:
        """End the turn that contains what was said until now.

        Raises:
            ConfigurationError: The service was created without ``manual_turns``.
        """
        if not self._manual_turns:
            raise ConfigurationError(
                "end_turn was called, but Flux decides when turns end",
                advice="Pass manual_turns=True.",
            )
        call = self._call
        if call.client.takes_audio:
            await self.flush_audio()
            position = self._audio_seconds
            await call.follow(call.conversation.request_end(position, loop_time()))

    def _query(self, values: Mapping[str, Any]) -> str:
        return self._parameters.query(values, sample_rate=self.sample_rate)

    def _bytes_per_second(self) -> int:
        return (self.sample_rate or 16_000) * 2

    def _check(self, settings: DeepgramFluxSageMakerSTTSettings) -> None:
        self._query(settings.values())
        self._warn_of(settings)

    def _warn_of(self, settings: DeepgramFluxSageMakerSTTSettings) -> None:
        for text in settings.warnings():
            logger.warning(f"{self}: {text}")

    @traced_stt
    async def _handle_transcription(
        self, transcript: str, is_final: bool, language: Language | None = None
    ) -> None:
        """Record a transcription for tracing."""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova on Amazon SageMaker, as a Pipecat speech-to-text service."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

from loguru import logger
from pipecat.frames.frames import (
    Frame,
    ServiceSwitcherRequestMetadataFrame,
    STTMetadataFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.stt_latency import DEEPGRAM_SAGEMAKER_TTFS_P99
from pipecat.transcriptions.language import Language
from pipecat.utils.tracing.service_decorators import traced_stt

from pipecat_sagemaker_deepgram.client.config import refuse_below_0
from pipecat_sagemaker_deepgram.deepgram.v1.conversation import NovaConversation
from pipecat_sagemaker_deepgram.deepgram.v1.finalize import FinalizeTimeout
from pipecat_sagemaker_deepgram.exceptions import ClosedError, ConfigurationError
from pipecat_sagemaker_deepgram.stt.encoding import encoder
from pipecat_sagemaker_deepgram.stt.nova.parameters import NovaParameters
from pipecat_sagemaker_deepgram.stt.nova.settings import (
    DeepgramSageMakerSTTSettings,
    language_code,
)
from pipecat_sagemaker_deepgram.stt.nova.sink import MESSAGE_HANDLERS, NovaSink
from pipecat_sagemaker_deepgram.stt.options import STTServiceOptions
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService
from pipecat_sagemaker_deepgram.stt.settings import own_delta
from pipecat_sagemaker_deepgram.text_values import converts_text

if TYPE_CHECKING:
    from pipecat.turns.user_turn_strategies import UserTurnStrategies

NOTED_EVERY = 0.1
"""Least seconds between two notes to the conversation about new audio: too short for a word."""


class DeepgramSageMakerSTTService(SageMakerSTTService[NovaConversation]):
    """Speech-to-text through Deepgram Nova on a SageMaker endpoint.

    The service connects in the background while the pipeline starts; audio that arrives before the
    stream is up is kept and sent first. At the end of the pipeline, everything that was said is
    transcribed before ``EndFrame`` moves on, within ``close_timeout``.

    ``Finalize`` is sent when the user stops speaking. If no answer arrives within
    ``finalize_timeout``, the last interim is pushed as the transcription, with ``promoted`` set
    in its ``result``. If a final arrives later, only the words beyond that interim are pushed, with
    ``trimmed`` set in their ``result``, which contains the final as it arrived.

    If the transport distinguishes users, a frame's ``user_id`` is the user whose audio contained
    its first word.

    Event handlers available:

    - on_connected(service): The endpoint has accepted the stream.
    - on_disconnected(service): The stream was lost, or the session has ended.
    - on_reconnecting(service, attempt, delay): Another attempt follows after ``delay`` seconds.
    - on_reconnected(service, replayed_seconds): A lost stream has been replaced.
    - on_stream_changed(service, reason): Another stream has taken over without a loss; the
      reason is one of ``ChangeReason``.
    - on_speech_started(service, message), on_utterance_end(service, message),
      on_metadata(service, message), on_unknown_message(service, message): Deepgram's own
      messages, as dictionaries with session times.
    - on_connection_error(service, error): No stream could be opened; called once per outage, and
      again when recovery has failed.

    Example::

        stt = DeepgramSageMakerSTTService(
            endpoint_name="my-deepgram-nova-3",
            region="us-east-1",
            settings=DeepgramSageMakerSTTService.Settings(keyterm=["Pipecat"]),
        )
    """

    Settings = DeepgramSageMakerSTTSettings
    _settings: DeepgramSageMakerSTTSettings  # pyright: ignore[reportIncompatibleVariableOverride]

    @converts_text
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
        tag: str | Sequence[str] | None = None,
        extra_metadata: Mapping[str, str] | None = None,
        frame_per_speaker: bool = False,
        settings: DeepgramSageMakerSTTSettings | None = None,
        finalize_timeout: FinalizeTimeout = "learned",
        ttfs_p99_latency: float | None = DEEPGRAM_SAGEMAKER_TTFS_P99,
        **options: Unpack[STTServiceOptions],
    ) -> None:
        """Initialize the service.

        Args:
            endpoint_name: Name of the SageMaker endpoint that serves Deepgram Nova.
            region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's.
            encoding: Encoding in which the pipeline's audio is sent: ``linear16`` (unchanged),
                ``linear32`` (floating point), or ``mulaw`` or ``alaw`` with half the bytes.
            channels: Number of interleaved audio channels. Frames with more channels are mixed;
                if frames have fewer, the other channels are silent.
            multichannel: Transcribe each channel separately. A frame's ``user_id`` then ends in
                its channel, as in ``"alice:channel1"`` or, without a user, ``"channel1"``;
                ``result["channel_index"]`` contains the channel's index and the number of channels.
            sample_rate: Sample rate in Hz; by default the pipeline's. Frames with another rate are
                resampled.
            mip_opt_out: Opt out of Deepgram's model improvement program.
            tag: Labels for Deepgram's usage reports, of 128 characters at most.
            extra_metadata: Pairs that Deepgram returns in ``on_metadata``, as ``extra``.
            frame_per_speaker: Push a separate frame for each speaker's words if ``diarize``
                distinguishes speakers; ``user_id`` then ends in the speaker's number, as in
                ``"alice:1"``. The numbers start again on every stream.
            settings: The settings that can be changed while the service runs; given fields replace
                the defaults.
            finalize_timeout: Seconds to wait for the answer to a ``Finalize`` before the last
                interim is used instead; ``None`` waits forever. By default ``"learned"``: three
                times as long as recent answers have taken, at least 1 s and at most 10 s (4 s
                before the first answer), and never while results of earlier audio still arrive.
            ttfs_p99_latency: 99th percentile of the seconds from the end of speech to the final
                transcript, for the turn strategies downstream.
            **options: Options of the connection, the client and Pipecat's services: see
                ``STTServiceOptions``.

        Raises:
            ConfigurationError: A parameter is not valid or not known.
        """
        if "live_options" in options:
            raise ConfigurationError(
                "live_options is not supported",
                advice="Pass settings= and this class's other parameters.",
            )
        store = self.Settings.defaults()
        if settings is not None:
            store.apply_update(own_delta(store, settings))
        self._parameters = NovaParameters(
            encoding=encoding,
            channels=channels,
            multichannel=multichannel,
            sample_rate=sample_rate,
            mip_opt_out=mip_opt_out,
            tag=tag,
            extra_metadata=extra_metadata,
            allow_unknown=options.pop("allow_unknown_parameters", False),
        )
        self._parameters.query(store)
        refuse_below_0({"finalize_timeout": finalize_timeout})
        encode = encoder(encoding)
        self._is_behind_switcher = False
        self._note_audio_at = 0.0
        super().__init__(
            new_conversation=lambda: NovaConversation(
                query=self._query,
                bytes_per_second=lambda: (self.sample_rate or 16_000) * channels * 2,
                frame_size=2 * channels,
                has_interims=lambda: bool(self._settings.interim_results),
                encode=encode,
                channels=channels if multichannel else 1,
                finalize_timeout=finalize_timeout,
            ),
            new_sink=lambda speakers: NovaSink(
                self,
                speakers,
                self._handle_transcription,
                by_speaker=frame_per_speaker,
                by_channel=multichannel,
            ),
            check_settings=self._query_of,
            settings=store,
            endpoint_name=endpoint_name,
            region=region,
            sample_rate=sample_rate,
            channels=channels,
            ttfs_p99_latency=ttfs_p99_latency,
            **options,
        )
        for name in MESSAGE_HANDLERS.values():
            self._register_event_handler(name)

    def _query(self) -> str:
        return self._query_of(self._settings)

    def _query_of(self, settings: DeepgramSageMakerSTTSettings) -> str:
        return self._parameters.query(settings, sample_rate=self.sample_rate)

    def language_to_service_language(self, language: Language) -> str:
        """Return Deepgram's code of a language.

        Args:
            language: The language.
        """
        return language_code(language)

    def service_metadata_frame(self) -> STTMetadataFrame:
        """Report the latency of transcripts and, to a ``ServiceSwitcher``, the turn strategies.

        A switcher may have used a service that detects turns itself. The pipeline then keeps the
        strategies of that service unless the next one recommends others.
        """
        frame = super().service_metadata_frame()
        if self._is_behind_switcher:
            frame.user_turn_strategies = self._turn_strategies
        return frame

    @cached_property
    def _turn_strategies(self) -> "UserTurnStrategies":
        """The strategies for a switcher, loaded when one asks for them."""
        from pipecat_sagemaker_deepgram.stt.turn_strategies import DefaultTurnStrategies

        return DefaultTurnStrategies()

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Pass audio to the client and the conversation; the session's task pushes the transcripts.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Only ``None``.
        """
        try:
            await self._call.client.send_audio_chunk(audio)
        except ClosedError:
            logger.trace(f"{self}: audio was dropped because the session is already closing")
        moment = asyncio.get_running_loop().time()
        if moment >= self._note_audio_at:
            self._note_audio_at = moment + NOTED_EVERY
            self._note_audio(moment)
        yield None

    def _note_audio(self, moment: float) -> None:
        """Note in the conversation that audio is flowing, so that it can notice when that ends."""
        call = self._call
        call.conversation.audio_given(call.client.audio_seconds, moment)
        call.wake_in_time()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Process a frame, and note a ``ServiceSwitcher`` and the start and end of speech.

        Args:
            frame: The frame.
            direction: The direction in which it travels.
        """
        if isinstance(frame, ServiceSwitcherRequestMetadataFrame):
            self._is_behind_switcher = True
        await super().process_frame(frame, direction)
        call = self._call
        if isinstance(frame, VADUserStartedSpeakingFrame):
            await call.follow(call.conversation.user_started())
        elif isinstance(frame, VADUserStoppedSpeakingFrame) and call.client.takes_audio:
            self.request_finalize()
            await call.follow(call.conversation.user_stopped(self._audio_seconds))

    @traced_stt
    async def _handle_transcription(
        self, transcript: str, is_final: bool, language: Language | None = None
    ) -> None:
        """Record a transcription for tracing."""

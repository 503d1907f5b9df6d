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
"""Seconds of audio too short to hold a word: the conversation learns no more often of new audio."""


class DeepgramSageMakerSTTService(SageMakerSTTService[NovaConversation]):
    """Speech-to-text through Deepgram Nova on a SageMaker endpoint.

    Connects in the background while the pipeline starts; audio that comes before the stream is
    up is kept and sent first. At the end of the pipeline everything that was said is
    transcribed before ``EndFrame`` goes on, within ``close_timeout``.

    ``Finalize`` is sent when the user stops speaking. Where no answer comes within
    ``finalize_timeout``, the last interim is pushed as the transcription, with ``promoted`` set
    in its ``result``; of a final that comes later only the words beyond it are pushed, with
    ``trimmed`` set in its ``result``, which holds the final as it came.

    A frame's ``user_id`` is whose audio its first word was in, where the transport tells users
    apart.

    Event handlers available:

    - on_connected(service): The endpoint has accepted the stream.
    - on_disconnected(service): The stream was lost, or the session has ended.
    - on_reconnecting(service, attempt, delay): Another attempt will be made, in seconds.
    - on_reconnected(service, replayed_seconds): A lost stream has been replaced.
    - on_stream_changed(service, reason): Another stream has taken over without a loss; the
      reason is one of ``ChangeReason``.
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
            encoding: What the pipeline's audio is sent as: ``linear16`` as it is, ``linear32``
                (floating point), ``mulaw`` or ``alaw``, the last two with half the bytes.
            channels: Number of audio channels, interleaved. Frames that have more are mixed, and
                where they have fewer the others are silent.
            multichannel: Transcribe each channel by itself. A frame's ``user_id`` then ends in
                its channel, as in ``"alice:channel1"`` or, without a user, ``"channel1"``;
                ``result["channel_index"]`` is the channel's index and how many there are.
            sample_rate: Sample rate in Hz; by default the pipeline's. Frames of another are
                resampled.
            mip_opt_out: Opt out of Deepgram's model improvement program.
            tag: Labels for Deepgram's usage reports, of 128 characters at most.
            extra_metadata: Pairs that come back in ``on_metadata``, as Deepgram's ``extra``.
            frame_per_speaker: Give each speaker's words a frame of their own, where ``diarize``
                distinguishes speakers; ``user_id`` then ends in the speaker's number, as in
                ``"alice:1"``. The numbers start again on every stream.
            settings: What can be changed while the service runs; given fields replace the
                defaults.
            finalize_timeout: Seconds from when ``Finalize`` was sent to when the last interim
                stands for an answer; ``None`` waits for ever. By default ``"learned"``: three
                times as long as answers have lately taken, at least 1 s (4 s before anything is
                known, 10 s at most), and never while results of the audio before still arrive.
            ttfs_p99_latency: 99th percentile of the seconds from the end of speech to the final
                transcript, for the turn strategies downstream.
            **options: Where and as whom, as ``ConnectionOptions`` has it; ``client_config``,
                ``retry_policy``, ``close_timeout`` and Pipecat's own, as ``STTServiceOptions`` has
                them.

        Raises:
            ConfigurationError: A parameter is not valid, or none of that name is known.
        """
        if "live_options" in options:
            raise ConfigurationError(
                "live_options is not taken", advice="Pass settings= and the parameters beside it."
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
        """Give Deepgram's code of a language.

        Args:
            language: The language.
        """
        return language_code(language)

    def service_metadata_frame(self) -> STTMetadataFrame:
        """Say how late transcripts come, and to a ``ServiceSwitcher`` also who finds the turns.

        A switcher may have had a service that finds turns itself, and the pipeline goes on by
        the strategies that one asked for unless the next asks for others.
        """
        frame = super().service_metadata_frame()
        if self._is_behind_switcher:
            frame.user_turn_strategies = self._turn_strategies
        return frame

    @cached_property
    def _turn_strategies(self) -> "UserTurnStrategies":
        """What a switcher gets, loaded when one asks for it."""
        from pipecat_sagemaker_deepgram.stt.turn_strategies import DefaultTurnStrategies

        return DefaultTurnStrategies()

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Hand audio to the client and the conversation; words come from the session's task.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Nothing: ``None``.
        """
        try:
            await self._call.client.send_audio_chunk(audio)
        except ClosedError:
            logger.trace(f"{self}: audio has overtaken EndFrame, behind which none is sent")
        moment = asyncio.get_running_loop().time()
        if moment >= self._note_audio_at:
            self._note_audio_at = moment + NOTED_EVERY
            self._note_audio(moment)
        yield None

    def _note_audio(self, moment: float) -> None:
        """Have the conversation know that audio flows, so that it sees where that ends."""
        call = self._call
        call.conversation.audio_given(call.client.audio_seconds, moment)
        call.wake_in_time()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take note of a ``ServiceSwitcher``, and of the user's speech as it begins and ends.

        Args:
            frame: The frame.
            direction: Where it goes.
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

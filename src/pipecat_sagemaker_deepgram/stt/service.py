# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What both services have in common, with one ``Call`` for each pipeline."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    STTMuteFrame,
    TranscriptionFrame,
    UserMuteStartedFrame,
    UserMuteStoppedFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.services.settings import ServiceSettings, STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.errors import ErrorCategory

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    RetryPolicy,
    SageMakerBidiClient,
    SessionStats,
)
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions
from pipecat_sagemaker_deepgram.deepgram.conversation import Conversation
from pipecat_sagemaker_deepgram.deepgram.steps import SettingsRefused
from pipecat_sagemaker_deepgram.exceptions import ClosedError, ConfigurationError
from pipecat_sagemaker_deepgram.stt.arguments import refuse_negative_times, refuse_unknown_arguments
from pipecat_sagemaker_deepgram.stt.audio_format import AudioInput, Linear16Format
from pipecat_sagemaker_deepgram.stt.call import Call, FrameSink
from pipecat_sagemaker_deepgram.stt.errors import error_category
from pipecat_sagemaker_deepgram.stt.fresh_start import drop_queued_frames, forget_state
from pipecat_sagemaker_deepgram.stt.options import service_config, take_connection_options
from pipecat_sagemaker_deepgram.stt.session_reporter import EVENT_HANDLERS
from pipecat_sagemaker_deepgram.stt.settings import own_delta, restore
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

CANCEL_TIMEOUT = 1.0
"""Seconds that a cancelled pipeline waits for the remaining answers."""


class SageMakerSTTService[C: Conversation](STTService):
    """A speech-to-text service whose words come from a container behind a SageMaker endpoint.

    The service connects in the background while the pipeline starts; audio that arrives before the
    stream is up is kept and sent first. At the end, everything that was said is transcribed before
    ``EndFrame`` moves on, within ``close_timeout``. The service starts afresh in every pipeline;
    only its settings keep their last values.

    Args:
        new_conversation: Creates the conversation, which decides what follows from records.
        new_sink: Creates the sink, which reports the conversation's steps to the pipeline.
        check_settings: Checks a complete store of settings; raises ``ConfigurationError`` if no
            container would accept it.
        settings: A complete store of settings.
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's.
        client_config: Time limits and sizes of the client; a missing ``probe_interval`` becomes 15.
        retry_policy: How often and how long to try to replace a lost stream.
        close_timeout: Most seconds for the rest of the transcript at the end of the pipeline; by
            default ``client_config``'s.
        transcribe_while_muted: Whether to push words that were said between a
            ``UserMuteStartedFrame`` and its ``UserMuteStoppedFrame``.
        channels: Number of channels that are sent; frames with another number are converted.
        **options: Options of the connection, as in ``ConnectionOptions``; all others are passed
            to Pipecat's ``STTService``.

    Raises:
        ConfigurationError: A parameter is not valid or not known.
    """

    def __init__(
        self,
        *,
        new_conversation: Callable[[], C],
        new_sink: Callable[[SpeakerLog], FrameSink],
        check_settings: Callable[[Any], object],
        settings: STTSettings,
        endpoint_name: str,
        region: str | None = None,
        client_config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        close_timeout: float | None = None,
        transcribe_while_muted: bool = False,
        channels: int = 1,
        **options: Any,
    ) -> None:
        connection = take_connection_options(options)
        refuse_unknown_arguments(type(self), options, also=ConnectionOptions.__annotations__)
        refuse_negative_times(options)
        super().__init__(settings=settings, **options)
        config = service_config(client_config, close_timeout=close_timeout)
        self._close_timeout = config.close_timeout
        self._transcribe_while_muted = transcribe_while_muted
        self._check_settings = check_settings

        def new_call() -> Call[C]:
            conversation = new_conversation()
            client = SageMakerBidiClient(
                endpoint_name,
                region,
                protocol=conversation.protocol,
                config=config,
                retry_policy=retry_policy,
                **connection,
            )
            return Call(self, client, conversation, new_sink)

        self._new_call = new_call
        self._call = new_call()
        self._channels = channels
        self._audio = AudioInput(Linear16Format(0, channels))
        for name in EVENT_HANDLERS:
            self._register_event_handler(name)

    @property
    def stats(self) -> SessionStats:
        """Counters of the pipeline's session, and its target."""
        return self._call.client.stats

    def can_generate_metrics(self) -> bool:
        """Whether the service generates metrics: it does."""
        return True

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Start connecting in the background, after resetting the state of an earlier pipeline.

        Args:
            setup: The pipeline's configuration of its processors.
        """
        is_used = self._call.has_begun
        if is_used:
            forget_state(self)
            self._call = self._new_call()
        await super().setup(setup)
        if is_used:
            await super().set_usable(True)
            await self.cancel_ttfb_metrics()
        self._audio = AudioInput(Linear16Format(self.sample_rate, self._channels))
        self._call.begin()

    async def stop(self, frame: EndFrame) -> None:
        """Wait for the rest of the transcript, then close.

        Args:
            frame: The frame that ends the pipeline.
        """
        await self.flush_audio()
        await super().stop(frame)
        await self._call.end(timeout=self._close_timeout)

    async def cancel(self, frame: CancelFrame) -> None:
        """Close at once.

        Args:
            frame: The frame that cancels the pipeline.
        """
        await super().cancel(frame)
        await self._call.end(timeout=CANCEL_TIMEOUT, is_cancelled=True)

    async def cleanup(self) -> None:
        """Close whatever is still open."""
        await super().cleanup()
        await self._call.end(timeout=0.0)
        drop_queued_frames(self)

    async def push_frame(
        self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM
    ) -> None:
        """Push a frame; at a transcription, add the session's events to Pipecat's open span.

        Args:
            frame: The frame.
            direction: The direction in which it travels.
        """
        if isinstance(frame, TranscriptionFrame):
            self._call.tracing.show()
        await super().push_frame(frame, direction)

    async def set_usable(self, is_usable: bool) -> None:
        """Set whether the service can be used; one that becomes usable again connects at once.

        Args:
            is_usable: Whether it can be used.
        """
        await super().set_usable(is_usable)
        if is_usable and self._call.is_on:
            self._call.client.connect()

    def _classify_error(self, exception: Exception) -> ErrorCategory | None:
        return error_category(exception)

    # What the pipeline brings

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Process a frame, and note when the user is muted.

        Args:
            frame: The frame.
            direction: The direction in which it travels.
        """
        if isinstance(frame, STTMuteFrame | VADUserStoppedSpeakingFrame):
            await self.flush_audio()
        await super().process_frame(frame, direction)
        who = "stt" if isinstance(frame, STTMuteFrame) else "user"
        conversation = self._call.conversation
        match frame:
            case UserMuteStartedFrame() | STTMuteFrame(mute=True):
                if not self._transcribe_while_muted:
                    conversation.muted(who, self._audio_seconds)
            case UserMuteStoppedFrame() | STTMuteFrame(mute=False):
                await self._call.follow(conversation.unmuted(who, self._audio_seconds))
            case _:
                pass

    @property
    def _audio_seconds(self) -> float:
        """Seconds of audio that the pipeline has delivered, on the session's clock."""
        return self._call.client.audio_seconds + self._audio.held_seconds

    async def process_audio_frame(
        self, frame: InputAudioRawFrame, direction: FrameDirection
    ) -> None:
        """Accept audio of any format; a format other than the service's is reported once.

        Args:
            frame: The audio.
            direction: The direction in which it travels.
        """
        if self.is_muted or not self.is_usable:
            return
        if news := self._audio.news_of(frame):
            await self.push_error(news, category=ErrorCategory.APPLICATION)
        user_id, speakers = getattr(frame, "user_id", ""), self._call.speakers
        if user_id != speakers.latest:
            speakers.note(user_id, self._audio_seconds)
        converted = self._audio.convert(frame)
        if converted is not None:
            await super().process_audio_frame(converted, direction)

    async def flush_audio(self) -> None:
        """Send the client the audio that a resampler is still holding back."""
        if rest := self._audio.flush():
            self._record_stt_audio_usage(rest)
            async for _ in self.run_stt(rest):
                pass

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Pass audio to the client; the session's task pushes the results.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Only ``None``.
        """
        try:
            await self._call.client.send_audio_chunk(audio)
        except ClosedError:
            logger.trace(f"{self}: audio was dropped because the session is already closing")
        yield None

    async def _update_settings(self, delta: STTSettings) -> dict[str, Any]:
        """Apply settings without losing a word.

        Invalid settings are reported as an error and change nothing.
        """
        given = delta.given_fields() if isinstance(delta, ServiceSettings) else {}
        try:
            delta = own_delta(self._settings, delta)
            wanted = self._settings.copy()
            wanted.apply_update(delta)
            self._check_settings(wanted)
        except ConfigurationError as error:
            await self._call.reporter.report_refused(given, error, why=str(error))
            return {}
        changed = await super()._update_settings(delta)
        if changed:
            await self._call.follow(self._call.conversation.change_settings(changed, loop_time()))
        return changed

    async def undo_settings(self, refused: SettingsRefused, why: str) -> None:
        """Restore the previous settings and report that.

        Args:
            refused: The settings that the container refused.
            why: The reason, in words for the user.
        """
        restore(self._settings, refused.previous)
        self._sync_model_name_to_metrics()
        await self._call.reporter.report_refused(refused.previous, refused.cause, why=why)

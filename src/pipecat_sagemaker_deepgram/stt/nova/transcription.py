# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a Deepgram Nova service does about speech: asks for transcripts and pushes them."""

import asyncio
from typing import Any

from loguru import logger
from pipecat.frames.frames import Frame, VADUserStartedSpeakingFrame, VADUserStoppedSpeakingFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601
from pipecat.utils.tracing.service_decorators import traced_stt

from pipecat_sagemaker_deepgram.client import Message
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.v1.finalize import Finalizing
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Error,
    MalformedMessage,
    Metadata,
    Results,
    SpeechStarted,
    UnknownMessage,
    UtteranceEnd,
)
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import INCOMPLETE, in_session_time, settled_to
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import Transcript, Transcripts
from pipecat_sagemaker_deepgram.stt.nova.frames import interim_frame, transcription_frames
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService

MESSAGE_HANDLERS: dict[type, str] = {
    SpeechStarted: "on_speech_started",
    UtteranceEnd: "on_utterance_end",
    Metadata: "on_metadata",
    UnknownMessage: "on_unknown_message",
}
"""Event handlers that get Deepgram's messages."""

_FINALIZE_KIND = "Finalize"


class NovaTranscription(SageMakerSTTService):
    """Sends ``Finalize`` when the user stops speaking, and pushes what the container recognises.

    Args:
        channels: How many channels are transcribed each by itself.
        multichannel: Whether frames tell their channel.
        frame_per_speaker: Whether each speaker's words get a frame of their own.
        finalize_timeout: Seconds after which the last interim stands for an answer to
            ``Finalize``; ``None`` waits for ever.
        **kwargs: Passed to ``SageMakerSTTService``.
    """

    def __init__(
        self,
        *,
        channels: int,
        multichannel: bool,
        frame_per_speaker: bool,
        finalize_timeout: float | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._by_channel = multichannel
        self._by_speaker = frame_per_speaker
        self._transcripts = Transcripts()
        self._finalizing = Finalizing(channels=channels, timeout=finalize_timeout)
        for name in MESSAGE_HANDLERS.values():
            self._register_event_handler(name)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Ask for the transcript as soon as the user has stopped speaking.

        Args:
            frame: The frame.
            direction: Where it goes.
        """
        await super().process_frame(frame, direction)
        if isinstance(frame, VADUserStartedSpeakingFrame):
            self._finalizing.forget()
            self._set_timer(self._finalizing.deadline)
        elif isinstance(frame, VADUserStoppedSpeakingFrame) and self._client.takes_audio:
            await self._ask_for_transcript()

    async def _ask_for_transcript(self) -> None:
        self.request_finalize()
        has_all = self._finalizing.request(self._client.audio_seconds)
        self._set_timer(self._finalizing.deadline)
        await self._client.send_text(FINALIZE, kind=_FINALIZE_KIND)
        if has_all:
            await self._finish_empty_finalize()

    # The session

    def _take_event(self, event: events.SessionEvent) -> None:
        super()._take_event(event)
        now = asyncio.get_running_loop().time()
        match event:
            case events.ControlSent(kind=kind) if kind == _FINALIZE_KIND:
                self._finalizing.sent(now)
            case events.Lost():
                self._finalizing.lost()
            case events.GivenUp():
                self._finalizing.give_up(now)
            case _:
                return
        self._set_timer(self._finalizing.deadline)

    async def _handle_timer(self) -> None:
        unanswered = self._finalizing.expire()
        await self._push_promoted(self._transcripts.promote(unanswered))

    async def _handle_end(self) -> None:
        await self._push_promoted(self._transcripts.promote())

    # Messages

    async def _handle_message(self, message: Message) -> None:
        parsed, body = message.value
        try:
            parsed, body = in_session_time(parsed, body, message.timeline)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            parsed = MalformedMessage(f"a message with unreadable times ({type(error).__name__})")
        match parsed:
            case Results():
                await self._handle_results(parsed, body, stream=message.stream)
            case Metadata(sha256=sha256):
                if sha256 != INCOMPLETE:
                    self._transcripts.answered()
                await self._call_event_handler("on_metadata", body)
            case SpeechStarted() | UtteranceEnd() | UnknownMessage():
                await self._call_event_handler(MESSAGE_HANDLERS[type(parsed)], body)
            case Error(variant=variant, description=description):
                logger.warning(f"{self}: Deepgram reports {variant}: {description}")
            case MalformedMessage(reason=reason):
                logger.warning(f"{self}: received {reason}; it is left out")

    async def _handle_results(self, results: Results, body: dict[str, Any], *, stream: int) -> None:
        transcript = self._transcripts.take(results, body, stream=stream)
        is_finalized = self._answers_finalize(results)
        if is_finalized:
            self._set_timer(self._finalizing.deadline)
        if transcript is None:
            if is_finalized:
                await self._finish_empty_finalize()
        elif transcript.results.is_final:
            await self._push_final(transcript, is_finalized=is_finalized)
        else:
            await self._push_interim(transcript)

    def _answers_finalize(self, results: Results) -> bool:
        """Whether nothing is waited for any more; a final may say it all without being asked."""
        channel, channels = results.channel, results.channels
        has_all = self._finalizing.heard(channel, channels, to=settled_to(results))
        is_answer = results.from_finalize and self._finalizing.answered(
            channel, channels, to=results.end
        )
        return has_all or is_answer

    async def _push_interim(self, transcript: Transcript) -> None:
        await self.push_frame(
            interim_frame(
                transcript,
                user_at=self._speakers.at,
                timestamp=time_now_iso8601(),
                by_channel=self._by_channel,
            )
        )

    async def _push_promoted(self, transcripts: list[Transcript]) -> None:
        for transcript in transcripts:
            logger.debug(f"{self}: no final came for the last interim, which stands for it")
            await self._push_final(transcript, is_finalized=transcript is transcripts[-1])

    async def _finish_empty_finalize(self) -> None:
        """Nothing was held back: what came before was the whole transcript."""
        await self.stop_ttfb_metrics()
        await self._cancel_ttfb_timeout()

    async def _push_final(self, transcript: Transcript, *, is_finalized: bool) -> None:
        """Push a final's frames; the last one carries the mark of a finalized transcript."""
        await self.emit_stt_usage_metrics()
        *before, last = transcription_frames(
            transcript,
            user_at=self._speakers.at,
            timestamp=time_now_iso8601(),
            by_speaker=self._by_speaker,
            by_channel=self._by_channel,
        )
        for frame in before:
            await self.push_frame(frame)
        if is_finalized:
            self.confirm_finalize()
        await self.push_frame(last)
        said = transcript.results.alternative.transcript
        await self._handle_transcription(said, True, last.language)

    @traced_stt
    async def _handle_transcription(
        self, transcript: str, is_final: bool, language: Language | None = None
    ) -> None:
        """Record a transcription for tracing."""

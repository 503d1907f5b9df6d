# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reports a conversation with Deepgram Nova to Pipecat: by frames, metrics and event handlers."""

from collections.abc import Awaitable, Callable

from pipecat.frames.frames import TranscriptionFrame
from pipecat.services.stt_service import STTService
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from pipecat_sagemaker_deepgram.deepgram.messages import UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Metadata, SpeechStarted, UtteranceEnd
from pipecat_sagemaker_deepgram.deepgram.v1.steps import (
    FinalHeard,
    FinalizeAnswered,
    InterimHeard,
    MessageReceived,
    NovaStep,
)
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript
from pipecat_sagemaker_deepgram.stt.nova.frames import interim_frame, transcription_frames
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

MESSAGE_HANDLERS: dict[type, str] = {
    SpeechStarted: "on_speech_started",
    UtteranceEnd: "on_utterance_end",
    Metadata: "on_metadata",
    UnknownMessage: "on_unknown_message",
}
"""Event handlers to which Deepgram's messages are passed."""

type Trace = Callable[[str, bool, Language | None], Awaitable[None]]


class NovaSink:
    """Reports the steps of a ``NovaConversation`` to a service's pipeline.

    Args:
        service: Pushes the frames and metrics and calls the event handlers.
        speakers: Knows whose audio it was.
        trace: Records a transcription for tracing.
        by_speaker: Whether each speaker's words get a separate frame.
        by_channel: Whether frames name their channel.
    """

    def __init__(
        self,
        service: STTService,
        speakers: SpeakerLog,
        trace: Trace,
        *,
        by_speaker: bool,
        by_channel: bool,
    ) -> None:
        self._service = service
        self._speakers = speakers
        self._trace = trace
        self._by_speaker = by_speaker
        self._by_channel = by_channel

    async def put(self, step: NovaStep) -> None:
        """Report one step.

        Args:
            step: The step; not one that the service itself carries out.
        """
        match step:
            case InterimHeard(transcript=transcript):
                await self._push_interim(transcript)
            case FinalHeard(transcript=transcript, is_finalized=is_finalized):
                await self._push_final(transcript, is_finalized=is_finalized)
            case FinalizeAnswered():
                await self._service.stop_ttfb_metrics()
                await self._service._cancel_ttfb_timeout()
            case MessageReceived(message=message, body=body):
                await self._service._call_event_handler(MESSAGE_HANDLERS[type(message)], body)
            case _:
                raise TypeError(f"{type(step).__name__} is not for a sink")

    def _asked_language(self) -> str | None:
        language = self._service._settings.language
        return language if isinstance(language, str) else None

    async def _push_interim(self, transcript: FreshTranscript) -> None:
        await self._service.push_frame(
            interim_frame(
                transcript,
                user_at=self._speakers.at,
                timestamp=time_now_iso8601(),
                language=self._asked_language(),
                by_channel=self._by_channel,
            )
        )

    async def _push_final(self, transcript: FreshTranscript, *, is_finalized: bool) -> None:
        """Push a final's frames; the last one may be marked as finalized."""
        service = self._service
        await service.emit_stt_usage_metrics()
        *before, last = self._frames_of(transcript)
        for frame in before:
            await service.push_frame(frame)
        if is_finalized:
            service.confirm_finalize()
        await service.push_frame(last)
        said = transcript.results.alternative.transcript
        await self._trace(said, True, last.language)

    def _frames_of(self, final: FreshTranscript) -> list[TranscriptionFrame]:
        return transcription_frames(
            final,
            user_at=self._speakers.at,
            timestamp=time_now_iso8601(),
            language=self._asked_language(),
            by_speaker=self._by_speaker,
            by_channel=self._by_channel,
        )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Observes a soak's run from behind its service: streams, breaks, and when each word came."""

import asyncio

from benchmarks.pictures.soak_runs import SoakRun, WordHeard
from pipecat.frames.frames import Frame, InputAudioRawFrame, TranscriptionFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram.cli.events import read_message
from pipecat_sagemaker_deepgram.client.records import SessionEvent
from pipecat_sagemaker_deepgram.recorded.listening import Listening
from pipecat_sagemaker_deepgram.recorded.transcript import Segment, SpokenWord

from ..local_path import RATE


class RunObserver(FrameProcessor):
    """Stands behind the service in the pipeline.

    Args:
        service: The service.
        name: What the run is called.
        model: Deepgram's model.
    """

    def __init__(self, service: STTService, name: str, *, model: str) -> None:
        super().__init__()
        self._now = asyncio.get_running_loop().time
        self._began = self._now()
        self._listening = Listening(channel=None, began=self._began)
        self._sent = 0.0
        self._is_over = False
        self.run = SoakRun(source=name, sample_rate=RATE // 2, channels=1, model=model)

        @service.event_handler("on_session_event")
        async def on_session_event(_: STTService, event: SessionEvent) -> None:
            if not self._is_over:
                self._listening.observe(event, self._now())

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        match frame:
            case InputAudioRawFrame():
                self._sent += len(frame.audio) / RATE
                self._listening.note_sent(self._sent, self._now())
            case TranscriptionFrame():
                self._take(frame)
        await self.push_frame(frame, direction)

    def finish(self) -> SoakRun:
        """What was observed; the service's next call is another observer's."""
        self._is_over = True
        self.run.seconds = round(self._sent, 3)
        self.run.took = round(self._now() - self._began, 3)
        self.run.streams = self._listening.streams
        self.run.settle()
        return self.run

    def _take(self, frame: TranscriptionFrame) -> None:
        now = self._now()
        heard = read_message(frame.text, frame.result or {}, is_final=True, at=now)
        words = heard.words or (SpokenWord(text=heard.text, start=heard.start, end=heard.end),)
        self.run.heard += [self._word(word, now) for word in words]
        self.run.segments.append(
            Segment(
                text=heard.text,
                start=heard.start,
                end=heard.end,
                words=heard.words,
                arrived=round(now - self._began, 3),
                latency=self.run.heard[-1].latency,
            )
        )

    def _word(self, word: SpokenWord, now: float) -> WordHeard:
        said = self._listening.sent_at(word.end) or now
        return WordHeard(said=round(said - self._began, 3), heard=round(now - self._began, 3))

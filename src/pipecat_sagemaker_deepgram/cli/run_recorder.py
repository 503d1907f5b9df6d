# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A run through a pipeline, kept as a transcript like that of a recording. Pure."""

from pipecat_sagemaker_deepgram.cli.audio_format import SAMPLE_RATE
from pipecat_sagemaker_deepgram.cli.events import (
    AudioFed,
    Event,
    ProblemReported,
    Started,
    TurnOver,
    WordsHeard,
)
from pipecat_sagemaker_deepgram.client.records import SessionEvent
from pipecat_sagemaker_deepgram.recorded import Interim, Segment, Transcript, Turn, Waveform
from pipecat_sagemaker_deepgram.recorded.listening import Listening
from pipecat_sagemaker_deepgram.recorded.waveform import PEAKS_PER_SECOND, PeakMeter


class RunRecorder:
    """Records a run.

    Args:
        source: Name of the audio's source.
        model: Deepgram's model.
        language: The language asked for.
        began: When it began, on the clock of all times passed to this object.
    """

    def __init__(self, source: str, *, model: str, language: str | None, began: float) -> None:
        self._transcript = Transcript(
            source=source, sample_rate=SAMPLE_RATE, channels=1, model=model, language=language
        )
        self._began = began
        self._started = began
        self._listening = Listening(channel=None, began=began)
        self._meter = PeakMeter(SAMPLE_RATE)

    def hear(self, audio: bytes) -> None:
        """Record audio.

        Args:
            audio: Mono linear16 at 16 kHz.
        """
        self._meter.take(audio)

    def observe(self, event: SessionEvent, now: float) -> None:
        """Record an event of the streams.

        Args:
            event: The event.
            now: The time.
        """
        self._listening.observe(event, now)

    def add(self, event: Event) -> None:
        """Record what was recognised.

        Args:
            event: The event.
        """
        match event:
            case Started(at=at):
                self._started = at
            case AudioFed(seconds=seconds):
                self._listening.sent = seconds
            case WordsHeard(is_final=True):
                self._transcript.segments.append(self._segment(event))
            case WordsHeard():
                self._transcript.interims.append(self._interim(event))
            case TurnOver():
                self._end_turn(event, self._transcript.segments[-1])
            case ProblemReported(message=message):
                self._transcript.problem = message
            case _:
                pass

    def finish(self, now: float) -> Transcript:
        """The run.

        Args:
            now: The time.
        """
        run, listening = self._transcript, self._listening
        run.seconds = round(listening.sent, 3)
        run.took = round(now - self._began, 3)
        run.streams = listening.streams
        run.lost_seconds = listening.lost_seconds
        run.is_complete = not run.problem
        peaks = self._meter.peaks()
        run.waveforms = [Waveform(channel=None, per_second=PEAKS_PER_SECOND, peaks=peaks)]
        run.settle()
        return run

    def _segment(self, heard: WordsHeard) -> Segment:
        latency = heard.at - (self._started + heard.end)
        return Segment(
            text=heard.text,
            start=round(heard.start, 3),
            end=round(heard.end, 3),
            words=heard.words,
            arrived=round(heard.at - self._began, 3),
            latency=round(max(0.0, latency), 3),
        )

    def _interim(self, heard: WordsHeard) -> Interim:
        return Interim(
            text=heard.text,
            start=round(heard.start, 3),
            end=round(heard.covers_to, 3),
            arrived=round(heard.at - self._began, 3),
        )

    def _end_turn(self, over: TurnOver, segment: Segment) -> None:
        turn = Turn(
            number=over.number,
            text=segment.text,
            start=segment.start,
            end=round(over.end, 3),
            trigger=over.trigger,
            confidence=over.confidence or None,
        )
        self._transcript.turns.append(turn)

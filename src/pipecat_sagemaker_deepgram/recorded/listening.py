# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Builds a transcript from the steps of a conversation. Pure: time is an argument."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    Connected,
    GivenUp,
    Lost,
    Message,
    Record,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results
from pipecat_sagemaker_deepgram.deepgram.v1.steps import FinalHeard, InterimHeard
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript as NovaText
from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo, TurnWord
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    HeardTurn,
    TurnEnded,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.transcript import (
    Interim,
    RecordingStream,
    Segment,
    SpokenWord,
    Turn,
)

type RecordingResult = Segment | Interim | Turn
"""The results of a recording while it is transcribed."""


class Listening:
    """Collects the results of one channel of a recording.

    Args:
        channel: Index of the channel; ``None`` if the channels are mixed.
        began: When the transcription began, on the clock of all times given here.
        on_heard: Called with each result, with a turn before its segment.

    Attributes:
        segments: The final results.
        interims: The interim results.
        turns: The turns.
        streams: The streams.
        heard_to: Seconds of the recording that the container has processed.
        sent: Seconds of the recording that were sent.
        lost_seconds: Seconds of audio that were sent and never answered.
        failure: Why recovery failed; ``None`` if it did not.
    """

    def __init__(
        self,
        *,
        channel: int | None,
        began: float,
        on_heard: Callable[[RecordingResult], None] = lambda heard: None,
    ) -> None:
        self.segments: list[Segment] = []
        self.interims: list[Interim] = []
        self.turns: list[Turn] = []
        self.streams: list[RecordingStream] = []
        self.heard_to = 0.0
        self.sent = 0.0
        self.lost_seconds = 0.0
        self.failure: SageMakerDeepgramError | None = None
        self._channel = channel
        self._began = began
        self._on_heard = on_heard
        self._sent_positions: list[float] = []
        self._sent_times: list[float] = []

    def note_sent(self, position: float, now: float) -> None:
        """Record that the audio was sent up to a position.

        Args:
            position: Seconds of the recording.
            now: The time.
        """
        self.sent = position
        self._sent_positions.append(position)
        self._sent_times.append(now)

    def sent_at(self, position: float) -> float | None:
        """When the audio before a position was first sent.

        Args:
            position: Seconds of the recording.

        Returns:
            The time; ``None`` if it was not sent.
        """
        index = bisect_left(self._sent_positions, position - 1e-6)
        return self._sent_times[index] if index < len(self._sent_times) else None

    def observe(self, record: Record, now: float) -> None:
        """Process a record of the session.

        Args:
            record: The record.
            now: The time.
        """
        match record:
            case Message(value=(Results() | TurnInfo() as message, _)):
                end = message.end if isinstance(message, Results) else message.audio_window_end
                self.heard_to = max(self.heard_to, end)
            case Connected():
                self._note_stream(record, now)
            case StreamChanged():
                self.streams.append(self._stream(record, now, 0.0))
            case Lost(stream=number, cause=cause):
                self._note_loss(number, str(cause), now)
            case GivenUp(cause=cause):
                self.failure = cause
            case Closed(lost_seconds=seconds):
                self.lost_seconds = round(seconds, 3)
            case _:
                pass

    def _note_stream(self, event: Connected, now: float) -> None:
        self.streams.append(self._stream(event, now, event.connect_seconds))
        self.streams[-1].request_id = event.identity.request_id or ""

    def _note_loss(self, number: int, cause: str, now: float) -> None:
        for stream in self.streams:
            if stream.number == number:
                stream.lost, stream.cause = self._since(now), cause

    def take(self, step: object, now: float) -> None:
        """Process a step of the conversation.

        Args:
            step: The step.
            now: The time.
        """
        match step:
            case FinalHeard(transcript=text):
                self._settle(self._of_nova(text, now))
            case InterimHeard(transcript=text):
                results = text.results
                self._restate(results.alternative.transcript, results.start, results.end, now)
            case TurnUpdated(transcript=text, heard=heard):
                info = heard.info
                self._restate(text, info.audio_window_start, info.audio_window_end, now)
            case TurnEnded(transcript=text, heard=heard) if text:
                self._end_turn(text, heard, now)

    def _settle(self, segment: Segment) -> None:
        self.segments.append(segment)
        self._on_heard(segment)

    def _restate(self, text: str, start: float, end: float, now: float) -> None:
        interim = Interim(
            text=text,
            start=round(start, 3),
            end=round(end, 3),
            channel=self._channel,
            arrived=self._since(now),
        )
        self.interims.append(interim)
        self._on_heard(interim)

    def _stream(self, event: Connected | StreamChanged, now: float, took: float) -> RecordingStream:
        return RecordingStream(
            number=event.stream,
            channel=self._channel,
            opened=self._since(now),
            connect_seconds=round(took, 3),
            replayed_seconds=round(event.replayed_seconds, 3),
            sent_from=round(self.sent, 3),
        )

    def _of_nova(self, text: NovaText, now: float) -> Segment:
        results = text.results
        written = _written_words(text.body)
        words = tuple(
            SpokenWord(
                text=word.text,
                start=round(word.start, 3),
                end=round(word.end, 3),
                confidence=_number(written.get((word.word, word.start)), "confidence"),
                speaker=word.speaker if isinstance(word.speaker, int) else None,
            )
            for word in results.alternative.words
        )
        return self._segment(
            results.alternative.transcript, words, (results.start, results.end), now
        )

    def _end_turn(self, text: str, heard: HeardTurn, now: float) -> None:
        info = heard.info
        segment = self._segment(
            text, _words_of_turn(info), (info.audio_window_start, info.audio_window_end), now
        )
        turn = self._turn(heard, segment)
        self.turns.append(turn)
        self._on_heard(turn)
        self._settle(segment)

    def _turn(self, heard: HeardTurn, segment: Segment) -> Turn:
        return Turn(
            number=len(self.turns) + 1,
            text=segment.text,
            start=segment.start,
            end=round(heard.info.audio_window_end, 3),
            channel=self._channel,
            trigger=heard.info.trigger,
            confidence=_number(heard.body, "end_of_turn_confidence"),
        )

    def _segment(
        self,
        text: str,
        words: Sequence[SpokenWord],
        window: tuple[float, float],
        now: float,
    ) -> Segment:
        start, end = (words[0].start, words[-1].end) if words else window
        sent_at = self.sent_at(end)
        return Segment(
            text=text,
            start=round(start, 3),
            end=round(end, 3),
            channel=self._channel,
            words=tuple(words),
            arrived=self._since(now),
            latency=None if sent_at is None else round(max(0.0, now - sent_at), 3),
        )

    def _since(self, now: float) -> float:
        return round(now - self._began, 3)


def _written_words(body: Mapping[str, Any]) -> dict[tuple[str, float], Any]:
    """The words as the container formatted them, by their plain form and their time."""
    try:
        words = body["channel"]["alternatives"][0]["words"]
        return {(word["word"], word["start"]): word for word in words}
    except (LookupError, TypeError):
        return {}


def _words_of_turn(info: TurnInfo) -> tuple[SpokenWord, ...]:
    """The words of a turn; if the container gives no times, evenly spread over its audio."""
    count = max(1, len(info.words))
    step = max(0.0, info.audio_window_end - info.audio_window_start) / count
    starts = (info.audio_window_start + index * step for index in range(count))
    return tuple(
        _spoken(word, start, start + step) for word, start in zip(info.words, starts, strict=False)
    )


def _spoken(word: TurnWord, start: float, end: float) -> SpokenWord:
    """A word, with times to use if the container gives none."""
    return SpokenWord(
        text=word.word,
        start=round(start if word.start is None else word.start, 3),
        end=round(end if word.end is None else word.end, 3),
        confidence=word.confidence,
    )


def _number(fields: Any, name: str) -> float | None:
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return float(value) if isinstance(value, int | float) else None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A speaker's turns over all streams of a session. Pure: time is an argument.

A container knows a turn by its number on one stream. Here a turn outlives its stream: when one
is lost with a turn open, the next one is given the turn's audio again, and what it says of that
audio is folded into the open turn, so that one turn comes out, with every word once.

===========  =====================================  ==========================================
state        what is there                          leaves by
===========  =====================================  ==========================================
no turn      nothing                                text of a turn that was not given out yet
on           a turn of the stream in use            its end; an end on this side
carried      a turn of a stream that is gone        text of the new stream (on); its end; the
                                                    time by which the new stream should have
                                                    told of it
===========  =====================================  ==========================================
"""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.turn_events import (
    EndPredicted,
    Heard,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.deepgram.wording import (
    Delivered,
    is_same_text,
    words_before,
    words_beyond,
)

CONFIRM_MARGIN = 2.0
"""Seconds beyond its replay and its timeout within which a carried turn has to be told of."""

START_MARGIN = 1.0
"""Seconds by which a container may tell late that a turn has begun."""

ANSWER_TIMEOUT = 1.0
"""Seconds within which a turn ends that was asked to."""

_TOLERANCE = 1e-6


@dataclass(slots=True)
class _Turn:
    key: tuple[int, int] | None
    """Stream and number there; ``None`` while it is carried."""
    started_at: float
    heard: Heard
    text: str
    skipped: int
    """Words at the beginning of ``heard`` that were given out with another turn."""
    heard_prefix: tuple[str, ...] = ()
    """Words from before the stream of ``heard``."""
    prefix: tuple[str, ...] = ()
    """Words from before the stream in use."""
    predicted: str | None = None
    confirm_by: float | None = None
    is_shown: bool = False

    @property
    def heard_to(self) -> float:
        return self.heard.info.audio_window_end


@dataclass(frozen=True, slots=True)
class _EndRequest:
    position: float
    by: float
    is_sent: bool


class TurnMachine:
    """Makes one conversation's turns of what its streams tell.

    Args:
        eot_timeout: Seconds of silence after which the container ends a turn.
        min_confidence: Mean confidence of its words from which a turn is told of; one that never
            reaches it is not. Once told of, everything of it is. 0 tells of all.
    """

    def __init__(self, *, eot_timeout: float = 5.0, min_confidence: float = 0.0) -> None:
        self.eot_timeout = eot_timeout
        self.min_confidence = min_confidence
        self.gaps = 0
        """Messages that were missing by their numbers."""
        self._turn: _Turn | None = None
        self._stream = 0
        self._next_sequence: tuple[int, int] | None = None
        self._closed: tuple[int, int] | None = None
        self._delivered: Delivered | None = None
        # Of the turn that says again what was delivered: its key, and its words until there.
        self._heard_again: tuple[tuple[int, int], int] = ((0, 0), 0)
        self._replayed_seconds = 0.0
        self._request: _EndRequest | None = None

    @property
    def is_open(self) -> bool:
        """Whether a turn is on, told of or not."""
        return self._turn is not None

    @property
    def is_shown(self) -> bool:
        """Whether a turn is on that was told of."""
        return self._turn is not None and self._turn.is_shown

    # Streams

    def note_sequence(self, stream: int, number: int | None) -> None:
        """Count what is missing before a message (Deepgram's numbers grow by 1 on a stream)."""
        if number is None:
            return
        expected = number
        if self._next_sequence is not None and self._next_sequence[0] == stream:
            expected = self._next_sequence[1]
        self.gaps += max(0, number - expected)
        self._next_sequence = (stream, max(expected, number + 1))

    def stream_lost(self) -> None:
        """The stream in use is gone, and no other is up yet."""
        if self._turn is not None:
            self._turn.confirm_by = None

    def stream_began(self, stream: int, *, replayed_seconds: float, now: float) -> None:
        """Another stream gets the audio, and so much of it again."""
        self._replayed_seconds = replayed_seconds
        if self._turn is not None and stream > self._stream:
            self._await_confirmation(self._turn, now)

    # Messages

    def observe(self, heard: Heard, now: float) -> list[TurnEvent]:
        """Take a ``TurnInfo`` in."""
        if heard.stream < self._stream or self._is_stale(heard):
            return []
        if heard.stream > self._stream:
            self._carry_over(heard, now)
        events = self._end_missed(heard)
        words = self._new_words(heard)
        if heard.info.event == "EndOfTurn":
            return events + self._end(heard, words)
        events += self._hear(heard, words)
        return events + self._end_if_covered()

    def end(self, *, is_committed: bool = False) -> list[TurnEvent]:
        """End an open turn with the text so far: the container cannot any more."""
        turn, self._turn = self._turn, None
        self._request = None
        if turn is None:
            return []
        info = turn.heard.info
        self._delivered = Delivered(
            stream=turn.heard.stream,
            turn_index=info.turn_index,
            words=(*turn.heard_prefix, *info.transcript.split()),
            own_words=len(info.transcript.split()),
            to=info.text_end,
        )
        if not turn.is_shown:
            return []
        return [TurnEnded(turn.text, turn.heard, is_committed=is_committed, is_ours=True)]

    # Turns that the application ends

    def request_end(self, position: float, now: float, *, is_sent: bool) -> None:
        """Have the turn of the audio before a position end.

        Args:
            position: Session seconds of the audio given when the turn was to end.
            now: The time.
            is_sent: Whether the container was asked to end it; else it ends here, once the audio
                before the position was listened to.
        """
        self._request = _EndRequest(position, now + ANSWER_TIMEOUT, is_sent)

    # Time

    def get_timer(self) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never."""
        confirm_by = None if self._turn is None else self._turn.confirm_by
        end_by = None if self._request is None else self._request.by
        return min((at for at in (confirm_by, end_by) if at is not None), default=None)

    def handle_timer(self, now: float) -> list[TurnEvent]:
        """Do what is due."""
        turn, request = self._turn, self._request
        if request is not None and now >= request.by:
            self._request = None
            if turn is not None and turn.started_at <= request.position:
                return self.end(is_committed=True)
        if turn is not None and turn.confirm_by is not None and now >= turn.confirm_by:
            return self.end()
        return []

    # From here on: how

    def _is_stale(self, heard: Heard) -> bool:
        closed = self._closed
        return closed is not None and (
            heard.stream == closed[0] and heard.info.turn_index <= closed[1]
        )

    def _new_words(self, heard: Heard) -> list[str]:
        info, delivered = heard.info, self._delivered
        if delivered is None:
            return info.transcript.split()
        key = (heard.stream, info.turn_index)
        if info.audio_window_end <= delivered.to:
            self._heard_again = (key, len(info.transcript.split()))
        count = self._heard_again[1] if self._heard_again[0] == key else 0
        return words_beyond(info, heard.stream, delivered, heard_again=count)

    def _carry_over(self, heard: Heard, now: float) -> None:
        """A new stream has begun to speak; an open turn is none of its own yet."""
        self._stream = heard.stream
        turn = self._turn
        if turn is None:
            return
        before = words_before(turn.heard.info, heard.begins_at, since=turn.started_at)
        before = before[turn.skipped :]
        turn.key = None
        turn.prefix = (*turn.heard_prefix, *before)
        if turn.confirm_by is None:
            self._await_confirmation(turn, now)

    def _await_confirmation(self, turn: _Turn, now: float) -> None:
        turn.confirm_by = now + self._replayed_seconds + self.eot_timeout + CONFIRM_MARGIN

    def _end_missed(self, heard: Heard) -> list[TurnEvent]:
        """Another turn is on already: the end of the one before did not come."""
        turn = self._turn
        key = (heard.stream, heard.info.turn_index)
        if turn is None or turn.key in (None, key):
            return []
        return self.end()

    def _hear(self, heard: Heard, words: list[str]) -> list[TurnEvent]:
        turn = self._turn
        if not words:
            return []
        events: list[TurnEvent] = []
        if turn is None:
            turn = self._open(heard, words)
        elif turn.key is None:
            turn.key = (heard.stream, heard.info.turn_index)
            turn.confirm_by = None
        if heard.info.audio_window_end < turn.heard_to - _TOLERANCE:
            return []  # A replay that has not come as far as the turn's text yet.
        self._take_text(turn, heard, words)
        self._show(turn, events)
        return events + (self._tell(turn, heard) if turn.is_shown else [])

    def _tell(self, turn: _Turn, heard: Heard) -> list[TurnEvent]:
        events: list[TurnEvent] = []
        event = heard.info.event
        is_said_again = turn.predicted is not None and is_same_text(turn.text, turn.predicted)
        if turn.predicted is not None and (event == "TurnResumed" or not is_said_again):
            turn.predicted = None
            events.append(TurnResumed())
        if event == "EagerEndOfTurn" and turn.predicted is None:
            turn.predicted = turn.text
            events.append(EndPredicted(turn.text, heard))
        elif event == "Update":
            events.append(TurnUpdated(turn.text, heard))
        return events

    def _end(self, heard: Heard, words: list[str]) -> list[TurnEvent]:
        self._closed = (heard.stream, heard.info.turn_index)
        events: list[TurnEvent] = []
        turn = self._turn
        if turn is None and not words:
            return []
        if turn is None:
            turn = self._open(heard, words)
        if words:
            self._take_text(turn, heard, words)
        self._show(turn, events)
        self._turn = None
        self._drop_request(turn)
        if not turn.is_shown:
            return []
        return [*events, TurnEnded(turn.text, heard, is_committed=True, is_ours=False)]

    def _open(self, heard: Heard, words: list[str]) -> _Turn:
        self._turn = _Turn(
            key=(heard.stream, heard.info.turn_index),
            started_at=heard.info.audio_window_end,
            heard=heard,
            text=" ".join(words),
            skipped=0,
        )
        return self._turn

    def _take_text(self, turn: _Turn, heard: Heard, words: list[str]) -> None:
        turn.heard, turn.heard_prefix = heard, turn.prefix
        turn.skipped = len(heard.info.transcript.split()) - len(words)
        has_all = not turn.prefix and not turn.skipped
        turn.text = heard.info.transcript if has_all else " ".join((*turn.prefix, *words))

    def _show(self, turn: _Turn, events: list[TurnEvent]) -> None:
        """Begin to tell of a turn, if that has not begun and its words are sure enough."""
        confidence = turn.heard.info.confidence
        is_sure = confidence is None or confidence >= self.min_confidence
        if is_sure and not turn.is_shown:
            turn.is_shown = True
            events.append(TurnStarted(turn.text))

    def _end_if_covered(self) -> list[TurnEvent]:
        turn, request = self._turn, self._request
        if turn is None or request is None or request.is_sent:
            return []
        is_before = turn.started_at <= request.position
        is_covered = turn.heard_to >= request.position - _TOLERANCE
        return self.end(is_committed=True) if is_before and is_covered else []

    def _drop_request(self, turn: _Turn) -> None:
        if self._request is not None and turn.started_at <= self._request.position:
            self._request = None

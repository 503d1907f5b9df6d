# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A speaker's turns across all streams of a session. Pure: time is an argument.

A container identifies a turn by its number on one stream. Here a turn outlives its stream: when a
stream is lost while a turn is open, the next one gets the turn's audio again, and its text for that
audio is merged into the open turn, so that the result is one turn with every word once.

===========  =====================================  ==========================================
state        what is there                          leaves by
===========  =====================================  ==========================================
no turn      nothing                                text of a turn that was not reported yet
open         a turn of the stream in use            its end; an end by this side
carried      a turn of a lost stream                text of the new stream (open); its end; the
                                                    time by which the new stream should have
                                                    reported it
===========  =====================================  ==========================================
"""

from pipecat_sagemaker_deepgram.deepgram.v2.end_request import EndRequest
from pipecat_sagemaker_deepgram.deepgram.v2.open_turn import OpenTurn, begin_of
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    HeardTurn,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.deepgram.v2.wording import GivenOut, TurnPiece
from pipecat_sagemaker_deepgram.deepgram.words import is_same_text

CONFIRM_MARGIN = 2.0
"""Seconds, in addition to replay and timeout, within which a new stream has to report a turn."""

START_MARGIN = 2.0
"""Seconds of audio by which a container may be late to report that a turn has begun."""

_TOLERANCE = 1e-6


class TurnMachine:
    """Derives one conversation's turns from the messages of its streams.

    Args:
        eot_timeout: Seconds of silence after which the container ends a turn.
        min_confidence: Mean confidence of a turn's words from which the turn is reported, until it
            ends. A turn that never reaches it is not reported. 0 reports all.
    """

    def __init__(self, *, eot_timeout: float = 5.0, min_confidence: float = 0.0) -> None:
        self.eot_timeout = eot_timeout
        self.min_confidence = min_confidence
        self.heard_to = 0.0
        """How far the container in use has processed the audio, in session seconds; 0 at first."""
        self._turn: OpenTurn | None = None
        self._stream = 0
        self._is_up = False
        self._closed: tuple[int, int] | None = None
        self._given_out = GivenOut()
        self._replayed_seconds = 0.0
        self._request: EndRequest | None = None

    @property
    def is_open(self) -> bool:
        """Whether a turn is open, reported or not."""
        return self._turn is not None

    @property
    def is_shown(self) -> bool:
        """Whether a turn is open and was reported."""
        return self._turn is not None and self._turn.is_shown

    @property
    def text(self) -> str:
        """Text of the open turn so far; empty if there is none."""
        return "" if self._turn is None else self._turn.text

    # Streams

    def stream_lost(self) -> None:
        """Note that the stream in use was lost, and no other is up yet."""
        self._is_up = False
        if self._turn is not None:
            self._turn.confirm_by = None
        if self._request is not None:
            self._request.stream_lost()

    def stream_began(self, stream: int, *, replayed_seconds: float, now: float) -> None:
        """Note that another stream gets the audio, including this much of it again."""
        self._is_up = True
        self._replayed_seconds = replayed_seconds
        self.heard_to = 0.0
        if self._request is not None:
            self._request.stream_began(now, replayed_seconds=replayed_seconds)
        if self._turn is not None and stream > self._stream:
            self._await_confirmation(self._turn, now)

    # Messages

    def observe(self, heard: HeardTurn, now: float) -> list[TurnEvent]:
        """Process a ``TurnInfo``."""
        if heard.stream < self._stream or self._is_stale(heard):
            return []
        if heard.stream > self._stream:
            self._carry_over(heard, now)
        self.heard_to = heard.info.audio_window_end
        if self._request is not None:
            self._request.heard(heard.info.audio_window_end, now)
        events = self._end_missed(heard)
        words = self._given_out.words_beyond(heard.info, heard.stream)
        if heard.info.event == "EndOfTurn":
            return events + self._end(heard, words)
        events += self._hear(heard, words)
        return events + self._end_if_covered()

    def end(self, *, is_committed: bool = False) -> list[TurnEvent]:
        """End an open turn with the text so far, because the container can no longer do so."""
        turn, self._turn = self._turn, None
        self._request = None
        if turn is None:
            return []
        self._given_out.note(turn.delivered())
        if not turn.is_shown:
            return []
        return [TurnEnded(turn.text, turn.heard, is_committed=is_committed, is_ours=True)]

    # Turns that the application ends

    def request_end(self, position: float, now: float, *, is_sent: bool) -> None:
        """Ask for the end of the turn that contains the audio before a position.

        Args:
            position: Session seconds of the audio given when the end was requested.
            now: The time.
            is_sent: Whether the container is asked to end it as soon as a stream accepts the
                request. Otherwise this side ends it once the container has processed the audio
                before the position.
        """
        self._request = EndRequest(position, is_sent)
        if self._is_up and not is_sent:
            self._request.wait_from(now)

    def end_request_sent(self, now: float) -> None:
        """Note that the request to end a turn was sent on a stream."""
        if self._request is not None:
            self._request.wait_from(now)

    # Time

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        confirm_by = None if self._turn is None else self._turn.confirm_by
        end_by = None if self._request is None else self._request.by
        return min((at for at in (confirm_by, end_by) if at is not None), default=None)

    def handle_timer(self, now: float) -> list[TurnEvent]:
        """Do what is due."""
        turn, request = self._turn, self._request
        if request is not None and request.by is not None and now >= request.by:
            self._request = None
            if turn is not None and request.concerns(turn.begins_at):
                return self.end(is_committed=True)
        if turn is not None and turn.confirm_by is not None and now >= turn.confirm_by:
            return self.end()
        return []

    # Details

    def _is_stale(self, heard: HeardTurn) -> bool:
        closed = self._closed
        return closed is not None and (
            heard.stream == closed[0] and heard.info.turn_index <= closed[1]
        )

    def _carry_over(self, heard: HeardTurn, now: float) -> None:
        """Carry an open turn over to a new stream, which has sent its first message."""
        self._stream = heard.stream
        turn = self._turn
        if turn is None:
            return
        turn.carry_over(heard.begins_at)
        if turn.confirm_by is None:
            self._await_confirmation(turn, now)

    def _await_confirmation(self, turn: OpenTurn, now: float) -> None:
        turn.confirm_by = now + self._replayed_seconds + self.eot_timeout + CONFIRM_MARGIN

    def _end_missed(self, heard: HeardTurn) -> list[TurnEvent]:
        """End the previous turn if another one is open already, because its end never arrived."""
        turn = self._turn
        key = (heard.stream, heard.info.turn_index)
        if turn is None or turn.key in (None, key):
            return []
        return self.end()

    def _hear(self, heard: HeardTurn, words: list[TurnPiece]) -> list[TurnEvent]:
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
            return []  # A replay has not caught up with the turn's text yet.
        turn.take_text(heard, words)
        self._show(turn, events)
        return events + (self._report(turn, heard) if turn.is_shown else [])

    def _report(self, turn: OpenTurn, heard: HeardTurn) -> list[TurnEvent]:
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

    def _end(self, heard: HeardTurn, words: list[TurnPiece]) -> list[TurnEvent]:
        self._closed = (heard.stream, heard.info.turn_index)
        events: list[TurnEvent] = []
        turn = self._turn
        if turn is None and not words:
            return []
        if turn is None:
            turn = self._open(heard, words)
        if words or (turn.key == self._closed and heard.body.get("transcript") is not None):
            turn.take_text(heard, words)
        if turn.text:
            self._show(turn, events)
        elif turn.predicted is not None:
            events.append(TurnResumed())
        self._turn = None
        self._drop_request(turn)
        if not turn.is_shown:
            return []
        return [*events, TurnEnded(turn.text, heard, is_committed=True, is_ours=False)]

    def _open(self, heard: HeardTurn, words: list[TurnPiece]) -> OpenTurn:
        self._turn = OpenTurn(
            key=(heard.stream, heard.info.turn_index),
            begins_at=begin_of(heard.info),
            heard=heard,
        )
        self._turn.take_text(heard, words)
        return self._turn

    def _show(self, turn: OpenTurn, events: list[TurnEvent]) -> None:
        """Start to report a turn as soon as the confidence of its words is high enough."""
        confidence = turn.heard.info.confidence
        is_sure = confidence is None or confidence >= self.min_confidence
        if is_sure and not turn.is_shown:
            turn.is_shown = True
            events.append(TurnStarted(turn.text))

    def _end_if_covered(self) -> list[TurnEvent]:
        turn, request = self._turn, self._request
        if turn is None or request is None or not request.concerns(turn.begins_at):
            return []
        return self.end(is_committed=True) if request.is_covered(turn.heard_to) else []

    def _drop_request(self, turn: OpenTurn) -> None:
        if self._request is not None and self._request.concerns(turn.begins_at):
            self._request = None

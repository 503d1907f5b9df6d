# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One open turn: its text, assembled from the messages of its streams. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import HeardTurn
from pipecat_sagemaker_deepgram.deepgram.v2.wording import (
    Delivered,
    TurnPiece,
    are_timed,
    joined,
    texts_of,
    turn_pieces,
)
from pipecat_sagemaker_deepgram.deepgram.words import repeated, seam

REPORTED_AFTER = 1.0
"""Seconds after its beginning within which a container usually reports a turn."""


def begin_of(info: TurnInfo) -> float:
    """The session second at which the speech of a newly reported turn begins."""
    if info.is_timed:
        return info.words[0].middle or 0.0
    return max(info.audio_window_start, info.audio_window_end - REPORTED_AFTER)


@dataclass(slots=True)
class OpenTurn:
    """What is known about a turn.

    Attributes:
        key: Its stream and its number there; ``None`` while it is carried to another stream.
        begins_at: Where its speech begins, as far as is known, in session seconds.
        heard: The last message about it.
        text: Its text so far.
        predicted: Its text when its end was predicted; ``None`` without a valid prediction.
        confirm_by: The time by which the new stream has to report a turn that was carried over.
        is_shown: Whether it was reported.
    """

    key: tuple[int, int] | None
    begins_at: float
    heard: HeardTurn
    text: str = ""
    predicted: str | None = None
    confirm_by: float | None = None
    is_shown: bool = False
    # Its text in pieces, beginning with those of earlier streams
    _said: tuple[TurnPiece, ...] = field(default=(), init=False)
    _prefix: tuple[TurnPiece, ...] = field(default=(), init=False)
    # Number of words at the beginning of the current stream's text that earlier streams reported
    _left_out: int = field(default=0, init=False)
    # Where the stream in use begins, until it has caught up with the text
    _joins_at: float | None = field(default=None, init=False)
    _stream_begins_at: float = field(default=0.0, init=False)
    # How far the container had processed the audio, and how many pieces were known by then
    _counts: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]], init=False)

    @property
    def heard_to(self) -> float:
        """How far the container has processed the audio, in session seconds."""
        return self.heard.info.audio_window_end

    def take_text(self, heard: HeardTurn, words: Sequence[TurnPiece]) -> None:
        """Update the text from a message; ``words`` are those that belong to this turn."""
        if self._joins_at is not None:
            self._join(words, self._joins_at)
        self.heard = heard
        own = joined(self._prefix, self._own(words))
        self._said = (*self._prefix, *own)
        self.text = "".join(texts_of(self._said))
        self._counts.append((heard.info.audio_window_end, len(self._said)))

    def carry_over(self, begins_at: float) -> None:
        """Continue the turn on another stream, which gets the audio from a moment on again."""
        self.key = None
        self._joins_at = begins_at

    def _join(self, words: Sequence[TurnPiece], begins_at: float) -> None:
        """Find which part of the text so far stays before the text of the stream in use."""
        self._joins_at, self._stream_begins_at = None, begins_at
        near, self._left_out = self._count_before(begins_at), 0
        if begins_at > self.begins_at and not (are_timed(self._said) and are_timed(words)):
            near, self._left_out = seam(texts_of(self._said), texts_of(words), near)
        self._prefix = self._said[:near]

    def _count_before(self, moment: float) -> int:
        """How many pieces lie before a moment or, without word times, were known by then."""
        if are_timed(self._said):
            beyond = (n for n, each in enumerate(self._said) if not each.begins_before(moment))
            return next(beyond, len(self._said))
        if moment <= self.begins_at:
            return 0
        index = bisect_right(self._counts, moment, key=lambda count: count[0])
        return min(len(self._said), self._counts[index - 1][1]) if index else 0

    def _own(self, words: Sequence[TurnPiece]) -> Sequence[TurnPiece]:
        """The words of the stream in use that earlier streams have not reported."""
        if not self._prefix or not (are_timed(self._prefix) and are_timed(words)):
            return words[self._left_out :]
        said_to = self._prefix[-1].end
        again = repeated(self._prefix, words, since=self._stream_begins_at, said_to=said_to)
        return words[again.count :]

    def delivered(self) -> Delivered:
        """The text that has been reported if the turn ends now."""
        info = self.heard.info
        own_words = texts_of(turn_pieces(info))
        return Delivered(
            stream=self.heard.stream,
            turn_index=info.turn_index,
            words=(*texts_of(self._prefix), *own_words),
            own_words=len(own_words),
            to=info.text_end,
            said=self._said,
        )

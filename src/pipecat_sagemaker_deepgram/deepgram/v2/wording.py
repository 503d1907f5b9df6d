# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The pieces of a turn's text, and where it can be cut: by times or by text. Pure.

A turn's text is cut where its audio was cut: the text before comes from the earlier stream, the
text after from the next one, and no word from both. A container may write several words as one,
such as the digits of a number; these are never separated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan, nan

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.words import length_repeated, overlap, repeated
from pipecat_sagemaker_deepgram.deepgram.writing import Piece, pieces, separator

_TOLERANCE = 0.01
"""Seconds by which a stream may begin earlier than intended."""

_NEARBY = 5.0
"""Seconds within which a longer gap between two words is preferred to a later one."""


@dataclass(frozen=True, slots=True)
class TurnPiece:
    """A part of a turn's text that is not cut further: a word, or words that are written as one.

    Attributes:
        text: Its text, including what separates it from the previous piece.
        start: Where it begins, in seconds; NaN if the container does not report it.
        end: Where it ends, in seconds; NaN if the container does not report it.
        is_group: Whether it stands for several words.
    """

    text: str
    start: float = nan
    end: float = nan
    is_group: bool = False

    @property
    def is_timed(self) -> bool:
        """Whether it is known when it was said."""
        return not isnan(self.start)

    def begins_before(self, moment: float) -> bool:
        """Whether it lies before a moment: its middle decides, or the beginning of a group."""
        return (self.start if self.is_group else (self.start + self.end) / 2) < moment


def turn_pieces(info: TurnInfo) -> list[TurnPiece]:
    """Cut a turn's text into its words, with their times if the container reports them."""
    words = [word.word for word in info.words]
    found = pieces(info.transcript, words)
    tokens = info.transcript.split()
    if len(found) <= 1 < len(tokens):
        return [TurnPiece(piece.text) for piece in pieces(info.transcript, tokens)]
    if not info.is_timed:
        return [TurnPiece(piece.text, is_group=_is_group(piece)) for piece in found]
    return [_timed(piece, info) for piece in found]


def _timed(piece: Piece, info: TurnInfo) -> TurnPiece:
    start, end = info.words[piece.first].start, info.words[piece.end - 1].end
    assert start is not None
    assert end is not None
    return TurnPiece(piece.text, start, end, _is_group(piece))


def _is_group(piece: Piece) -> bool:
    return piece.end - piece.first > 1


def are_timed(said: Sequence[TurnPiece]) -> bool:
    """Whether all pieces have times; true if there are no pieces."""
    return all(piece.is_timed for piece in said)


def texts_of(said: Sequence[TurnPiece]) -> list[str]:
    """The text of each piece."""
    return [piece.text for piece in said]


def joined(before: Sequence[TurnPiece], after: Sequence[TurnPiece]) -> list[TurnPiece]:
    """Return pieces as they are written after others, or at the beginning of a text."""
    if not after:
        return []
    first, *others = after
    text = first.text.lstrip()
    if before:
        text = separator(texts_of(before), texts_of(after)) + text
    return [replace(first, text=text), *others]


def cut_before(info: TurnInfo, limit: float) -> float | None:
    """Find where the audio of a turn may be cut, so that the text before it counts as final.

    That is between two words that are written separately.

    Args:
        info: What is known about the turn.
        limit: The latest place, on the clock of the turn.

    Returns:
        The middle of the longest gap shortly before the limit; ``None`` if there is no place.
    """
    if not info.is_timed or (info.words[0].end or 0.0) > limit:
        return None
    said = turn_pieces(info)
    places = [
        (before.end, after.start)
        for before, after in pairwise(said)
        if before.end <= limit and not (before.is_group or after.is_group)
    ]
    if not places:
        return None
    latest = places[-1][0]
    nearby = [place for place in places if place[0] >= latest - _NEARBY]
    end, start = max(nearby, key=lambda place: (round(place[1] - place[0], 3), place[0]))
    return min(limit, max(end, (end + start) / 2))


@dataclass(frozen=True, slots=True)
class Delivered:
    """Text that was reported before the container had ended its turn.

    Attributes:
        stream: Number of the stream it was heard on.
        turn_index: Its turn on that stream.
        words: The turn's words, beginning with those of earlier streams.
        own_words: Number of words, at the end, that this stream has reported.
        to: Where their audio ends, in session seconds.
        said: The same text with its times, if they are known.
    """

    stream: int
    turn_index: int
    words: tuple[str, ...]
    own_words: int
    to: float
    said: tuple[TurnPiece, ...] = ()


class GivenOut:
    """The text that was reported of turns before the container had ended them.

    A container may send it again, on the same stream or in a replay.
    """

    def __init__(self) -> None:
        self._latest: Delivered | None = None
        # The key of the turn that repeats it, and the number of its words up to there.
        self._heard_again: tuple[tuple[int, int], int] = ((0, 0), 0)

    def note(self, delivered: Delivered) -> None:
        """Note text that was reported."""
        self._latest = delivered

    def words_beyond(self, info: TurnInfo, stream: int) -> list[TurnPiece]:
        """The words of a turn that were not reported yet.

        Args:
            info: What is known about the turn, in session seconds.
            stream: Number of its stream.
        """
        said, before = turn_pieces(info), self._latest
        if before is None or not said:
            return said
        key = (stream, info.turn_index)
        if info.audio_window_end <= before.to:
            self._heard_again = (key, len(said))
        if are_timed(said):
            return said[_count_given_out(before, said, since=info.audio_window_start) :]
        return said[self._count_by_text(before, info, key, texts_of(said)) :]

    def _count_by_text(
        self, before: Delivered, info: TurnInfo, key: tuple[int, int], texts: Sequence[str]
    ) -> int:
        if key == (before.stream, before.turn_index):
            own = before.words[len(before.words) - before.own_words :]
            return length_repeated(own, texts)
        if info.audio_window_start >= before.to - _TOLERANCE:
            return 0
        if info.audio_window_end <= before.to:
            return len(texts)
        heard_again = self._heard_again[1] if self._heard_again[0] == key else 0
        return max(heard_again, overlap(before.words, texts) or 0)


def _count_given_out(before: Delivered, said: Sequence[TurnPiece], *, since: float) -> int:
    known = before.said if are_timed(before.said) else ()
    return repeated(known, said, since=since, said_to=before.to).count

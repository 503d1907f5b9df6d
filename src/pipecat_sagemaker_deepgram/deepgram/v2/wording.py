# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a turn's text is put together of, and where it can be cut: by times, by text. Pure.

A turn's text is cut in two where its audio was: what was heard before stays with the stream
before, what follows comes from the next one, and no word from both. A container may write several
words as one, as the digits of a number; these are never parted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan, nan

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.words import length_repeated, overlap, repeated
from pipecat_sagemaker_deepgram.deepgram.writing import Piece, pieces, separator

_TOLERANCE = 0.01
"""Seconds by which a stream may begin before the moment it was to begin at."""

_NEARBY = 5.0
"""Seconds within which a longer gap between two words is preferred to a later one."""


@dataclass(frozen=True, slots=True)
class TurnPiece:
    """A part of a turn's text that is not cut further: a word, or words that are written as one.

    Attributes:
        text: What is written, what separates it from the piece before included.
        start: Where it begins, in seconds; not a number where the container does not tell.
        end: Where it ends, likewise.
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
        """Whether it belongs before a moment: where its middle lies, or a group's beginning."""
        return (self.start if self.is_group else (self.start + self.end) / 2) < moment


def turn_pieces(info: TurnInfo) -> list[TurnPiece]:
    """Cut a turn's text into its words, with their times where the container tells them."""
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
    """Whether it is known of all pieces when they were said; of none, too."""
    return all(piece.is_timed for piece in said)


def texts_of(said: Sequence[TurnPiece]) -> list[str]:
    """What is written in each piece."""
    return [piece.text for piece in said]


def joined(before: Sequence[TurnPiece], after: Sequence[TurnPiece]) -> list[TurnPiece]:
    """Pieces as they are written behind others, or at the beginning of a text."""
    if not after:
        return []
    first, *others = after
    text = first.text.lstrip()
    if before:
        text = separator(texts_of(before), texts_of(after)) + text
    return [replace(first, text=text), *others]


def cut_before(info: TurnInfo, limit: float) -> float | None:
    """Where the audio of a turn may be cut, and what lies before be taken for good.

    That is between two words that stand in the text one by one.

    Args:
        info: What is known of the turn.
        limit: The latest place, on the clock of the turn.

    Returns:
        The middle of the longest gap shortly before the limit; ``None`` where there is no place.
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
    """Text that was given out before the container had ended its turn.

    Attributes:
        stream: Number of the stream it was heard on.
        turn_index: Its turn on that stream.
        words: The turn's words, those of streams before first.
        own_words: How many of them, the last ones, that stream has said.
        to: Where their audio ends, in session seconds.
        said: The same text with its times, where they are known.
    """

    stream: int
    turn_index: int
    words: tuple[str, ...]
    own_words: int
    to: float
    said: tuple[TurnPiece, ...] = ()


class GivenOut:
    """What was given out of turns before the container had ended them.

    A container may say it again, on the same stream or in a replay.
    """

    def __init__(self) -> None:
        self._latest: Delivered | None = None
        # Of the turn that says it again: its key, and its words until there.
        self._heard_again: tuple[tuple[int, int], int] = ((0, 0), 0)

    def note(self, delivered: Delivered) -> None:
        """Take note of text that was given out."""
        self._latest = delivered

    def words_beyond(self, info: TurnInfo, stream: int) -> list[TurnPiece]:
        """The words of a turn that were not given out.

        Args:
            info: What is known of the turn, in session seconds.
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

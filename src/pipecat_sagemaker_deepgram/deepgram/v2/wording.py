# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which words of a turn lie before a moment: by their times, by their text, by their share. Pure.

A turn's text is cut in two where its audio was: what was heard before stays with the stream
before, what follows comes from the next one, and no word from both.
"""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.words import length_repeated, overlap

_TOLERANCE = 0.01
"""Seconds by which a stream may begin before the moment it was to begin at."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Text that was given out before the container had ended its turn.

    Attributes:
        stream: Number of the stream it was heard on.
        turn_index: Its turn on that stream.
        words: The turn's words, those of streams before first.
        own_words: How many of them, the last ones, that stream has said.
        to: Where their audio ends, in session seconds.
    """

    stream: int
    turn_index: int
    words: tuple[str, ...]
    own_words: int
    to: float


def words_before(info: TurnInfo, moment: float, *, since: float) -> list[str]:
    """The words of a turn that were said before a moment.

    Args:
        info: What is known of the turn, in session seconds.
        moment: The moment.
        since: When the turn was first reported; a replay that begins before has all of it.
    """
    tokens = info.transcript.split()
    return tokens[: _count_before(info, moment, len(tokens), since=since)]


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

    def words_beyond(self, info: TurnInfo, stream: int) -> list[str]:
        """The words of a turn that were not given out.

        Args:
            info: What is known of the turn, in session seconds.
            stream: Number of its stream.
        """
        tokens, before = info.transcript.split(), self._latest
        if before is None:
            return tokens
        key = (stream, info.turn_index)
        if info.audio_window_end <= before.to:
            self._heard_again = (key, len(tokens))
        if _has_times(info, len(tokens)):
            return tokens[_count_before(info, before.to, len(tokens), since=0.0) :]
        if key == (before.stream, before.turn_index):
            own = before.words[len(before.words) - before.own_words :]
            return tokens[length_repeated(own, tokens) :]
        if info.audio_window_start >= before.to - _TOLERANCE:
            return tokens
        if info.audio_window_end <= before.to:
            return []
        heard_again = self._heard_again[1] if self._heard_again[0] == key else 0
        return tokens[max(heard_again, overlap(before.words, tokens) or 0) :]


def _has_times(info: TurnInfo, count: int) -> bool:
    return info.is_timed and len(info.words) == count


def _count_before(info: TurnInfo, moment: float, count: int, *, since: float) -> int:
    if _has_times(info, count):
        return sum((word.middle or 0.0) < moment for word in info.words)
    if moment >= info.audio_window_end:
        return count
    if moment <= since:
        return 0
    share = (moment - since) / (info.audio_window_end - since)
    return round(count * share)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which words of a turn lie before a moment: by their times, by their text, by their share. Pure.

A turn's text is cut in two where its audio was: what was heard before stays with the stream
before, what follows comes from the next one, and no word from both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo

_TOLERANCE = 0.01
"""Seconds by which a stream may begin before the moment it was to begin at."""

_UNSPOKEN = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Text that was given out before the container had ended its turn.

    Parameters:
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
        since: When the turn was first told of; a replay that begins before has all of it.
    """
    tokens = info.transcript.split()
    return tokens[: _count_before(info, moment, len(tokens), since=since)]


def words_beyond(
    info: TurnInfo, stream: int, delivered: Delivered, *, heard_again: int = 0
) -> list[str]:
    """The words of a turn that are not among those delivered.

    Args:
        info: What is known of the turn, in session seconds.
        stream: Number of its stream.
        delivered: What was delivered.
        heard_again: How many of its words were known when the stream had not come as far as what
            was delivered.
    """
    tokens = info.transcript.split()
    if _has_times(info, len(tokens)):
        return tokens[_count_before(info, delivered.to, len(tokens), since=0.0) :]
    if (stream, info.turn_index) == (delivered.stream, delivered.turn_index):
        own = delivered.words[len(delivered.words) - delivered.own_words :]
        return tokens[_length_retold(own, tokens) :]
    if info.audio_window_start >= delivered.to - _TOLERANCE:
        return tokens
    if info.audio_window_end <= delivered.to:
        return []
    return tokens[max(heard_again, overlap(delivered.words, tokens) or 0) :]


def overlap(before: Sequence[str], after: Sequence[str]) -> int | None:
    """How many of the later words say again what the earlier ones said last.

    Returns:
        The number, the most there can be; ``None`` where they have nothing in common.
    """
    said, again = _all_spoken(before), _all_spoken(after)
    for start in range(len(said)):
        tail = said[start:]
        common = min(len(tail), len(again))
        if tail[:common] == again[:common]:
            return common
    return None


def spoken(word: str) -> str:
    """A word without what only writing adds."""
    return _UNSPOKEN.sub("", word).casefold()


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts say the same."""
    return _all_spoken(one.split()) == _all_spoken(other.split())


def _all_spoken(words: Sequence[str]) -> list[str]:
    return [spoken(word) for word in words]


def _length_retold(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words of a turn stand for those it had before, some of them rewritten since.

    What lies behind the last word that both have in common is known by its number.
    """
    matcher = SequenceMatcher(None, _all_spoken(before), _all_spoken(after), autojunk=False)
    *common, _ = matcher.get_matching_blocks()
    return common[-1].b + len(before) - common[-1].a if common else len(before)


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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which words of two texts are the same, though they may be written differently. Pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_UNSPOKEN = re.compile(r"[^\w]+")


def spoken(word: str) -> str:
    """A word without what only writing adds."""
    return _UNSPOKEN.sub("", word).casefold()


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts say the same."""
    return _all_spoken(one.split()) == _all_spoken(other.split())


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


def length_repeated(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words of a text stand for those it had before, some of them rewritten since.

    What lies behind the last word that both have in common is known by its number.
    """
    matcher = SequenceMatcher(None, _all_spoken(before), _all_spoken(after), autojunk=False)
    *common, _ = matcher.get_matching_blocks()
    return common[-1].b + len(before) - common[-1].a if common else len(before)


def _all_spoken(words: Sequence[str]) -> list[str]:
    return [spoken(word) for word in words]

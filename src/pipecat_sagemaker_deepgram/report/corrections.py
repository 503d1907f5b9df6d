# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Compares interim results with the final ones. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipecat_sagemaker_deepgram.recorded.transcript import Interim, Segment


@dataclass(frozen=True)
class Version:
    """The text of an interim result.

    Attributes:
        arrived: Seconds from the beginning of the run.
        words: Each word, and whether the final has it too.
    """

    arrived: float
    words: tuple[tuple[str, bool], ...]

    @property
    def corrected(self) -> int:
        """Words that the final does not have."""
        return sum(not stayed for _, stayed in self.words)


def versions_of(
    segments: Sequence[Segment], interims: Iterable[Interim]
) -> dict[Segment, list[Version]]:
    """The interim results before each final.

    Args:
        segments: The finals.
        interims: The interims.
    """
    waiting = sorted(interims, key=lambda each: each.arrived)
    found: dict[Segment, list[Version]] = {}
    for segment in sorted(segments, key=lambda each: each.arrived):
        own = [each for each in waiting if _is_of(each, segment)]
        waiting = [each for each in waiting if each not in own]
        found[segment] = [Version(each.arrived, compare(each.text, segment.text)) for each in own]
    return found


def compare(before: str, after: str) -> tuple[tuple[str, bool], ...]:
    """Find which words of a text are also in a later one, ignoring case and punctuation.

    Args:
        before: The text.
        after: The later text.
    """
    words = before.split()
    matcher = SequenceMatcher(None, _plain(words), _plain(after.split()), autojunk=False)
    stayed = {
        block.a + index for block in matcher.get_matching_blocks() for index in range(block.size)
    }
    return tuple((word, index in stayed) for index, word in enumerate(words))


def _is_of(interim: Interim, segment: Segment) -> bool:
    return (
        interim.channel == segment.channel
        and interim.arrived <= segment.arrived
        and interim.start < segment.end
        and interim.end > segment.start
    )


def _plain(words: Iterable[str]) -> list[str]:
    return ["".join(filter(str.isalnum, word.lower())) for word in words]

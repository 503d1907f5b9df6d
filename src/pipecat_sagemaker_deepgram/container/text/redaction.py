# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Redaction of numbers (Deepgram docs, "Redaction"): each word of a number becomes an asterisk."""

from collections.abc import Iterator, Sequence

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import merged
from pipecat_sagemaker_deepgram.container.text.numerals import Number, numbers

MASK = "*"
_FEWEST_NUMERALS = 3


def redact_numbers(
    words: Sequence[RecognizedWord], *, aggressively: bool
) -> tuple[RecognizedWord, ...]:
    """Mask sequences of three numerals or more; ``aggressively``, every number."""
    found = numbers(words)
    if not aggressively:
        found = [part for run in _runs(found) if _numerals(run) >= _FEWEST_NUMERALS for part in run]
    masked = {index for part in found for index in range(part.begin, part.end)}
    return tuple(
        merged([word], MASK, MASK) if index in masked else word for index, word in enumerate(words)
    )


def _runs(parts: Sequence[Number]) -> Iterator[list[Number]]:
    """Group numbers with no word between them."""
    run: list[Number] = []
    for part in parts:
        if run and part.begin != run[-1].end:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _numerals(run: Sequence[Number]) -> int:
    return sum(character.isdigit() for part in run for character in part.text)

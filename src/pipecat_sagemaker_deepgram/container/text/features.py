# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The text features that a connection asked for, applied in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import plain_form
from pipecat_sagemaker_deepgram.container.text import keyterms
from pipecat_sagemaker_deepgram.container.text.dictation import write_punctuation
from pipecat_sagemaker_deepgram.container.text.numerals import abbreviate_units, write_numerals
from pipecat_sagemaker_deepgram.container.text.redaction import redact_numbers
from pipecat_sagemaker_deepgram.container.text.replacing import (
    Replacement,
    drop_fillers,
    mask_profanity,
    replace_phrases,
)


@dataclass(frozen=True, kw_only=True)
class Features:
    """The requested features.

    Attributes:
        filler_words: Keep filler words.
        keyterms: Terms to favour.
        dictation: Write spoken punctuation as marks.
        replacements: Phrases to replace.
        numerals: Write numbers in digits.
        measurements: Write units that follow a number by their symbols.
        profanity_filter: Mask swear words.
        redacts_numbers: Mask sequences of numerals.
        redacts_all_numbers: Mask every number.
        search: Terms to search for.
    """

    filler_words: bool = False
    keyterms: tuple[str, ...] = ()
    dictation: bool = False
    replacements: tuple[Replacement, ...] = ()
    numerals: bool = False
    measurements: bool = False
    profanity_filter: bool = False
    redacts_numbers: bool = False
    redacts_all_numbers: bool = False
    search: tuple[str, ...] = ()

    def apply(self, words: Sequence[RecognizedWord]) -> tuple[RecognizedWord, ...]:
        """Return the words to show."""
        words = tuple(words) if self.filler_words else drop_fillers(words)
        if self.keyterms:
            words = keyterms.favour(words, self.keyterms)
        if self.dictation:
            words = write_punctuation(words)
        if self.replacements:
            words = replace_phrases(words, self.replacements)
        if self.measurements:
            words = abbreviate_units(words)
        if self.numerals:
            words = write_numerals(words)
        if self.profanity_filter:
            words = mask_profanity(words)
        if self.redacts_numbers or self.redacts_all_numbers:
            words = redact_numbers(words, aggressively=self.redacts_all_numbers)
        return words

    def find(self, words: Sequence[RecognizedWord]) -> list[dict[str, Any]]:
        """Search the shown words for the terms; return Deepgram's ``search``."""
        return [
            {"query": term, "hits": [_hit(words, hit) for hit in keyterms.search(words, term)]}
            for term in self.search
        ]


def _hit(words: Sequence[RecognizedWord], hit: keyterms.Hit) -> dict[str, Any]:
    heard = words[hit.begin : hit.end]
    return {
        "confidence": round(hit.similarity, 6),
        "start": round(heard[0].start, 6),
        "end": round(heard[-1].end, 6),
        "snippet": " ".join(plain_form(word) for word in heard),
    }

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Replaces words: find and replace, filler words, profanity (Deepgram docs of those names)."""

from collections.abc import Iterator, Sequence
from functools import cache

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import merged, plain_form

type Replacement = tuple[tuple[str, ...], str]
"""Plain words to find, and the text to put in their place, which may be empty."""

_FILLERS = frozenset(
    {"uh", "um", "umm", "uhh", "hmm", "mm", "mhmm", "mm-mm", "uh-uh", "uh-huh", "nuh-uh", "er"}
)
_PROFANITY_MASK = "****"


def read_replacement(text: str) -> Replacement:
    """Parse ``FIND:REPLACEMENT``; without the colon, matches are removed."""
    find, _, replacement = text.partition(":")
    return tuple(find.lower().split()), replacement.strip()


def replace_phrases(
    words: Sequence[RecognizedWord], replacements: Sequence[Replacement]
) -> tuple[RecognizedWord, ...]:
    """Apply replacements, at each word the first that matches."""
    plain = [plain_form(word).lower() for word in words]

    def replaced() -> Iterator[RecognizedWord]:
        at = 0
        while at < len(words):
            fitting = (r for r in replacements if tuple(plain[at : at + len(r[0])]) == r[0])
            find, text = next(fitting, ((), None))
            if text is None:
                yield words[at]
                at += 1
                continue
            if text:
                yield merged(words[at : at + len(find)], text, text)
            at += len(find)

    return tuple(replaced())


def drop_fillers(words: Sequence[RecognizedWord]) -> tuple[RecognizedWord, ...]:
    """Remove filler words, which a transcript contains only on request."""
    return tuple(word for word in words if plain_form(word).lower() not in _FILLERS)


def mask_profanity(words: Sequence[RecognizedWord]) -> tuple[RecognizedWord, ...]:
    """Mask the swear words in better-profanity's list."""
    return tuple(
        merged([word], _PROFANITY_MASK, _PROFANITY_MASK) if _is_profane(plain_form(word)) else word
        for word in words
    )


@cache
def _is_profane(word: str) -> bool:
    from better_profanity import profanity

    return profanity.contains_profanity(word)

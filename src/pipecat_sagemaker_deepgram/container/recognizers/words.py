# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Words: their plain form, and estimated times for words without times."""

from collections.abc import Sequence
from dataclasses import replace

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord

_PUNCTUATION = ".,?!;:\n"


def plain_word(text: str) -> str:
    """Lower-case a word and drop the punctuation round it; inner apostrophes and hyphens stay.

    Returns:
        The plain word, empty when the text was punctuation only.
    """
    kept = [i for i, character in enumerate(text) if character.isalnum()]
    return text[kept[0] : kept[-1] + 1].lower() if kept else ""


def plain_form(word: RecognizedWord) -> str:
    """The form of a word without punctuation."""
    return plain_word(word.text) if word.plain is None else word.plain


def trailing_punctuation(text: str) -> str:
    """The punctuation that follows a word."""
    return text[len(text.rstrip(_PUNCTUATION)) :]


def ends_phrase(text: str) -> bool:
    """Whether punctuation separates a word from the next."""
    return bool(trailing_punctuation(text))


def merged(words: Sequence[RecognizedWord], text: str, plain: str) -> RecognizedWord:
    """Merge words into one, keeping the punctuation after the last."""
    return replace(
        words[0],
        text=text + trailing_punctuation(words[-1].text),
        plain=plain,
        end=words[-1].end,
        confidence=min(word.confidence for word in words),
    )


def spread_words(text: str, spans: Sequence[tuple[float, float]]) -> tuple[RecognizedWord, ...]:
    """Estimate the times of the words of ``text`` within the voiced ``spans``.

    Each word gets voiced time in proportion to its length plus one character for the gap; pauses
    between the spans are not shared out.

    Args:
        text: What was said.
        spans: Voiced stretches as (start, end) in seconds, in order; at least one.

    Returns:
        The words in order, without loose punctuation, all marked ``estimated``.
    """
    texts = [word for word in text.split() if plain_word(word)]
    shares = [len(word) + 1 for word in texts]
    total = sum(shares)
    voiced = sum(end - start for start, end in spans)
    edges = [sum(shares[:i]) / total * voiced for i in range(len(texts) + 1)] if texts else []
    return tuple(
        RecognizedWord(word, _after(spans, begin), _before(spans, end), estimated=True)
        for word, begin, end in zip(texts, edges, edges[1:], strict=False)
    )


def _after(spans: Sequence[tuple[float, float]], voiced: float) -> float:
    """The time when ``voiced`` seconds of voice have passed and more begins."""
    for start, end in spans:
        if voiced < end - start - 1e-9:
            return start + voiced
        voiced -= end - start
    return spans[-1][1]


def _before(spans: Sequence[tuple[float, float]], voiced: float) -> float:
    """The time when ``voiced`` seconds of voice have just passed."""
    for start, end in spans:
        if voiced <= end - start + 1e-9:
            return min(end, start + voiced)
        voiced -= end - start
    return spans[-1][1]

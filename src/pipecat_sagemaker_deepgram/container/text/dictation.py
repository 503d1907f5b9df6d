# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Punctuation that is spoken (Deepgram docs, "Dictation")."""

from collections.abc import Sequence
from dataclasses import replace

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import (
    plain_form,
    trailing_punctuation,
)

_MARKS = {
    ("comma",): ",",
    ("period",): ".",
    ("full", "stop"): ".",
    ("question", "mark"): "?",
    ("exclamation", "mark"): "!",
    ("exclamation", "point"): "!",
    ("colon",): ":",
    ("semicolon",): ";",
    ("semi", "colon"): ";",
    ("new", "line"): "\n",
    ("new", "paragraph"): "\n\n",
}


def write_punctuation(words: Sequence[RecognizedWord]) -> tuple[RecognizedWord, ...]:
    """Replace spoken punctuation by its marks."""
    plain = [plain_form(word).lower() for word in words]
    written: list[RecognizedWord] = []
    at = 0
    while at < len(words):
        command = next((c for c in _MARKS if tuple(plain[at : at + len(c)]) == c), None)
        if command is None or not written:
            written.append(words[at])
            at += 1
            continue
        written[-1] = _marked(written[-1], _MARKS[command])
        at += len(command)
    return tuple(written)


def _marked(word: RecognizedWord, mark: str) -> RecognizedWord:
    """Add a mark to a word; a line break keeps the existing mark."""
    kept = word.text
    if not mark.isspace():
        kept = kept[: len(kept) - len(trailing_punctuation(kept))]
    return replace(word, text=kept + mark)

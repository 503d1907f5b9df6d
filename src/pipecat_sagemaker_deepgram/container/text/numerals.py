# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Numbers in digits (Deepgram docs, "Numerals" and "Measurements"), found by text2num."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from text_to_num import find_numbers

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import (
    ends_phrase,
    merged,
    plain_form,
)

_LANGUAGE = "en"
_LONE_FROM = 3.0
"""The smallest single number written in digits: "one" often does not mean a number."""

_IN_DIGITS = re.compile(r"[0-9]+([.,:/-][0-9]+)*(st|nd|rd|th|%)?")

_UNITS = {
    **dict.fromkeys(("microgram", "micrograms"), "mcg"),
    **dict.fromkeys(("milligram", "milligrams"), "mg"),
    **dict.fromkeys(("gram", "grams"), "g"),
    **dict.fromkeys(("kilogram", "kilograms", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("milliliter", "milliliters", "millilitre", "millilitres"), "ml"),
    **dict.fromkeys(("liter", "liters", "litre", "litres"), "l"),
    **dict.fromkeys(("millimeter", "millimeters", "millimetre", "millimetres"), "mm"),
    **dict.fromkeys(("centimeter", "centimeters", "centimetre", "centimetres"), "cm"),
    **dict.fromkeys(("meter", "meters", "metre", "metres"), "m"),
    **dict.fromkeys(("kilometer", "kilometers", "kilometre", "kilometres"), "km"),
    **dict.fromkeys(("inch", "inches"), "in"),
    **dict.fromkeys(("foot", "feet"), "ft"),
    **dict.fromkeys(("mile", "miles"), "mi"),
    **dict.fromkeys(("ounce", "ounces"), "oz"),
    **dict.fromkeys(("pound", "pounds"), "lb"),
}


@dataclass
class _Token:
    """A word in the form that text2num reads."""

    word: RecognizedWord
    follows_break: bool

    def text(self) -> str:
        return plain_form(self.word)

    def nt_separated(self, previous: "_Token") -> bool:
        return self.follows_break

    def not_a_number_part(self) -> bool:
        return False


@dataclass(frozen=True)
class Number:
    """Words that form a number.

    Attributes:
        begin: Index of the first word.
        end: Index after the last word.
        text: The number in digits.
    """

    begin: int
    end: int
    text: str


def numbers(words: Sequence[RecognizedWord], *, lone_from: float = 0.0) -> list[Number]:
    """Find numbers, spoken or in digits.

    Args:
        words: The words.
        lone_from: The smallest single number to find.
    """
    if not words:
        return []
    breaks = [False, *(ends_phrase(word.text) for word, _ in pairwise(words))]
    tokens = [_Token(*pair) for pair in zip(words, breaks, strict=True)]
    spoken = [
        Number(item.start, item.end, item.text)
        for item in find_numbers(tokens, _LANGUAGE, lone_from)
    ]
    return sorted([*spoken, *_written(words, spoken)], key=lambda number: number.begin)


def _written(words: Sequence[RecognizedWord], spoken: Sequence[Number]) -> list[Number]:
    """Find the numbers that are already in digits."""
    taken = {index for number in spoken for index in range(number.begin, number.end)}
    texts = {index: plain_form(word) for index, word in enumerate(words) if index not in taken}
    return [Number(i, i + 1, text) for i, text in texts.items() if _IN_DIGITS.fullmatch(text)]


def write_numerals(words: Sequence[RecognizedWord]) -> tuple[RecognizedWord, ...]:
    """Write numbers in digits."""
    return tuple(_replaced(words, numbers(words, lone_from=_LONE_FROM)))


def abbreviate_units(words: Sequence[RecognizedWord]) -> tuple[RecognizedWord, ...]:
    """Write a number in digits and the unit after it as a symbol."""
    ends = {number.end: number for number in numbers(words)}
    measured = [
        number
        for index, word in enumerate(words)
        if plain_form(word).lower() in _UNITS and (number := ends.get(index)) is not None
    ]
    units = [Number(n.end, n.end + 1, _UNITS[plain_form(words[n.end]).lower()]) for n in measured]
    return tuple(_replaced(words, sorted([*measured, *units], key=lambda part: part.begin)))


def _replaced(words: Sequence[RecognizedWord], parts: Sequence[Number]) -> Iterator[RecognizedWord]:
    at = 0
    for part in parts:
        yield from words[at : part.begin]
        yield merged(words[part.begin : part.end], part.text, part.text)
        at = part.end
    yield from words[at:]

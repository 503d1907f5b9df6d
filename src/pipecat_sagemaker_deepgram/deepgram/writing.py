# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How a text is written, and where it can be cut and joined. Pure.

A container writes words with or without spaces between them, depending on the language, and may
write several words as one, such as the digits of a number. A text is only cut where its words can
be distinguished, and it is joined the way the container itself writes it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_MARKS = "\u3001-\u3004\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_UNSPACED_LETTER = re.compile(f"[{_LETTERS}]")
"""Thai, Lao, Khmer, Burmese, Chinese and Japanese are written without spaces between words."""
_UNSPACED_MARK = re.compile(f"[{_MARKS}]")
_TOKEN = re.compile(r"\s*\S+")

_LONGEST_GROUP = 40
"""Most words that may be written as one."""
_MOST_TOKENS = 10
"""Most space-separated tokens that such a group may consist of."""
_LONGEST_GROUP_TEXT = 200
"""Most characters of such a group."""


_NEARBY = 30
"""Number of pieces to inspect for how a container separates its words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that cannot be cut further.

    Attributes:
        text: Its text, including what separates it from the previous piece.
        first: Index of the first word it stands for.
        end: Index after the last word it stands for.
    """

    text: str
    first: int
    end: int


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """Cut a text into its words.

    Args:
        text: The text.
        words: Its words, in order, as they are written or in a plainer form.

    Returns:
        Its pieces, whose texts make up the whole text. Words that are not written separately share
        a piece.
    """
    text = text.strip()
    for separator in (" ", ""):
        if separator.join(words) == text:
            return [
                Piece(separator + word if index else word, index, index + 1)
                for index, word in enumerate(words)
            ]
    if _UNSPACED_LETTER.search(text):
        return list(_found_pieces(text, words))
    return _matched_tokens(_TOKEN.findall(text), words)


def text_of(text: str, words: Sequence[str], kept: Collection[int]) -> str:
    """Write some of a text's words as the text does.

    Args:
        text: The text.
        words: Its words, as for ``pieces``.
        kept: Indices of the words to write. If several words are written as one and not all of them
            are kept, they are written as in ``words``.
    """
    said = ""
    written = pieces(text, words)
    texts = [piece.text for piece in written]
    for piece in written:
        chosen = [index for index in range(piece.first, piece.end) if index in kept]
        if len(chosen) == piece.end - piece.first:
            said += piece.text
        else:
            for index in chosen:
                word = words[index]
                gap = separator([said], [word], like=texts) if said else ""
                said += gap + word
    return said.strip()


def join(texts: Iterable[str]) -> str:
    """Join whole texts, with spaces if their language uses them."""
    joined = ""
    for text in filter(None, texts):
        joined += (separator([joined], [text]) if joined else "") + text
    return joined


def separator(before: Sequence[str], after: Sequence[str], *, like: Sequence[str] = ()) -> str:
    """What to write between two texts: what the container mostly writes there, or the usual.

    Args:
        before: The texts of the first one's pieces; not empty.
        after: The texts of the other one's pieces; not empty.
        like: The texts of the pieces of another text from the same container.
    """
    kind = _kinds(before[-1].strip(), after[0].strip())
    seen = [
        second[:1].isspace()
        for texts in (before[-_NEARBY:], after[:_NEARBY], like[:_NEARBY])
        for first, second in pairwise(texts)
        if _kinds(first.strip(), second.strip()) == kind
    ]
    is_usual = kind == (False, False)
    return " " if (sum(seen) * 2 > len(seen) if seen else is_usual) else ""


def _kinds(first: str, second: str) -> tuple[bool, bool] | None:
    """Whether each side of a boundary is written without spaces; ``None`` at a punctuation mark."""
    if not first or not second:
        return False, False
    if _UNSPACED_MARK.match(first[-1]) or _UNSPACED_MARK.match(second[0]):
        return None
    return bool(_UNSPACED_LETTER.match(first[-1])), bool(_UNSPACED_LETTER.match(second[0]))


# Words with spaces between them


def _matched_tokens(tokens: Sequence[str], words: Sequence[str]) -> list[Piece]:
    """The tokens of a text; those that stand for differently written words are combined."""
    plain_tokens, plain_words = (
        [_plain(token) for token in tokens],
        [_plain(word) for word in words],
    )
    found: list[Piece] = []
    at = index = 0
    while index < len(words):
        if at < len(tokens) and plain_tokens[at] == plain_words[index]:
            next_at, next_index = at + 1, index + 1
        else:
            next_at, next_index = _next_common(plain_tokens, plain_words, at, index)
        if next_index == len(words):
            next_at = len(tokens)
        found.append(Piece("".join(tokens[at:next_at]), index, next_index))
        at, index = next_at, next_index
    return found


def _next_common(
    tokens: Sequence[str], words: Sequence[str], at: int, index: int
) -> tuple[int, int]:
    """Where text and words match again, for two words or up to the end; else the end of both."""
    for word in range(index + 1, min(index + _LONGEST_GROUP, len(words))):
        pair = words[word : word + 2]
        for token in range(at, min(at + _MOST_TOKENS, len(tokens))):
            if token > at and tokens[token : token + 2] == pair:
                return token, word
    return len(tokens), len(words)


# Words without spaces between them


def _found_pieces(text: str, words: Sequence[str]) -> Iterator[Piece]:
    at = index = 0
    while index < len(words):
        first, end = index, _end_of(text, at, words[index])
        if end is None:
            index, end = _next_found(text, at, words, index)
        else:
            index, end = index + 1, _with_marks(text, end)
        end = end if index < len(words) else len(text)
        yield Piece(text[at:end], first, index)
        at = end


def _end_of(text: str, at: int, word: str) -> int | None:
    """Where a word ends if the text continues with it, ignoring punctuation before or in it."""
    left = _plain(word)
    if not left:
        return at
    for index in range(at, len(text)):
        plain = _plain(text[index])
        if not left.startswith(plain):
            return None
        left = left[len(plain) :]
        if not left:
            return index + 1 if _is_between_words(text, index + 1) else None
    return None


def _is_between_words(text: str, at: int) -> bool:
    is_within = _plain(text[at - 1 : at]) and _plain(text[at : at + 1])
    return not is_within or bool(_UNSPACED_LETTER.search(text, at - 1, at + 1))


def _next_found(text: str, at: int, words: Sequence[str], index: int) -> tuple[int, int]:
    """The next word that occurs in the text, and where the text before it ends.

    It only counts if the word after it follows, so that it is not found by chance.
    """
    for found in range(index + 1, min(index + _LONGEST_GROUP, len(words))):
        for begin in _beginnings(text, at):
            end = _end_of(text, begin, words[found]) if _plain(words[found]) else None
            is_last = found + 1 == len(words)
            if end is not None and (is_last or _end_of(text, end, words[found + 1]) is not None):
                return found, len(text[:begin].rstrip())
    return len(words), len(text)


def _beginnings(text: str, at: int) -> Iterator[int]:
    """Where a word may begin: after a space, or anywhere in text that is written without."""
    for index in range(at + 1, min(at + _LONGEST_GROUP_TEXT, len(text))):
        if _plain(text[index]) and _is_between_words(text, index):
            yield index


def _with_marks(text: str, at: int) -> int:
    """The position after the punctuation marks that belong to the previous word."""
    while at < len(text) and not text[at].isspace() and not _plain(text[at]):
        at += 1
    return at


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return "".join(each for each in text if each.isalnum()).casefold()

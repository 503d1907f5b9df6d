# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks of query parameters that v1/listen and v2/listen share.

A check takes a parameter's name and the texts given for it, and returns its value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from pipecat_sagemaker_deepgram.web.errors import RequestError

_MAX_KEYTERM_TOKENS = 500

type Check = Callable[[str, Sequence[str]], Any]


class QueryError(RequestError):
    """The query is refused with HTTP 400."""

    def __init__(self, description: str, *, code: str = "INVALID_QUERY_PARAMETER") -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, code, description)


def check_query(query: str, checks: Mapping[str, Check]) -> dict[str, Any]:
    """Check every parameter of a raw query string.

    Returns:
        The values of the parameters that were given, by name.

    Raises:
        QueryError: A parameter is not in ``checks``, or its check refuses it.
    """
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in checks:
            raise QueryError(
                f"unsupported query parameter(s): {name}", code="unsupported_parameter"
            )
        given.setdefault(name, []).append(value)
    return {name: checks[name](name, texts) for name, texts in given.items()}


def refused(name: str, text: str, wanted: str) -> QueryError:
    """The error for a value that a parameter cannot have."""
    return QueryError(
        f"Failed to deserialize query parameters: {name}: invalid value {text!r}, expected {wanted}"
    )


def one(name: str, texts: Sequence[str]) -> str:
    """A parameter that may be given once."""
    if len(texts) > 1:
        raise QueryError(f"Failed to deserialize query parameters: duplicate field `{name}`")
    return texts[0]


def boolean(name: str, texts: Sequence[str]) -> bool:
    """``true`` or ``false``."""
    text = one(name, texts)
    if text not in ("true", "false"):
        raise refused(name, text, "`true` or `false`")
    return text == "true"


def integer(least: int, most: int) -> Check:
    """A whole number in a range, both ends included."""

    def check(name: str, texts: Sequence[str]) -> int:
        text = one(name, texts)
        if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise refused(name, text, f"an integer from {least} to {most}")
        return int(text)

    return check


def number(least: float, most: float) -> Check:
    """A decimal number in a range, both ends included."""

    def check(name: str, texts: Sequence[str]) -> float:
        text = one(name, texts)
        if (
            not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,17})?", text)
            or not least <= float(text) <= most
        ):
            raise refused(name, text, f"a number from {least} to {most}")
        return float(text)

    return check


def choice(*allowed: str) -> Check:
    """One of the given words."""

    def check(name: str, texts: Sequence[str]) -> str:
        text = one(name, texts)
        if text not in allowed:
            raise refused(name, text, "one of " + ", ".join(allowed))
        return text

    return check


def several(longest: int = 2048, *, pattern: str = ".+") -> Check:
    """A parameter that may be repeated; each text is checked."""

    def check(name: str, texts: Sequence[str]) -> Sequence[str]:
        for text in texts:
            if len(text) > longest or not re.fullmatch(pattern, text, re.DOTALL):
                raise refused(name, text, f"1 to {longest} characters like {pattern!r}")
        return texts

    return check


def keyterms(name: str, texts: Sequence[str]) -> Sequence[str]:
    """Terms of 500 tokens in all (Deepgram docs, "Keyterm Prompting"); a word counts as one."""
    several(8192)(name, texts)
    if are_too_many_keyterms(texts):
        raise QueryError(KEYTERM_LIMIT_EXCEEDED, code="Bad Request")
    return texts


def are_too_many_keyterms(texts: Sequence[str]) -> bool:
    """Whether terms have more tokens than Deepgram accepts."""
    return sum(len(text.split()) for text in texts) > _MAX_KEYTERM_TOKENS


KEYTERM_LIMIT_EXCEEDED = (
    "Keyterm limit exceeded. The maximum number of tokens across all keyterms is "
    f"{_MAX_KEYTERM_TOKENS}."
)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Query strings that both Deepgram and SageMaker accept. Pure.

Values are checked here, before anything is sent: SageMaker answers every query that a container
refuses with the same HTTP 424 and does not pass on the reason.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

MAX_QUERY_LENGTH = 2048
"""Most characters of ``ModelQueryString`` (service model of SageMaker Runtime)."""

type Scalar = str | int | float | bool
type QueryValue = Scalar | Sequence[Scalar] | None

_NAME = re.compile(r"[a-zA-Z0-9][A-Za-z0-9_-]*")


def build_query(parameters: Mapping[str, QueryValue]) -> str:
    """Write parameters as a query string.

    Booleans are lower-case words, a list repeats its key, ``None`` and empty lists are left
    out. A space is ``%20``: SageMaker's pattern for ``ModelQueryString`` does not allow ``+``.

    Raises:
        ConfigurationError: A name or a value is not allowed in a query, or the query is longer
            than SageMaker accepts.
    """
    pairs = {
        name: "&".join(f"{name}={quote(text, safe='')}" for text in texts)
        for name, texts in query_texts(parameters).items()
    }
    query = "&".join(pairs.values())
    if len(query) > MAX_QUERY_LENGTH:
        longest = max(pairs, key=lambda name: len(pairs[name]))
        raise ConfigurationError(
            f"the query string is {len(query)} characters long, and SageMaker takes "
            f"{MAX_QUERY_LENGTH} at most; {longest} alone takes {len(pairs[longest])} of them",
            advice=f"Shorten {longest}; a space or a non-ASCII letter counts as 3 or more.",
        )
    return query


def query_texts(parameters: Mapping[str, QueryValue]) -> dict[str, list[str]]:
    """Return every parameter that is sent, with the texts of its values before encoding.

    Raises:
        ConfigurationError: A name or a value is not allowed in a query.
    """
    texts = {name: list(_texts(name, value)) for name, value in parameters.items()}
    for name in texts:
        if not _NAME.fullmatch(name):
            raise ConfigurationError(
                f"{name!r} is not a valid name of a query parameter, which consists of letters, "
                "digits, '_' and '-'"
            )
    return {name: values for name, values in texts.items() if values}


def _texts(name: str, value: QueryValue) -> Iterator[str]:
    match value:
        case None:
            return
        case list() | tuple():
            yield from (_text(name, each) for each in value)
        case _:
            yield _text(name, value)


def _text(name: str, value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            raise ConfigurationError(f"{name} is {value}, which is not a number that can be sent")
        case int() | float():
            return str(value)
        case str():
            return _checked(name, str(value))
    raise ConfigurationError(
        f"{name} holds a value of type {type(value).__name__}",
        advice="Give text, a number, True or False, or a list of those.",
    )


def _checked(name: str, text: str) -> str:
    if not text.strip():
        raise ConfigurationError(
            f"{name} holds an empty value, which SageMaker refuses",
            advice="Leave the parameter out instead.",
        )
    if not text.isascii() and re.search(r"[\ud800-\udfff]", text):
        raise ConfigurationError(f"{name} holds half of a surrogate pair, which is not a character")
    return text

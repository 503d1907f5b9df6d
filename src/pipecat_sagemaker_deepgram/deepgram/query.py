# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Query strings as Deepgram and SageMaker both take them. Pure."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

type QueryValue = str | int | float | bool | Iterable[str | int | float | bool] | None


def build_query(parameters: Mapping[str, QueryValue]) -> str:
    """Write parameters as a query string.

    Booleans are lower-case words, a list repeats its key, ``None`` and empty values are left
    out. A space is ``%20``: SageMaker's pattern for ``ModelQueryString`` has no ``+``.
    """
    return "&".join(
        f"{name}={quote(text, safe='')}"
        for name, value in parameters.items()
        for text in _texts(value)
        if text
    )


def _texts(value: QueryValue) -> Iterable[str]:
    match value:
        case None:
            return ()
        case bool():
            return ("true" if value else "false",)
        case str() | int() | float():
            return (str(value),)
    return [text for each in value for text in _texts(each)]

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading the credentials of a request, in all of Deepgram's forms. Pure.

A header, ``Authorization: Token KEY`` or ``Bearer JWT``, or, from browsers, a pair of
subprotocols, ``token, KEY`` or ``bearer, JWT`` (Deepgram docs, "Authentication").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Credential:
    """The credentials of a request.

    Attributes:
        scheme: ``token`` for a key, ``bearer`` for a short-lived token.
        value: The key or the token.
    """

    scheme: str
    value: str = field(repr=False)


def read_credential(headers: Mapping[str, str]) -> Credential | None:
    """Read the credentials of a request; ``None`` if it has none that can be read.

    Args:
        headers: The request's headers, in a mapping that ignores case.
    """
    if "Authorization" in headers:
        return _credential(*headers["Authorization"].strip().partition(" ")[::2])
    offered = [each.strip() for each in headers.get("Sec-WebSocket-Protocol", "").split(",")]
    for scheme, value in pairwise(offered):
        if (found := _credential(scheme, value)) is not None:
            return found
    return None


def _credential(scheme: str, value: str) -> Credential | None:
    scheme, value = scheme.lower(), value.strip()
    return Credential(scheme, value) if scheme in ("token", "bearer") and value else None

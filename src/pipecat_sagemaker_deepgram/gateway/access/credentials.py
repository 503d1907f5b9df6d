# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a request shows to be let in, in all of Deepgram's forms. Pure.

A header, ``Authorization: Token KEY`` or ``Bearer JWT``, or, from browsers, a pair of
subprotocols, ``token, KEY`` or ``bearer, JWT`` (Deepgram docs, "Authentication").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Credential:
    """What was shown.

    Attributes:
        scheme: ``token`` for a key, ``bearer`` for a short-lived token.
        value: The key or the token.
    """

    scheme: str
    value: str = field(repr=False)


def read_credential(headers: Mapping[str, str]) -> Credential | None:
    """Read what a request shows; ``None`` where it shows nothing that can be read.

    Args:
        headers: The request's headers, whose names are found in any case.
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

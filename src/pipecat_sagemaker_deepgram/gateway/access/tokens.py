# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Short-lived tokens, safe for browsers (Deepgram docs, "Token-Based Authentication")."""

import secrets
import time

import jwt

DEFAULT_TTL = 30
"""Default lifetime of a token, in seconds (Deepgram docs)."""

LONGEST_TTL = 3600
"""Longest lifetime of a token, in seconds."""

_ALGORITHM = "HS256"
_AUDIENCE = "pipecat-sagemaker-deepgram"


def grant_token(key_id: str, secret: str, *, ttl: int = DEFAULT_TTL) -> str:
    """Create a token.

    Args:
        key_id: Id of the key it is granted to.
        secret: The secret that signs it.
        ttl: Its lifetime in seconds.
    """
    now = int(time.time())
    claims = {
        "sub": key_id,
        "aud": _AUDIENCE,
        "iat": now,
        "exp": now + ttl,
        "jti": secrets.token_hex(8),
        "scope": "usage:write",
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def key_of_token(token: str, secret: str) -> str | None:
    """Id of the key that a token was granted to; ``None`` if it is not valid."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["exp", "sub", "aud"]},
        )
    except jwt.InvalidTokenError:
        return None
    return claims["sub"]

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Signatures of callbacks, as defined by Standard Webhooks 1.0. Pure."""

import base64
import hmac

PREFIX = "whsec_"
"""Prefix of an encoded secret; base64 follows."""


def signed_headers(secret: bytes, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Write the headers by which a receiver verifies a callback.

    Args:
        secret: The shared secret.
        id: The same for each attempt, so that the receiver recognises repeats.
        timestamp: Seconds since 1970.
        body: The body of the callback.
    """
    signed = b".".join((id.encode(), str(timestamp).encode(), body))
    signature = base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def read_secret(text: str) -> bytes:
    """Decode a secret.

    Raises:
        ValueError: It is not a valid secret.
    """
    return base64.b64decode(text.removeprefix(PREFIX), validate=True)

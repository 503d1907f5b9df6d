# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Signatures of callbacks, as Standard Webhooks 1.0 has them. Pure."""

import base64
import hmac

PREFIX = "whsec_"
"""What a written secret begins with; base64 follows."""


def signed_headers(secret: bytes, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Write the headers by which a receiver knows that a callback is genuine.

    Args:
        secret: What both sides know.
        id: The same for each attempt, so that a repeated one is noticed.
        timestamp: Seconds since 1970.
        body: What is sent.
    """
    signed = b".".join((id.encode(), str(timestamp).encode(), body))
    signature = base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def read_secret(text: str) -> bytes:
    """Read a written secret.

    Raises:
        ValueError: It is not one.
    """
    return base64.b64decode(text.removeprefix(PREFIX), validate=True)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Signatures of events: AWS Signature Version 4 for event streams. Pure.

Each event is signed over the signature before it, the first over the request's own; the last
event is empty (AWS General Reference, "Signing event stream messages").
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from pipecat_sagemaker_deepgram.transport.eventstream import (
    encode_bytes_header,
    encode_message,
    encode_timestamp_header,
)

SIGNED_OVERHEAD = 83
"""Bytes that the signed message has more than the event inside it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHA256 = hashlib.sha256()
_BLOCK_SIZE = 64
_SIGNATURE_HEADER = encode_bytes_header(":chunk-signature", bytes(32))[:-32]


class EventSigner:
    """Wraps encoded events into signed ones, each chained to the one before.

    The signing key depends on the day, so it is derived once a day and not once an event. What
    depends on the time alone is made once for all events that are signed at the same time.

    Args:
        secret_access_key: The secret of the credentials that signed the request.
        region: AWS region in the credential scope.
        seed_signature: Signature of the request, in hexadecimal, as in its ``Authorization``
            header.
        service: Service name in the credential scope.
    """

    def __init__(
        self,
        *,
        secret_access_key: str,
        region: str,
        seed_signature: str,
        service: str = "sagemaker",
    ) -> None:
        self._secret = b"AWS4" + secret_access_key.encode()
        self._region = region
        self._service = service
        self._prior_signature = seed_signature
        self._now = -1
        self._date_header = b""
        self._before_prior = ""
        self._after_prior = ""
        self._day = ""
        self._scope = ""
        self._key = _Key(b"")

    def sign(self, event: bytes, *, now: int) -> bytes:
        """Sign an encoded event; ``b""`` gives the empty event that ends a stream.

        Args:
            event: The whole inner message.
            now: The time of signing, in milliseconds since the epoch.

        Returns:
            The encoded outer message.
        """
        if now != self._now:
            self._use_time(now)
        hashed = _sha256(event).hex()
        text = f"{self._before_prior}{self._prior_signature}{self._after_prior}{hashed}"
        signature = self._key.sign(text.encode())
        self._prior_signature = signature.hex()
        return encode_message(self._date_header + _SIGNATURE_HEADER + signature, event)

    def _use_time(self, now: int) -> None:
        self._now = now
        timestamp = _timestamp(now // 1000)
        self._use_day(timestamp[:8])
        self._date_header = encode_timestamp_header(":date", now)
        self._before_prior = f"AWS4-HMAC-SHA256-PAYLOAD\n{timestamp}\n{self._scope}\n"
        self._after_prior = f"\n{_sha256(self._date_header).hex()}\n"

    def _use_day(self, day: str) -> None:
        if day == self._day:
            return
        key = self._secret
        for part in (day, self._region, self._service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        self._day, self._key = day, _Key(key)
        self._scope = f"{day}/{self._region}/{self._service}/aws4_request"


class _Key:
    """HMAC-SHA-256 (RFC 2104) with a key of at most a block, which is hashed only once.

    The standard library's ``hmac.digest`` sets up the key for every message.
    """

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(_BLOCK_SIZE, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def sign(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


def _sha256(data: bytes) -> bytes:
    """Hash with a copy, since OpenSSL looks up the algorithm for every newly made hash."""
    digest = _SHA256.copy()
    digest.update(data)
    return digest.digest()


@lru_cache(maxsize=4)
def _timestamp(second: int) -> str:
    """Format the time as signatures contain it; shared by all streams of a process."""
    return (_EPOCH + timedelta(seconds=second)).strftime("%Y%m%dT%H%M%SZ")

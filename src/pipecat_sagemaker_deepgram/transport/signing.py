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


class EventSigner:
    """Wraps encoded events into signed ones, each chained to the one before.

    The signing key depends on the day, so it is derived once a day and not once an event; the
    text of the time is made once a second.

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
        self._second = -1
        self._day = ""
        self._scope = ""
        self._heading = ""
        self._key = _Key(b"")

    def sign(self, event: bytes, *, now: int) -> bytes:
        """Sign an encoded event; ``b""`` gives the empty event that ends a stream.

        Args:
            event: The whole inner message.
            now: The time of signing, in milliseconds since the epoch.

        Returns:
            The encoded outer message.
        """
        second = now // 1000
        if second != self._second:
            self._use_second(second)
        date_header = encode_timestamp_header(":date", now)
        string_to_sign = (
            f"{self._heading}{self._prior_signature}\n"
            f"{_sha256(date_header).hex()}\n{_sha256(event).hex()}"
        )
        signature = self._key.sign(string_to_sign.encode())
        self._prior_signature = signature.hex()
        return encode_message(
            date_header + encode_bytes_header(":chunk-signature", signature), event
        )

    def _use_second(self, second: int) -> None:
        timestamp = _timestamp(second)
        self._second = second
        self._use_day(timestamp[:8])
        self._heading = f"AWS4-HMAC-SHA256-PAYLOAD\n{timestamp}\n{self._scope}\n"

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

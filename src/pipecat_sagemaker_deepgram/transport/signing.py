# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Signatures of events: AWS Signature Version 4 for event streams. Pure.

Each event is signed over the signature before it, the first over the request's own; the last
event is empty (AWS General Reference, "Signing event stream messages").
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from pipecat_sagemaker_deepgram.transport.eventstream import (
    encode_bytes_header,
    encode_message,
    encode_timestamp_header,
)

SIGNED_OVERHEAD = 83
"""Bytes that the signed message has more than the event inside it."""


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
        self._timestamp = ""
        self._day = ""
        self._scope = ""
        self._key = b""

    def sign(self, event: bytes, *, now: datetime) -> bytes:
        """Sign an encoded event; ``b""`` gives the empty event that ends a stream.

        Args:
            event: The whole inner message.
            now: The time of signing, aware.

        Returns:
            The encoded outer message.
        """
        milliseconds = _milliseconds(now)
        if milliseconds // 1000 != self._second:
            self._use_second(milliseconds // 1000)
        date_header = encode_timestamp_header(":date", milliseconds)
        string_to_sign = (
            f"AWS4-HMAC-SHA256-PAYLOAD\n{self._timestamp}\n{self._scope}\n"
            f"{self._prior_signature}\n"
            f"{hashlib.sha256(date_header).hexdigest()}\n{hashlib.sha256(event).hexdigest()}"
        )
        signature = hmac.digest(self._key, string_to_sign.encode(), "sha256")
        self._prior_signature = signature.hex()
        return encode_message(
            date_header + encode_bytes_header(":chunk-signature", signature), event
        )

    def _use_second(self, second: int) -> None:
        moment = _EPOCH + timedelta(seconds=second)
        self._second = second
        self._timestamp = moment.strftime("%Y%m%dT%H%M%SZ")
        self._use_day(self._timestamp[:8])

    def _use_day(self, day: str) -> None:
        if day == self._day:
            return
        key = self._secret
        for part in (day, self._region, self._service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        self._day, self._key = day, key
        self._scope = f"{day}/{self._region}/{self._service}/aws4_request"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _milliseconds(now: datetime) -> int:
    since = now - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000

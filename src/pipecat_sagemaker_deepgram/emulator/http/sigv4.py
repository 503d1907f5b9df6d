# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Verification of AWS Signature Version 4: the opening request and the chain of its events. Pure.

Written from AWS, "Create a signed AWS API request" and, for events, Amazon Transcribe, "Setting up
a streaming HTTP/2 transcription": every event is a message with the headers ``:date`` and
``:chunk-signature`` around the encoded event, signed over the signature before it, the first one
over the signature of the request.
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pipecat_sagemaker_deepgram.emulator.errors import forbidden
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials
from pipecat_sagemaker_deepgram.emulator.stream.eventstream import (
    EventStreamMessage,
    Timestamp,
    encode_headers,
)

EVENTS_PAYLOAD = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
"""``x-amz-content-sha256`` of a request whose events are signed one by one."""

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<scope>[^,\s]+),\s*"
    r"SignedHeaders=(?P<signed>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_UNKNOWN_TOKEN = "The security token included in the request is invalid."
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method."
)


class EventSignatureError(ValueError):
    """An event of the input does not verify; the sentence says why."""


@dataclass(frozen=True)
class SignedRequest:
    """The parts of an HTTP/2 request that a signature covers.

    Attributes:
        method: The HTTP method.
        path: The path with its query, as on the wire.
        authority: ``:authority``, which is signed as ``host``.
        headers: Regular headers, names in lower case, in order.
    """

    method: str
    path: str
    authority: str
    headers: Sequence[tuple[str, str]]

    def values(self, name: str) -> list[str]:
        """Every value of a header.

        Args:
            name: The header's name in lower case; ``host`` means ``:authority``.
        """
        if name == "host" and self.authority:
            return [self.authority]
        return [value for key, value in self.headers if key == name]

    def value(self, name: str) -> str | None:
        """A header's first value, None if it is missing.

        Args:
            name: The header's name in lower case.
        """
        return next(iter(self.values(name)), None)


def verify_request(
    request: SignedRequest,
    *,
    credentials: Collection[EmulatorCredentials],
    region: str,
    now: datetime,
    max_skew: float,
    service: str = "sagemaker",
    payload: str = EVENTS_PAYLOAD,
) -> "EventChain":
    """Verifies the signature of an opening request.

    Args:
        request: The request.
        credentials: The credentials that are known, including expired ones.
        region: The region of the credential scope.
        now: The time of day, aware.
        max_skew: Seconds by which the request's date may differ from ``now``.
        service: The service of the credential scope.
        payload: What is signed for the body: ``body_hash`` of it, or that its events are signed.

    Returns:
        The chain that verifies the events of this request.

    Raises:
        ErrorAnswer: 403, with the code that AWS gives for what is wrong.
    """
    authorization = request.value("authorization")
    if authorization is None:
        raise forbidden("MissingAuthenticationTokenException", "Missing Authentication Token")
    match = _AUTHORIZATION.fullmatch(authorization)
    if match is None:
        raise forbidden("IncompleteSignatureException", "The Authorization header is not SigV4.")
    known = _known_credentials(request, match["key"], credentials)
    timestamp = _checked_date(request, now=now, max_skew=max_skew)
    scope = f"{timestamp[:8]}/{region}/{service}/aws4_request"
    if match["scope"] != scope:
        message = f"Credential should be scoped to {scope}, not to {match['scope']}."
        raise forbidden("InvalidSignatureException", message)
    signed = match["signed"].split(";")
    _check_signed_headers(request, signed, payload)
    key = signing_key(known.secret_access_key, timestamp[:8], region, service)
    text = f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{_canonical_hash(request, signed, payload)}"
    expected = hmac.digest(key, text.encode(), "sha256").hex()
    if not hmac.compare_digest(expected, match["signature"]):
        raise forbidden("InvalidSignatureException", _MISMATCH)
    return EventChain(
        seed=expected,
        secret_access_key=known.secret_access_key,
        region=region,
        service=service,
        max_skew=max_skew,
    )


def _known_credentials(
    request: SignedRequest, key_id: str, credentials: Collection[EmulatorCredentials]
) -> EmulatorCredentials:
    known = next((each for each in credentials if each.access_key_id == key_id), None)
    if known is None or request.value("x-amz-security-token") != known.session_token:
        raise forbidden("UnrecognizedClientException", _UNKNOWN_TOKEN)
    if known.expired:
        message = "The security token included in the request is expired"
        raise forbidden("ExpiredTokenException", message)
    return known


def _checked_date(request: SignedRequest, *, now: datetime, max_skew: float) -> str:
    timestamp = request.value("x-amz-date") or ""
    try:
        date = datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        message = "The request must contain a valid x-amz-date header."
        raise forbidden("IncompleteSignatureException", message) from error
    if abs((now - date).total_seconds()) > max_skew:
        raise forbidden("InvalidSignatureException", _skew_message(date, now, max_skew))
    return timestamp


def _skew_message(date: datetime, now: datetime, max_skew: float) -> str:
    is_past, allowed = date < now, timedelta(seconds=max_skew)
    limit = now - allowed if is_past else now + allowed
    made, end, current = (f"{each:%Y%m%dT%H%M%SZ}" for each in (date, limit, now))
    minutes = f"{max_skew / 60:g} min."
    if is_past:
        return f"Signature expired: {made} is now earlier than {end} ({current} - {minutes})"
    return f"Signature not yet current: {made} is still later than {end} ({current} + {minutes})"


def _check_signed_headers(request: SignedRequest, signed: Sequence[str], payload: str) -> None:
    required = {"host", "x-amz-date"}
    required |= {name for name, _ in request.headers if name.startswith("x-amz-")}
    if missing := sorted(required.difference(signed)):
        message = f"These headers must be signed: {', '.join(missing)}."
        raise forbidden("InvalidSignatureException", message)
    if payload == EVENTS_PAYLOAD and request.value("x-amz-content-sha256") != payload:
        message = f"x-amz-content-sha256 must be {payload}."
        raise forbidden("InvalidSignatureException", message)


def _canonical_hash(request: SignedRequest, signed: Sequence[str], payload: str) -> str:
    path, _, query = request.path.partition("?")
    headers = "".join(f"{name}:{_canonical_value(request.values(name))}\n" for name in signed)
    canonical = "\n".join(
        (
            request.method,
            quote(path, safe="/-_.~"),
            "&".join(sorted(part for part in query.split("&") if part)),
            headers,
            ";".join(signed),
            payload,
        )
    )
    return hashlib.sha256(canonical.encode("latin-1")).hexdigest()


def _canonical_value(values: Sequence[str]) -> str:
    """Values as they are signed; each character represents one byte."""
    trimmed = (b" ".join(value.encode("latin-1").split()) for value in values)
    return b",".join(trimmed).decode("latin-1")


def body_hash(body: bytes) -> str:
    """The hash by which a signature covers a whole body.

    Args:
        body: The body.
    """
    return hashlib.sha256(body).hexdigest()


def signing_key(secret_access_key: str, day: str, region: str, service: str) -> bytes:
    """Derives the key that signs for one day, region and service.

    Args:
        secret_access_key: The secret.
        day: The day as ``yyyymmdd``.
        region: The region.
        service: The service's signing name.
    """
    key = b"AWS4" + secret_access_key.encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


class EventChain:
    """Verifies the events of one stream, in their order."""

    def __init__(
        self, *, seed: str, secret_access_key: str, region: str, service: str, max_skew: float
    ) -> None:
        """Starts a chain.

        Args:
            seed: The request's signature in hexadecimal.
            secret_access_key: The secret that signed the request.
            region: The region of the credential scope.
            service: The service of the credential scope.
            max_skew: Seconds by which an event's date may be off.
        """
        self._prior = seed
        self._secret = secret_access_key
        self._region = region
        self._service = service
        self._max_skew = max_skew
        self._second: int | None = None
        self._timestamp = ""
        self._day = ""
        self._key = b""

    def open(self, outer: EventStreamMessage, *, now: datetime) -> bytes:
        """Verifies one signed event and steps the chain.

        Args:
            outer: The message with ``:date`` and ``:chunk-signature``.
            now: The time of day, aware.

        Returns:
            The encoded event inside; empty for the event that ends the input.

        Raises:
            EventSignatureError: A header is missing, the date is off, or the signature is wrong.
        """
        date, signature = outer.headers.get(":date"), outer.headers.get(":chunk-signature")
        if not isinstance(date, Timestamp) or not isinstance(signature, bytes):
            raise EventSignatureError("an event has no :date and :chunk-signature headers")
        if abs(now.timestamp() - date.milliseconds / 1000) > self._max_skew:
            raise EventSignatureError("the :date of an event is too far from the present time")
        self._set_date(date.milliseconds // 1000)
        text = self._string_to_sign(outer)
        expected = hmac.digest(self._key, text, "sha256")
        if not hmac.compare_digest(expected, signature):
            raise EventSignatureError("the signature of an event does not match")
        self._prior = expected.hex()
        return outer.payload

    def _set_date(self, second: int) -> None:
        if second == self._second:
            return
        self._second = second
        self._timestamp = datetime.fromtimestamp(second, UTC).strftime("%Y%m%dT%H%M%SZ")
        if self._timestamp[:8] != self._day:
            self._day = self._timestamp[:8]
            self._key = signing_key(self._secret, self._day, self._region, self._service)

    def _string_to_sign(self, outer: EventStreamMessage) -> bytes:
        headers = encode_headers({":date": outer.headers[":date"]})
        return (
            f"AWS4-HMAC-SHA256-PAYLOAD\n{self._timestamp}\n"
            f"{self._day}/{self._region}/{self._service}/aws4_request\n{self._prior}\n"
            f"{hashlib.sha256(headers).hexdigest()}\n{hashlib.sha256(outer.payload).hexdigest()}"
        ).encode()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Everything this package raises on purpose.

::

    SageMakerDeepgramError
    ├── ConfigurationError (ValueError)       a parameter was refused before anything was sent
    ├── CredentialsError                      no AWS credentials could be resolved
    ├── ConnectError (ConnectionError)        no stream could be opened
    │   ├── ConnectTimeoutError (TimeoutError)
    │   ├── CertificateError                  the server's certificate is not trusted
    │   └── ProxyError                        the HTTP proxy opened no tunnel
    ├── RejectedError                         the endpoint answered with an HTTP error status
    │   ├── ThrottledError                    ... because calls are made too fast
    │   └── ModelUnavailableError             ... because the container accepted no WebSocket (424)
    ├── StreamError (ConnectionError)         an open stream failed
    │   ├── StreamResetError                  RST_STREAM or GOAWAY from the peer
    │   ├── StreamLostError                   the connection dropped
    │   ├── StreamStalledError (TimeoutError) the peer neither reads nor answers
    │   ├── EventStreamError                  what arrived is not an event
    │   └── ModelStreamError                  the endpoint reported a failure inside the stream
    └── ClosedError                           a closed client was used

Each error has its facts as attributes; ``str()`` returns a sentence that may be logged anywhere.
Text that the container wrote may quote what was said, so it is only in ``details``. All errors can
be copied and pickled, as process pools and queued log handlers require.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_FULL_STOP = re.compile(r"(?<=[\w)\]'\"])\.$")
"""A full stop at the end of a sentence, but not one at the end of a path (``..``)."""


@dataclass(frozen=True, kw_only=True)
class StreamIdentity:
    """Which stream an error or a message belongs to.

    Attributes:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region of the endpoint.
        url: Base URL that was called.
        request_id: ``x-amzn-requestid`` of the response, when there was one.
        production_variant: ``x-amzn-invoked-production-variant`` of the response, when there
            was one.
    """

    endpoint_name: str = ""
    region: str = ""
    url: str = ""
    request_id: str | None = None
    production_variant: str | None = None

    def __str__(self) -> str:
        """The known facts, in a form that suits parentheses."""
        facts = (
            ("endpoint", self.endpoint_name),
            ("region", self.region),
            ("url", self.url),
            ("request id", self.request_id),
            ("variant", self.production_variant),
        )
        return ", ".join(f"{name} {value}" for name, value in facts if value)

    @property
    def is_local(self) -> bool:
        """Whether the endpoint runs on this machine, so that CloudWatch has no log of it."""
        host = urlsplit(self.url).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


class SageMakerDeepgramError(Exception):
    """Root of everything this package raises.

    Attributes:
        message: What happened.
        advice: What to do about it; may be empty.
        details: What the container wrote about it; may be empty. It may quote what was said, so it
            is only logged at TRACE and is not part of ``str()``.
        identity: The stream that failed, once that is known.
    """

    local_advice = ""
    """The advice if the endpoint runs on this machine; empty if it is the same as ``advice``."""

    def __init__(self, message: str, *, advice: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.details = details
        self.identity: StreamIdentity | None = None

    def __str__(self) -> str:
        """What happened, to what, and what to do."""
        where = f" ({self.identity})" if self.identity and str(self.identity) else ""
        is_local = self.identity is not None and self.identity.is_local
        advice = (is_local and self.local_advice) or self.advice
        ending = f" {advice}" if advice else ""
        return f"{_without_full_stop(self.message)}{where}.{ending}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild the error from its attributes, whatever its constructor requires."""
        return _rebuilt, (type(self), self.args, dict(self.__dict__))


def _without_full_stop(sentence: str) -> str:
    """Remove the full stop that a sentence may have if another library wrote its end."""
    return _FULL_STOP.sub("", sentence)


def _rebuilt[E: BaseException](kind: type[E], args: tuple[Any, ...], state: dict[str, Any]) -> E:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(SageMakerDeepgramError, ValueError):
    """A parameter was refused before anything was sent; the message names it."""


class CredentialsError(SageMakerDeepgramError):
    """No AWS credentials could be resolved."""


class ConnectError(SageMakerDeepgramError, ConnectionError):
    """No stream could be opened: name resolution, TCP, TLS or HTTP/2 failed."""


class ConnectTimeoutError(ConnectError, TimeoutError):
    """A step of opening the stream took longer than its deadline."""


class CertificateError(ConnectError):
    """The server's certificate is not trusted."""


class ProxyError(ConnectError):
    """The HTTP proxy opened no tunnel to the endpoint.

    Attributes:
        status_code: The proxy's HTTP status; ``None`` if its answer was not HTTP.
    """

    def __init__(self, message: str, *, status_code: int | None = None, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.status_code = status_code


class RejectedError(SageMakerDeepgramError):
    """The endpoint answered the request with an HTTP error status.

    Attributes:
        status_code: HTTP status, under the name that Pipecat's error classification reads.
        code: AWS's error code, for example ``ValidationException``; may be empty.
        retry_after: Seconds that the server asks to wait; ``None`` if it does not.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        code: str = "",
        advice: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, advice=advice)
        self.status_code = status_code
        self.code = code
        self.retry_after = retry_after


class ThrottledError(RejectedError):
    """Calls are made faster than the account or the endpoint allows.

    ``status_code`` is always 429: SageMaker also throttles with HTTP 400, which would look like a
    permanent refusal.
    """

    def __init__(self, message: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, status_code=429, code=code, retry_after=retry_after)


class ModelUnavailableError(RejectedError):
    """SageMaker could not open its WebSocket to the model container (HTTP 424).

    A container that is full and one that refuses the path or a query parameter cause the same
    answer; only the container's log distinguishes them.

    Attributes:
        original_status_code: The container's own HTTP status; ``None`` if it was not passed on.
        log_group: CloudWatch log group that contains the container's reason.
    """

    local_advice = (
        "Either the container is at capacity, or it refuses the invocation path or a query "
        "parameter; its reason is in the output of the local endpoint."
    )

    def __init__(
        self, message: str, *, log_group: str, original_status_code: int | None = None
    ) -> None:
        super().__init__(
            message,
            status_code=424,
            code="ModelError",
            advice=(
                "Either the container is at capacity, or it refuses the invocation path or a "
                f"query parameter; its reason is in the CloudWatch log group {log_group}."
            ),
        )
        self.log_group = log_group
        self.original_status_code = original_status_code


class StreamError(SageMakerDeepgramError, ConnectionError):
    """A stream that was open has failed."""


class StreamResetError(StreamError):
    """The peer sent RST_STREAM or GOAWAY.

    Attributes:
        error_code: HTTP/2 error code (RFC 9113 section 7).
    """

    def __init__(self, message: str, *, error_code: int) -> None:
        super().__init__(message)
        self.error_code = error_code


class StreamLostError(StreamError):
    """The connection dropped, or the stream ended while it was still in use."""


class StreamStalledError(StreamError, TimeoutError):
    """The peer keeps the connection but neither reads nor answers."""


class EventStreamError(StreamError):
    """What arrived is not a valid ``application/vnd.amazon.eventstream`` event."""


class ModelStreamError(StreamError):
    """The endpoint reported a failure inside the stream.

    Attributes:
        kind: ``ModelStreamError``, ``InternalStreamFailure`` or the unmodelled error's name.
        code: The event's ``ErrorCode``; a WebSocket close code of the container or a name such
            as ``ModelInvocationTimeExceeded``; may be empty.
    """

    local_advice = "The container's own report is in the output of the local endpoint."

    def __init__(self, message: str, *, kind: str, code: str = "", details: str = "") -> None:
        super().__init__(
            message,
            advice=(
                "The container's own report is in the CloudWatch log group "
                "/aws/sagemaker/Endpoints/ followed by the endpoint's name."
            ),
            details=details,
        )
        self.kind = kind
        self.code = code


class ClosedError(SageMakerDeepgramError):
    """The client or stream has been closed and cannot be used again."""

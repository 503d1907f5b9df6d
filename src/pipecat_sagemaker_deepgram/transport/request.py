# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What one stream requests of SageMaker, checked before anything is sent. Pure."""

import re
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, StreamIdentity

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_PATH = re.compile(r"[A-Za-z0-9\-._]+(?:/[A-Za-z0-9\-._]+)*")
_PAIR = r"[a-zA-Z0-9][A-Za-z0-9_-]*=(?:[A-Za-z0-9._~\-]|%[0-9A-Fa-f]{2})+"
_QUERY = re.compile(rf"{_PAIR}(?:&{_PAIR})*")

MAX_PATH_LENGTH = 100
MAX_QUERY_LENGTH = 2048


@dataclass(frozen=True, kw_only=True)
class StreamRequest:
    """Input of ``InvokeEndpointWithBidirectionalStream``, and where it goes.

    The patterns are those of the service model (``sagemaker-runtime-http2``), which the SDK
    does not check.

    Attributes:
        endpoint_name: Name of the SageMaker endpoint, at most 63 letters, digits and hyphens.
        region: AWS region, used to sign.
        url: Base URL, ``https://host:port``.
        invocation_path: Path on the container, without a leading slash; empty for the
            container's default path.
        query_string: Query for the container, without a question mark; may be empty.
        target_variant: Production variant to invoke; ``None`` lets SageMaker choose.

    Raises:
        ConfigurationError: A field is outside its pattern.
    """

    endpoint_name: str
    region: str
    url: str
    invocation_path: str = ""
    query_string: str = ""
    target_variant: str | None = None

    def __post_init__(self) -> None:
        _check("endpoint_name", self.endpoint_name, _NAME, 63, "letters, digits and hyphens")
        if self.target_variant is not None:
            _check("target_variant", self.target_variant, _NAME, 63, "letters, digits and hyphens")
        if self.invocation_path:
            _check(
                "model_invocation_path",
                self.invocation_path,
                _PATH,
                MAX_PATH_LENGTH,
                "segments of letters, digits, '.', '_' and '-', without a leading slash",
            )
        if self.query_string:
            _check(
                "model_query_string",
                self.query_string,
                _QUERY,
                MAX_QUERY_LENGTH,
                "key=value pairs joined by '&', without empty values, all else percent-encoded "
                "(a space is %20, not '+')",
            )

    def identity(
        self, *, request_id: str | None = None, production_variant: str | None = None
    ) -> StreamIdentity:
        """Name the stream, with what the response says about it."""
        return StreamIdentity(
            endpoint_name=self.endpoint_name,
            region=self.region,
            url=self.url,
            request_id=request_id,
            production_variant=production_variant,
        )


def _check(field: str, value: str, pattern: re.Pattern[str], max_length: int, allowed: str) -> None:
    if len(value) > max_length:
        raise ConfigurationError(
            f"{field} is {len(value)} characters long; SageMaker accepts {max_length} at most"
        )
    if not pattern.fullmatch(value):
        raise ConfigurationError(f"{field} {value!r} is not valid; it may contain {allowed}")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How streams are opened and watched. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.proxy import parse_proxy

RESERVED_FIELDS: Mapping[str, str] = {
    "transport": "this package brings its own",
    "aws_access_key_id": "pass credentials= instead",
    "aws_secret_access_key": "pass credentials= instead",
    "aws_session_token": "pass credentials= instead",
}
"""Fields of the SDK's configuration that cannot be overridden, and why."""


@dataclass(frozen=True, kw_only=True)
class TransportConfig:
    """How streams are opened and watched.

    Attributes:
        connection_timeout: Seconds that name resolution, TCP, the proxy and TLS may take
            together; 5 by default.
        subscription_timeout: Seconds that may pass from the request to the response's headers; 5
            by default.
        send_timeout: Seconds that a write waits for a peer that accepts no data; 3 by default.
        ping_interval: Seconds without a received byte before an HTTP/2 ping is sent; 15 by
            default, ``None`` never pings.
        ping_timeout: Further seconds without a received byte before the peer counts as gone; 15
            by default.
        proxy: URL of an HTTP proxy, ``http://[user:password@]host[:port]``; ``None`` (the
            default) follows ``HTTPS_PROXY`` and ``NO_PROXY``, ``""`` connects directly.
        sdk_config: Fields of the AWS SDK's configuration to override, by name; none by default.

    Raises:
        ConfigurationError: A time is not a finite number above 0, ``proxy`` is not the URL of a
            proxy, or a field of ``sdk_config`` cannot be set.
    """

    connection_timeout: float = 5.0
    subscription_timeout: float = 5.0
    send_timeout: float = 3.0
    ping_interval: float | None = 15.0
    ping_timeout: float = 15.0
    proxy: str | None = field(default=None, repr=False)
    sdk_config: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in ("connection_timeout", "subscription_timeout", "send_timeout", "ping_timeout"):
            _check_time(name, getattr(self, name))
        if self.ping_interval is not None:
            _check_time("ping_interval", self.ping_interval)
        if self.proxy:
            parse_proxy(self.proxy, "proxy")
        for name in self.sdk_config:
            if name in RESERVED_FIELDS:
                raise ConfigurationError(f"sdk_config cannot set {name}: {RESERVED_FIELDS[name]}")


def _check_time(name: str, seconds: float) -> None:
    if not (seconds > 0 and math.isfinite(seconds)):
        raise ConfigurationError(f"{name} is {seconds:g}; it must be a number of seconds above 0")

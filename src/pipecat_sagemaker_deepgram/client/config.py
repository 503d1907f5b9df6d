# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is fixed when a client is made. Pure.

Names and, where they suit a live conversation, defaults are those of Deepgram's own SageMaker
transports; ``BATCH_CONFIG`` is their defaults throughout.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError


@dataclass(frozen=True, kw_only=True)
class Target:
    """One endpoint that can serve a session.

    Attributes:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; ``None`` is the client's.
        target_variant: Production variant to invoke; ``None`` lets SageMaker choose.
        endpoint_url: Base URL; ``None`` is the client's where the region is the client's too,
            else the region's own.
    """

    endpoint_name: str
    region: str | None = None
    target_variant: str | None = None
    endpoint_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How long, and how often, a stream that was lost is tried for. Times are seconds.

    Giving up is a matter of time: attempts that fail in milliseconds use nothing up.

    Attributes:
        max_retries: Attempts after the first one (AWS's ``max_attempts`` counts the first too);
            ``None``, the default, counts none.
        initial_backoff: Most delay before the first retry, 0.1; each delay is a random part of
            its limit ("full jitter").
        max_backoff: Most delay before any retry; ``None``, the default, is 2, or
            ``initial_backoff`` where that is more. A ``Retry-After`` may lengthen a delay to 5.
        backoff_multiplier: By how much the limit grows from retry to retry, 2.
        retry_budget: Time from the loss to the last attempt, 60.

    Raises:
        ConfigurationError: A number is out of its range.
    """

    max_retries: int | None = None
    initial_backoff: float = 0.1
    max_backoff: float | None = None
    backoff_multiplier: float = 2.0
    retry_budget: float = 60.0

    def __post_init__(self) -> None:
        _refuse_below_0(self)
        if self.backoff_multiplier < 1:
            raise ConfigurationError(
                f"backoff_multiplier is {self.backoff_multiplier}; delays cannot shrink, "
                "it is 1 at least"
            )
        if self.max_backoff is not None and self.initial_backoff > self.max_backoff:
            raise ConfigurationError(
                f"initial_backoff is {self.initial_backoff}, more than max_backoff "
                f"{self.max_backoff}"
            )

    @property
    def longest_backoff(self) -> float:
        """Most delay before any retry, in seconds."""
        return max(2.0, self.initial_backoff) if self.max_backoff is None else self.max_backoff


@dataclass(frozen=True, kw_only=True)
class ClientConfig:
    """Time limits and sizes of a client. Times are seconds.

    Attributes:
        connection_timeout: Most time for name resolution, TCP and TLS.
        connection_acquire_timeout: Most time to wait for another stream to end where
            ``max_concurrency`` are open; ``None`` is ``connection_timeout``.
        subscription_timeout: Most time from the request to the endpoint's answer, and again
            from there to the container's own readiness.
        credentials_timeout: Most time for resolving credentials.
        send_timeout: Most time that a write waits for a peer that does not take it.
        stall_timeout: Most time without a message while speech goes out; ``None`` never calls
            a stream stalled. While closing it is half of ``close_timeout`` at most, or 1 s where
            that is more: another stream can then still answer what this one did not.
        close_timeout: Most time for draining and closing, a stream that replaces a silent one
            included.
        ping_interval: Time without a received byte before an HTTP/2 ping; ``None`` never pings.
        ping_timeout: Further time without a received byte before the peer counts as gone.
        rotate_after: Age of a stream from which a successor takes over in a pause; ``None``
            leaves it to SageMaker, which cuts every stream at 30 minutes.
        rotate_jitter: Most time by which each stream's rotation is brought forward at random,
            so that streams opened together do not rotate together; at most half of
            ``rotate_after``.
        rotate_by: Age of a stream at which a successor takes over, pause or not.
        target_retry_after: Time for which a target that failed is left alone.
        probe_interval: Most time between attempts once recovery has failed: the first comes
            after 1 s, each further one after twice as long, at random between the time and
            twice it; ``None`` ends the session instead.
        max_replay_buffer_bytes: Most bytes of sent and unacknowledged audio to keep; 0 replays
            nothing.
        max_unsent_bytes: Most bytes of audio to keep before it could be sent.
        max_replay_seconds: Most audio that a new stream is given of what a stream before it was
            sent in its own time and did not answer. What an outage has held back is given whole.
        replay_speed: How many times faster than real time a replay is sent; ``None`` sends it
            as fast as the endpoint takes it.
        max_chunk_seconds: Most audio in one event.
        min_chunk_seconds: Least audio in one event, unless a control or a pause follows.
        max_concurrency: Most streams open at once in this process.
        max_concurrent_connects: Most streams being opened at once in this process.
        proxy: URL of an HTTP proxy, ``http://[user:password@]host[:port]``; ``None`` does as
            ``HTTPS_PROXY`` and ``NO_PROXY`` say, ``""`` connects directly.
        sdk_config: Fields of the AWS SDK's configuration to set otherwise.

    Raises:
        ConfigurationError: A number is out of its range.
    """

    # Time limits
    connection_timeout: float = 5.0
    connection_acquire_timeout: float | None = None
    subscription_timeout: float = 5.0
    credentials_timeout: float = 5.0
    send_timeout: float = 3.0
    stall_timeout: float | None = 5.0
    close_timeout: float = 5.0
    ping_interval: float | None = 15.0
    ping_timeout: float = 15.0
    # Changing streams
    rotate_after: float | None = 25 * 60.0
    rotate_jitter: float = 2 * 60.0
    rotate_by: float = 29 * 60.0
    target_retry_after: float = 60.0
    probe_interval: float | None = None
    # Sizes
    max_replay_buffer_bytes: int = 8 * 1024 * 1024
    max_unsent_bytes: int = 8 * 1024 * 1024
    max_replay_seconds: float = 30.0
    replay_speed: float | None = None
    max_chunk_seconds: float = 0.25
    min_chunk_seconds: float = 0.0
    max_concurrency: int = 500
    max_concurrent_connects: int = 32
    # The way there
    proxy: str | None = field(default=None, repr=False)
    sdk_config: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _refuse_below_0(self)
        for name in ("max_chunk_seconds", "max_concurrency", "max_concurrent_connects"):
            if not getattr(self, name):
                raise ConfigurationError(f"{name} is 0; it has to be more")
        if self.min_chunk_seconds > self.max_chunk_seconds:
            raise ConfigurationError(
                f"min_chunk_seconds is {self.min_chunk_seconds}, more than max_chunk_seconds "
                f"{self.max_chunk_seconds}"
            )
        if self.replay_speed is not None and self.replay_speed < 1:
            raise ConfigurationError(
                f"replay_speed is {self.replay_speed}; below 1 a replay never catches up"
            )


def _refuse_below_0(config: RetryPolicy | ClientConfig) -> None:
    for each in fields(config):
        value = getattr(config, each.name)
        if isinstance(value, int | float) and not value >= 0:
            raise ConfigurationError(f"{each.name} is {value}; it has to be 0 or more")


BATCH_CONFIG = ClientConfig(
    connection_timeout=30.0, subscription_timeout=60.0, stall_timeout=60.0, close_timeout=60.0
)
"""The time limits of Deepgram's own transports, which suit files better than conversations."""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The settings of a client, which are fixed when it is created. Pure.

The names come from Deepgram's own SageMaker transports, and so do the defaults that suit a live
conversation. ``BATCH_CONFIG`` has all of their time limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass(frozen=True, kw_only=True)
class Target:
    """One endpoint that can serve a session.

    Attributes:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; ``None`` (the default) takes the client's.
        target_variant: Production variant to invoke; ``None`` (the default) lets SageMaker
            choose.
        endpoint_url: Base URL, ``https://host[:port]``; ``None`` (the default) takes the client's
            if the region is the client's too, else the region's own.
    """

    endpoint_name: str
    region: str | None = None
    target_variant: str | None = None
    endpoint_url: str | None = None

    def __post_init__(self) -> None:
        convert_fields(self)


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How long and how often to try to replace a lost stream. Times are in seconds, 0 or more.

    By default only time limits the attempts, so attempts that fail within milliseconds do not end
    a session.

    Attributes:
        max_retries: Most attempts after the first one, 0 or more (AWS's ``max_attempts`` counts
            the first one too); ``None`` (the default) does not limit their number.
        initial_backoff: Longest delay before the first retry; 0.1 by default. Each delay is a
            random fraction of its limit ("full jitter").
        max_backoff: Longest delay before any retry, at least ``initial_backoff``; ``None`` (the
            default) is 2, or ``initial_backoff`` if that is more. ``Retry-After`` may lengthen a
            delay to 5.
        backoff_multiplier: Factor, at least 1, by which the limit grows from retry to retry; 2 by
            default.
        retry_budget: Time from the loss to the last attempt; 60 by default.

    Raises:
        ConfigurationError: A value is of the wrong type or out of its range.
    """

    max_retries: int | None = None
    initial_backoff: float = 0.1
    max_backoff: float | None = None
    backoff_multiplier: float = 2.0
    retry_budget: float = 60.0

    def __post_init__(self) -> None:
        convert_fields(self)
        refuse_below_0(vars(self))
        if self.backoff_multiplier < 1:
            raise ConfigurationError(
                f"backoff_multiplier is {self.backoff_multiplier}; it must be at least 1, since "
                "delays cannot shrink"
            )
        if self.max_backoff is not None and self.initial_backoff > self.max_backoff:
            raise ConfigurationError(
                f"initial_backoff is {self.initial_backoff}, more than max_backoff "
                f"{self.max_backoff}"
            )

    @property
    def longest_backoff(self) -> float:
        """The longest delay before any retry, in seconds."""
        return max(2.0, self.initial_backoff) if self.max_backoff is None else self.max_backoff


@dataclass(frozen=True, kw_only=True)
class ClientConfig:
    """Time limits and sizes of a client. Times are in seconds; every number is 0 or more.

    Attributes:
        connection_timeout: Time that name resolution, TCP and TLS may take; more than 0, 5 by
            default.
        connection_acquire_timeout: Time to wait for another stream to end while
            ``max_concurrency`` are open; ``None`` (the default) is ``connection_timeout``.
        subscription_timeout: Time that may pass from the request to the endpoint's response, and
            again from there until the container is ready; more than 0, 5 by default.
        credentials_timeout: Time that resolving credentials may take; 5 by default.
        send_timeout: Time that a write waits for a peer that accepts no data; more than 0, 3 by
            default.
        stall_timeout: Time for which the container may owe an answer before its stream is
            replaced; 5 by default, ``None`` never replaces it. During closing this is at most half
            of ``close_timeout``, but at least 1, so that another stream can still answer.
        close_timeout: Time that draining and closing may take, including a stream that replaces
            a silent one; 5 by default.
        ping_interval: Time without a received byte before an HTTP/2 ping is sent; more than 0, 15
            by default, ``None`` never pings.
        ping_timeout: Further time without a received byte before the peer counts as gone; more
            than 0, 15 by default.
        rotate_after: Age of a stream from which a successor takes over in the next pause; 1500
            (25 minutes) by default. ``None`` leaves it to SageMaker, which ends every stream
            after 30 minutes.
        rotate_jitter: Longest time by which each stream's rotation is brought forward at random,
            so that streams opened together do not rotate together, at most half of
            ``rotate_after``; 120 by default.
        rotate_by: Age of a stream at which a successor takes over even without a pause; 1740 (29
            minutes) by default.
        target_retry_after: Time for which a target that failed is not used; 60 by default.
        probe_interval: Longest time between attempts once recovery has failed. The first delay is
            1 s, each further one is twice as long, and a random time of up to the same length is
            added to each. ``None`` (the default) ends the session instead.
        max_replay_buffer_bytes: Most bytes of sent but unacknowledged audio to keep; 8 MiB by
            default, 0 replays nothing.
        max_unsent_bytes: Most bytes of unsent audio to keep; 8 MiB by default.
        max_replay_seconds: Most seconds to replay of the audio that the previous stream received
            in real time and did not answer; 30 by default. Audio that waited during an outage is
            always sent in full.
        replay_speed: How many times faster than real time a replay is sent, at least 1; ``None``
            (the default) sends it as fast as the endpoint accepts it.
        max_chunk_seconds: Most audio in one event; more than 0, 0.25 by default.
        min_chunk_seconds: Least audio in one event unless a control or a pause follows, at most
            ``max_chunk_seconds``; 0 by default.
        max_concurrency: Most streams open at once in this process; at least 1, 500 by default.
        max_concurrent_connects: Most streams being opened at once in this process; at least 1, 32
            by default.
        proxy: URL of an HTTP proxy, ``http://[user:password@]host[:port]``; ``None`` (the
            default) follows ``HTTPS_PROXY`` and ``NO_PROXY``, ``""`` connects directly.
        sdk_config: Fields of the AWS SDK's configuration to override, by name, for example
            ``interceptors``; none by default. ``transport`` and the AWS keys cannot be set.

    Raises:
        ConfigurationError: A value is of the wrong type or out of its range.
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
    # Connection
    proxy: str | None = field(default=None, repr=False)
    sdk_config: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        convert_fields(self)
        refuse_below_0(vars(self))
        _refuse_0(self, "max_chunk_seconds", "max_concurrency", "max_concurrent_connects")
        if self.min_chunk_seconds > self.max_chunk_seconds:
            raise ConfigurationError(
                f"min_chunk_seconds is {self.min_chunk_seconds}, more than max_chunk_seconds "
                f"{self.max_chunk_seconds}"
            )
        if self.replay_speed is not None and self.replay_speed < 1:
            raise ConfigurationError(
                f"replay_speed is {self.replay_speed}; it must be at least 1, or a replay never "
                "catches up"
            )


def _refuse_0(config: ClientConfig, *names: str) -> None:
    for name in names:
        if not getattr(config, name):
            raise ConfigurationError(f"{name} is 0; it must be more")


def refuse_below_0(values: Mapping[str, object]) -> None:
    """Refuse numbers below 0.

    Args:
        values: Settings by their names; what is not a number passes.

    Raises:
        ConfigurationError: A number is below 0; the message names the setting.
    """
    for name, value in values.items():
        if isinstance(value, int | float) and not value >= 0:
            raise ConfigurationError(f"{name} is {value}; it must be 0 or more")


BATCH_CONFIG = ClientConfig(
    connection_timeout=30.0, subscription_timeout=60.0, stall_timeout=60.0, close_timeout=60.0
)
"""The time limits of Deepgram's own transports, which suit files better than conversations."""

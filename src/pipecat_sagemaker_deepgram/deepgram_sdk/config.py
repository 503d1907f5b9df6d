# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options of Deepgram's own transport, each of which has an effect. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from pipecat_sagemaker_deepgram.client import ClientConfig, ConnectionOptions, RetryPolicy
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

_OWN_OPTIONS = frozenset(ConnectionOptions.__annotations__)
_CONFIG_FIELDS = frozenset(each.name for each in fields(ClientConfig))


@dataclass(frozen=True, kw_only=True)
class _Settings:
    """All options except the endpoint's; see ``SageMakerConfig``."""

    target_variant: str | None = None
    client_config: Mapping[str, Any] = field(default_factory=dict)
    connection_timeout: float = 5.0
    connection_acquire_timeout: float = 60.0
    subscription_timeout: float = 10.0
    max_concurrency: int = 500
    max_retries: int | None = None
    initial_backoff: float = 0.1
    max_backoff: float = 2.0
    backoff_multiplier: float = 2.0
    retry_budget: float = 60.0
    max_replay_buffer_bytes: int = 8 * 1024 * 1024


OPTIONS = frozenset(each.name for each in fields(_Settings))
"""Names of all options except the endpoint's name and region."""


@dataclass(frozen=True)
class SageMakerConfig(_Settings):
    """The endpoint, its time limits and its retries. Times are in seconds.

    Names are those of Deepgram's own transports. Where a default differs, the reason is given.

    Attributes:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's, and
            ``us-west-2`` if none is set.
        target_variant: Production variant to invoke; by default SageMaker chooses.
        client_config: Any other option of ``SageMakerBidiClient`` by its name: those of
            ``ConnectionOptions``, such as ``credentials``, ``endpoint_url``, ``ca_bundle`` and
            ``targets``, and of ``ClientConfig``, such as ``stall_timeout``, ``rotate_after`` and
            ``proxy``.
        connection_timeout: Maximum time for name resolution, TCP and TLS; 5, which is what the
            Python transport really has, although its option says 30.
        connection_acquire_timeout: Maximum time that a stream waits for another one to end when
            ``max_concurrency`` are open; 60.
        subscription_timeout: Maximum time from the request to the endpoint's answer; 10 instead
            of 60, so that ``retry_budget`` has time for another attempt.
        max_concurrency: Maximum number of open streams in this process; 500.
        max_retries: Attempts after the first one; ``None`` (no limit) instead of 5, because five
            attempts that are refused at once would be over in a second or two.
        initial_backoff: Maximum delay before the first retry; 0.1.
        max_backoff: Maximum delay before any retry; 2 instead of 5, because somebody is speaking.
        backoff_multiplier: Factor by which the maximum delay grows with each retry; 2.
        retry_budget: Time from a loss to the last attempt; 60 instead of 30.
        max_replay_buffer_bytes: Maximum bytes of audio to keep until it is answered; 8 MiB. 0
            turns replay off.

    Raises:
        ConfigurationError: A value is out of its range, or ``client_config`` has an unknown name.
    """

    endpoint_name: str
    region: str | None = None

    def __post_init__(self) -> None:
        if not self.endpoint_name.strip():
            raise ConfigurationError("endpoint_name is empty; it names the SageMaker endpoint")
        if twice := sorted(OPTIONS & set(self.client_config)):
            raise ConfigurationError(
                f"client_config has {twice[0]!r}, which is an option of its own: pass it directly"
            )
        self._refuse_unknown()
        self.session_config()
        self.retry_policy()

    def _refuse_unknown(self) -> None:
        unknown = set(self.client_config) - _OWN_OPTIONS - _CONFIG_FIELDS
        if unknown:
            raise ConfigurationError(
                f"{sorted(unknown)[0]!r} is not an option of the transport or of the client",
                advice="See SageMakerConfig, ConnectionOptions and ClientConfig for the options.",
            )

    def session_config(self) -> ClientConfig:
        """The session's time limits and sizes."""
        given = {
            name: value for name, value in self.client_config.items() if name in _CONFIG_FIELDS
        }
        return ClientConfig(
            connection_timeout=self.connection_timeout,
            connection_acquire_timeout=self.connection_acquire_timeout,
            subscription_timeout=self.subscription_timeout,
            max_concurrency=self.max_concurrency,
            max_replay_buffer_bytes=self.max_replay_buffer_bytes,
            **given,
        )

    def retry_policy(self) -> RetryPolicy:
        """How often and for how long a lost stream is retried."""
        return RetryPolicy(
            max_retries=self.max_retries,
            initial_backoff=self.initial_backoff,
            max_backoff=self.max_backoff,
            backoff_multiplier=self.backoff_multiplier,
            retry_budget=self.retry_budget,
        )

    def connection_options(self) -> ConnectionOptions:
        """How to reach the endpoint, and with which credentials."""
        given = {
            name: self.client_config[name] for name in self.client_config.keys() & _OWN_OPTIONS
        }
        return ConnectionOptions(target_variant=self.target_variant, **given)

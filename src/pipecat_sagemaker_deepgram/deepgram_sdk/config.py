# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options of the transport: those of Deepgram's own, each with an effect. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from pipecat_sagemaker_deepgram.client import ClientConfig, ConnectionOptions, RetryPolicy
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

_OWN_OPTIONS = frozenset(ConnectionOptions.__annotations__)
_CONFIG_FIELDS = frozenset(each.name for each in fields(ClientConfig))


@dataclass(frozen=True, kw_only=True)
class _Settings:
    """All options but those that say where; see ``SageMakerConfig``."""

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
"""Names of the options beside the endpoint's name and region."""


@dataclass(frozen=True)
class SageMakerConfig(_Settings):
    """Where Deepgram runs, and how long and how often it is tried for. Times are seconds.

    Names are those of Deepgram's own transports; a default that differs from theirs says why.

    Attributes:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's, and
            ``us-west-2`` where none is given.
        target_variant: Production variant to invoke; by default SageMaker chooses.
        client_config: Any other option of ``SageMakerBidiClient`` by its name: of
            ``ConnectionOptions``, as ``credentials``, ``endpoint_url``, ``ca_bundle`` and
            ``targets``, and of ``ClientConfig``, as ``stall_timeout``, ``rotate_after`` and
            ``proxy``.
        connection_timeout: Most time for name resolution, TCP and TLS, 5: what the Python
            transport really has, whatever its option of 30 says.
        connection_acquire_timeout: Most time that a stream waits for another to end where
            ``max_concurrency`` are open, 60.
        subscription_timeout: Most time from the request to the endpoint's answer, 10 instead of
            60, so that another attempt fits in ``retry_budget``.
        max_concurrency: Most streams open at once in this process, 500.
        max_retries: Attempts after the first one; ``None`` instead of 5, for five attempts that
            are refused at once would be over in a second or two.
        initial_backoff: Most delay before the first retry, 0.1.
        max_backoff: Most delay before any retry, 2 instead of 5, for somebody is speaking.
        backoff_multiplier: By how much the most delay grows from retry to retry, 2.
        retry_budget: Time from a loss to the last attempt, 60 instead of 30.
        max_replay_buffer_bytes: Most bytes of audio to keep until it is answered, 8 MiB; 0
            replays nothing.

    Raises:
        ConfigurationError: A value is out of its range, or ``client_config`` has an unknown name.
    """

    endpoint_name: str
    region: str | None = None

    def __post_init__(self) -> None:
        if not self.endpoint_name.strip():
            raise ConfigurationError("endpoint_name is empty; it names the SageMaker endpoint")
        twice = OPTIONS & set(self.client_config)
        if twice:
            name = sorted(twice)[0]
            raise ConfigurationError(f"client_config has {name!r}, which is an option by itself")
        unknown = set(self.client_config) - _OWN_OPTIONS - _CONFIG_FIELDS
        if unknown:
            raise ConfigurationError(
                f"{sorted(unknown)[0]!r} is an option neither of the transport nor of the client",
                advice="SageMakerConfig, ConnectionOptions and ClientConfig have those there are.",
            )
        self.session_config()
        self.retry_policy()

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
        """How long, and how often, a stream that was lost is tried for."""
        return RetryPolicy(
            max_retries=self.max_retries,
            initial_backoff=self.initial_backoff,
            max_backoff=self.max_backoff,
            backoff_multiplier=self.backoff_multiplier,
            retry_budget=self.retry_budget,
        )

    def connection_options(self) -> ConnectionOptions:
        """How the endpoint is reached and as whom."""
        given = {
            name: self.client_config[name] for name in self.client_config.keys() & _OWN_OPTIONS
        }
        return ConnectionOptions(target_variant=self.target_variant, **given)

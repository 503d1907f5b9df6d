# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The AWS SDK's configuration of a stream, and what differs between its versions 0.9 to 0.12."""

import os
import time
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

import aws_sdk_sagemaker_runtime_http2.config as sdk_config

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.invocation import SharedByCopies
from pipecat_sagemaker_deepgram.transport.shared_config import aws_environment_hash

KEPT_FOR = 60.0
"""How long, in seconds, further streams reuse what the SDK has read from the shared configuration
files. After that they are read again, since they may have changed."""

_CONFIG: Any = getattr(sdk_config, "AsyncSageMakerRuntimeHTTP2Config", None)
"""The class that reads files; ``None`` in early versions, whose ``Config`` reads none."""

type _Key = tuple[frozenset[tuple[str, str]], bytes]

if _CONFIG is not None:

    class _StreamConfig(SharedByCopies, _CONFIG):
        """One stream's configuration. Nothing else uses it, so the SDK need not copy it."""


class SdkConfigs:
    """Resolves configurations, for which the SDK starts a thread for each file that it reads.

    Streams to the same place share what it finds, as long as AWS's environment variables stay the
    same, unless they override fields.

    Args:
        clock: Returns the time in seconds; by default the system's monotonic clock.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[_Key, tuple[float, Any]] = {}

    async def resolve(
        self, own: Mapping[str, Any], shared: Mapping[str, str], overrides: Mapping[str, Any]
    ) -> Any:
        """Resolve the configuration of one stream, whose fields may then be changed.

        Args:
            own: Fields that belong to this stream alone, by name.
            shared: Fields that are the same for all streams to one place.
            overrides: Fields that take precedence over both.

        Raises:
            ConfigurationError: The SDK rejects it.
        """
        try:
            if _CONFIG is None:
                return vars(sdk_config)["Config"](**{**own, **shared, **overrides})
            if overrides:
                return await _StreamConfig.resolve(**{**own, **shared, **overrides})
            return _with(own, await self._shared_config(own, shared))
        except Exception as error:
            raise ConfigurationError(
                f"The AWS SDK rejects its configuration: {error}",
                advice="Check sdk_config, the AWS_ environment variables and the profile.",
            ) from error

    async def _shared_config(self, own: Mapping[str, Any], shared: Mapping[str, str]) -> Any:
        key = frozenset(shared.items()), aws_environment_hash(os.environ)
        found = self._kept.get(key)
        if found is not None and self._clock() < found[0]:
            return found[1]
        config = await _StreamConfig.resolve(**dict.fromkeys(own), **shared)
        self._keep(key, config)
        return config

    def _keep(self, key: _Key, config: Any) -> None:
        now = self._clock()
        fresh = {each: found for each, found in self._kept.items() if now < found[0]}
        self._kept = {**fresh, key: (now + KEPT_FOR, config)}


SDK_CONFIGS = SdkConfigs()
"""What the streams of this process share."""


def _with(own: Mapping[str, Any], shared_config: Any) -> Any:
    config = copy(shared_config)
    for name, value in own.items():
        setattr(config, name, value)
    return config

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Choosing the endpoint of a request: by its model, working ones first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import (
    AttemptFailed,
    Connected,
    ContainerSlow,
    Lost,
    SessionEvent,
)
from pipecat_sagemaker_deepgram.gateway.models import is_deepgram_model

MOVED_BACK_FOR = 60.0
"""Seconds for which an endpoint that failed, or was slow, comes after all others."""

SLOW_CONNECT = 3.0
"""Seconds after which opening a stream counts as slow."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A SageMaker endpoint and the models that it serves.

    Attributes:
        target: Its name, region and options.
        models: Names of models, with ``*`` for any letters; if empty, it serves every model.
    """

    target: Target
    models: tuple[str, ...] = ()

    def serves(self, model: str) -> bool:
        """Whether it serves a model."""
        return not self.models or any(fnmatchcase(model, pattern) for pattern in self.models)


def connection_options(connection: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """Return the options of a connection to a target.

    Args:
        connection: The options of every connection.
        target: The target; its own options take precedence.
    """
    options = dict(connection)
    if target.target_variant is not None:
        options["target_variant"] = target.target_variant
    if target.endpoint_url is not None:
        options["endpoint_url"] = target.endpoint_url
    return options


class EndpointList:
    """The endpoints of a gateway, in order of preference.

    Args:
        endpoints: The endpoints.
    """

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.endpoints = tuple(endpoints)
        self._back_until: dict[Target, float] = {}

    def targets(self, model: str, now: float) -> tuple[Target, ...]:
        """The targets for a model, in order; empty if no endpoint serves it."""
        serving = [each.target for each in self.endpoints if each.serves(model)]
        return tuple(sorted(serving, key=lambda target: self._is_back(target, now)))

    def knows(self, model: str, path: str) -> bool:
        """Whether Deepgram has a model of this name, or an endpoint is configured with it.

        Args:
            model: The model's name.
            path: Path on the container, such as ``v1/listen``.
        """
        is_configured = any(each.models and each.serves(model) for each in self.endpoints)
        return is_configured or is_deepgram_model(model, path)

    def region(self, model: str, now: float) -> str:
        """The region of a model's first target; empty if unknown."""
        targets = self.targets(model, now)
        return (targets[0].region or "") if targets else ""

    def observe(self, event: SessionEvent, streams: dict[int, Target], now: float) -> None:
        """Record how well an endpoint works.

        Args:
            event: An event of a session.
            streams: The targets of that session's streams, by stream number.
            now: The time.
        """
        match event:
            case Lost(stream=stream) | AttemptFailed(stream=stream) | ContainerSlow(stream=stream):
                is_bad = True
            case Connected(stream=stream, connect_seconds=seconds):
                is_bad = seconds >= SLOW_CONNECT
            case _:
                return
        if is_bad and stream in streams:
            self._back_until[streams[stream]] = now + MOVED_BACK_FOR

    def _is_back(self, target: Target, now: float) -> bool:
        return self._back_until.get(target, now) > now

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which endpoint a request goes to: by its model, in order, those that work first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import (
    AttemptFailed,
    Connected,
    ContainerSlow,
    Lost,
    SessionEvent,
)

MOVED_BACK_FOR = 60.0
"""Seconds for which an endpoint that has failed, or was slow, comes after all others."""

SLOW_CONNECT = 3.0
"""Seconds from which opening a stream counts as slow."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A SageMaker endpoint and what it serves.

    Attributes:
        target: Where it is.
        models: Names of models, with ``*`` for any letters; none serves every model.
    """

    target: Target
    models: tuple[str, ...] = ()

    def serves(self, model: str) -> bool:
        """Whether it serves a model."""
        return not self.models or any(fnmatchcase(model, pattern) for pattern in self.models)


class EndpointList:
    """The endpoints of a gateway, the preferred one first.

    Args:
        endpoints: The endpoints.
    """

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.endpoints = tuple(endpoints)
        self._back_until: dict[Target, float] = {}

    def targets(self, model: str, now: float) -> tuple[Target, ...]:
        """Where a request for a model may go, in order; nowhere where nobody serves it."""
        serving = [each.target for each in self.endpoints if each.serves(model)]
        return tuple(sorted(serving, key=lambda target: self._is_back(target, now)))

    def region(self, model: str, now: float) -> str:
        """Where a model is served first; empty where nobody knows."""
        targets = self.targets(model, now)
        return (targets[0].region or "") if targets else ""

    def observe(self, event: SessionEvent, streams: dict[int, Target], now: float) -> None:
        """Take note of how an endpoint does.

        Args:
            event: What has happened in a session.
            streams: Where the streams of that session go, by their numbers.
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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Remembers which messages besides ``CloseStream`` a Flux container understands. Pure.

That depends on the date of the container's bundle, which no message reports. A message that the
container does not understand ends the stream (``UNPARSABLE_CLIENT_MESSAGE``), so what was learned
is remembered, and nothing is assumed.
"""

import re
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.deepgram.v2.configure import SETTING_NAMES
from pipecat_sagemaker_deepgram.deepgram.v2.messages import FluxError

CONFIGURE = "Configure"
FORCE_END_TURN = "ForceEndTurn"

UNPARSABLE = "UNPARSABLE_CLIENT_MESSAGE"

_NAMED = re.compile(r"unknown (variant|field) `(\w+)`")


@dataclass(frozen=True, slots=True)
class ContainerPlace:
    """Where a container runs.

    Attributes:
        endpoint_name: Name of the endpoint.
        region: AWS region of the endpoint.
        variant: Its production variant; empty if SageMaker chooses one.
    """

    endpoint_name: str = ""
    region: str = ""
    variant: str = ""

    @classmethod
    def of(cls, target: Target) -> "ContainerPlace":
        """The place of a target."""
        return cls(target.endpoint_name, target.region or "", target.target_variant or "")


class CapabilityCache:
    """What is known about containers, for a limited time: an endpoint may get another bundle.

    Args:
        expires_after: Seconds for which a fact is remembered.
    """

    def __init__(self, *, expires_after: float = 3600.0) -> None:
        self._expires_after = expires_after
        self._known: dict[tuple[ContainerPlace, str], tuple[bool, float]] = {}

    def recall(self, place: ContainerPlace, capability: str, now: float) -> bool | None:
        """Whether a container understands something; ``None`` if that is not known."""
        is_understood, learned_at = self._known.get((place, capability), (None, now))
        return is_understood if now - learned_at < self._expires_after else None

    def learn(
        self, place: ContainerPlace, capability: str, is_understood: bool, now: float
    ) -> None:
        """Remember whether a container understands something."""
        self._known[place, capability] = (is_understood, now)

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()


PROCESS_CAPABILITIES = CapabilityCache()
"""What all services of this process have learned."""


def in_configure(setting: str) -> str:
    """The capability of accepting a setting in ``Configure``."""
    return f"{CONFIGURE} {setting}"


def refused_capability(error: FluxError, sent: frozenset[str], *, has_forced: bool) -> str | None:
    """Find out from a fatal ``Error`` what the container does not understand.

    Args:
        error: The message.
        sent: The settings of an unanswered ``Configure``.
        has_forced: Whether there is an unanswered ``ForceEndTurn``.

    Returns:
        The missing capability; ``None`` if the error concerns something else.
    """
    if error.code != UNPARSABLE:
        return None
    for kind, name in _NAMED.findall(error.description):
        if kind == "variant" and name in (CONFIGURE, FORCE_END_TURN):
            return name
        setting = SETTING_NAMES.get(name, name)
        if kind == "field" and setting in sent:
            return in_configure(setting)
    if sent:
        return CONFIGURE
    return FORCE_END_TURN if has_forced else None

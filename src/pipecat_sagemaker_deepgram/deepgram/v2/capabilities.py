# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a Flux container understands beyond ``CloseStream``: learned, never assumed. Pure.

It depends on the date of the container's bundle, which nothing says. A message that it does not
understand costs the stream (``UNPARSABLE_CLIENT_MESSAGE``), so what was learned is remembered.
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
        region: Its region.
        variant: Its production variant; empty when SageMaker chooses.
    """

    endpoint_name: str = ""
    region: str = ""
    variant: str = ""

    @classmethod
    def of(cls, target: Target) -> "ContainerPlace":
        """The place of a target."""
        return cls(target.endpoint_name, target.region or "", target.target_variant or "")


class CapabilityCache:
    """What is known of containers, for a time: an endpoint may get another bundle.

    Args:
        expires_after: Seconds for which something is known.
    """

    def __init__(self, *, expires_after: float = 3600.0) -> None:
        self._expires_after = expires_after
        self._known: dict[tuple[ContainerPlace, str], tuple[bool, float]] = {}

    def recall(self, place: ContainerPlace, capability: str, now: float) -> bool | None:
        """Whether a container understands something; ``None`` when it is not known."""
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
    """The capability of taking a setting in ``Configure``."""
    return f"{CONFIGURE} {setting}"


def refused_capability(error: FluxError, sent: frozenset[str], *, has_forced: bool) -> str | None:
    """What a fatal ``Error`` says that the container does not understand.

    Args:
        error: The message.
        sent: The settings of a ``Configure`` that was not answered.
        has_forced: Whether a ``ForceEndTurn`` was not answered.

    Returns:
        The capability; ``None`` where the error is about something else.
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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Writes ``Configure`` messages, and sends one of them at a time. Pure.

A container with a recent bundle accepts these settings while it runs (Deepgram docs, "Configure").
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.controls import configure
from pipecat_sagemaker_deepgram.deepgram.v2.query import language_codes, takes_hints

THRESHOLDS = ("eot_threshold", "eager_eot_threshold", "eot_timeout_ms")
SWITCHES = ("numerals", "profanity_filter")

CONFIGURABLE = frozenset([*THRESHOLDS, *SWITCHES, "keyterm", "language_hints"])
"""Settings that a container may accept while it runs."""

SETTING_NAMES = {"keyterms": "keyterm"}
"""Settings that have another name in a ``Configure``."""

ANSWER_TIMEOUT = 5.0
"""Seconds after which a ``Configure`` without an answer counts as lost."""


def configurable(settings: Mapping[str, Any], names: Iterable[str]) -> frozenset[str]:
    """The given settings whose values a ``Configure`` can express.

    It cannot reset a threshold to the container's default, since ``null`` keeps the current value,
    and only one model accepts languages.
    """
    unset = {name for name in THRESHOLDS if settings.get(name) is None}
    unsaid = unset if takes_hints(settings) else unset | {"language_hints"}
    return CONFIGURABLE.intersection(names) - unsaid


def configure_text(settings: Mapping[str, Any], names: Iterable[str]) -> str:
    """Write a ``Configure`` with the values of the given settings that it can express."""
    wanted = configurable(settings, names)
    hints = language_codes(settings.get("language_hints"))
    return configure(
        thresholds={name: settings[name] for name in THRESHOLDS if name in wanted},
        keyterms=_as_list(settings.get("keyterm")) if "keyterm" in wanted else None,
        language_hints=hints if "language_hints" in wanted else None,
        switches={name: bool(settings.get(name)) for name in SWITCHES if name in wanted},
    )


def configured_names(text: str) -> frozenset[str]:
    """The settings that one of our messages changes; none if it is not a ``Configure``."""
    body: dict[str, Any] = json.loads(text)
    if body.pop("type") != "Configure":
        return frozenset()
    thresholds: dict[str, Any] = body.pop("thresholds", {})
    return frozenset([*thresholds, *(SETTING_NAMES.get(name, name) for name in body)])


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


class ConfigureQueue:
    """Knows which settings were sent to the container, and which are waiting.

    A container counts unanswered ``Configure`` messages, so only one is sent at a time. The queue
    holds names of settings; a message is written when it is sent, with the latest values.
    """

    def __init__(self) -> None:
        self._sent: frozenset[str] = frozenset()
        self._waiting: frozenset[str] = frozenset()
        self._answer_by: float | None = None

    @property
    def sent(self) -> frozenset[str]:
        """The settings whose answer is awaited."""
        return self._sent

    @property
    def names(self) -> frozenset[str]:
        """All settings that no container has confirmed."""
        return self._sent | self._waiting

    def submit(self, names: Iterable[str], now: float) -> frozenset[str]:
        """Add settings that have changed.

        Returns:
            The settings to send now; none while an answer is awaited.
        """
        self._waiting |= frozenset(names)
        return self._send(now)

    def answered(self, now: float) -> tuple[frozenset[str], frozenset[str]]:
        """Process an answer.

        Returns:
            The settings that were answered, and those to send now.
        """
        answered, self._sent, self._answer_by = self._sent, frozenset(), None
        return answered, self._send(now)

    def clear(self) -> frozenset[str]:
        """Forget everything, because another stream is in use.

        Returns:
            The settings that were not confirmed.
        """
        names = self.names
        self._sent = self._waiting = frozenset()
        self._answer_by = None
        return names

    def get_timer(self) -> float | None:
        """The time at which the sent message counts as lost; ``None`` if no answer is awaited."""
        return self._answer_by

    def is_overdue(self, now: float) -> bool:
        """Whether the answer is overdue."""
        return self._answer_by is not None and now >= self._answer_by

    def _send(self, now: float) -> frozenset[str]:
        if self._answer_by is not None or not self._waiting:
            return frozenset()
        self._sent, self._waiting = self._waiting, frozenset()
        self._answer_by = now + ANSWER_TIMEOUT
        return self._sent

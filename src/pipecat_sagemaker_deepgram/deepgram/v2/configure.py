# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What ``Configure`` can say, and one of them at a time. Pure.

A container of a recent bundle takes these settings while it runs (Deepgram docs, "Configure").
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.controls import configure
from pipecat_sagemaker_deepgram.deepgram.v2.query import language_codes, takes_hints

THRESHOLDS = ("eot_threshold", "eager_eot_threshold", "eot_timeout_ms")
SWITCHES = ("numerals", "profanity_filter")

CONFIGURABLE = frozenset([*THRESHOLDS, *SWITCHES, "keyterm", "language_hints"])
"""Settings that a container may take while it runs."""

SETTING_NAMES = {"keyterms": "keyterm"}
"""Settings that have another name in a ``Configure``."""

ANSWER_TIMEOUT = 5.0
"""Seconds after which a ``Configure`` without an answer counts as lost."""


def configurable(settings: Mapping[str, Any], names: Iterable[str]) -> frozenset[str]:
    """The settings among some whose values a ``Configure`` can say.

    It cannot leave a threshold to the container again, which keeps what it has over a ``null``;
    and only one model takes languages.
    """
    unset = {name for name in THRESHOLDS if settings.get(name) is None}
    unsaid = unset if takes_hints(settings) else unset | {"language_hints"}
    return CONFIGURABLE.intersection(names) - unsaid


def configure_text(settings: Mapping[str, Any], names: Iterable[str]) -> str:
    """A ``Configure`` with the values of some settings, as far as it can say them."""
    wanted = configurable(settings, names)
    hints = language_codes(settings.get("language_hints"))
    return configure(
        thresholds={name: settings[name] for name in THRESHOLDS if name in wanted},
        keyterms=_as_list(settings.get("keyterm")) if "keyterm" in wanted else None,
        language_hints=hints if "language_hints" in wanted else None,
        switches={name: bool(settings.get(name)) for name in SWITCHES if name in wanted},
    )


def configured_names(text: str) -> frozenset[str]:
    """The settings that a message of ours changes; none where it is no ``Configure``."""
    body: dict[str, Any] = json.loads(text)
    if body.pop("type") != "Configure":
        return frozenset()
    thresholds: dict[str, Any] = body.pop("thresholds", {})
    return frozenset([*thresholds, *(SETTING_NAMES.get(name, name) for name in body)])


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


class ConfigureQueue:
    """Which settings are under way to the container, and which wait for their turn.

    A container counts the ``Configure`` messages that it has not answered, so there is one at a
    time. Settings are names; a message is made of their values when it is sent, so what waits
    holds only the latest.
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
        """Take settings that have changed.

        Returns:
            The settings to send now; none while an answer is awaited.
        """
        self._waiting |= frozenset(names)
        return self._send(now)

    def answered(self, now: float) -> tuple[frozenset[str], frozenset[str]]:
        """Take an answer in.

        Returns:
            The settings that were answered, and those to send now.
        """
        answered, self._sent, self._answer_by = self._sent, frozenset(), None
        return answered, self._send(now)

    def clear(self) -> frozenset[str]:
        """Forget everything, for the stream is another.

        Returns:
            The settings that were not confirmed.
        """
        names = self.names
        self._sent = self._waiting = frozenset()
        self._answer_by = None
        return names

    def get_timer(self) -> float | None:
        """The time at which what was sent counts as lost; ``None`` while nothing is awaited."""
        return self._answer_by

    def is_overdue(self, now: float) -> bool:
        """Whether the answer should have come."""
        return self._answer_by is not None and now >= self._answer_by

    def _send(self, now: float) -> frozenset[str]:
        if self._answer_by is not None or not self._waiting:
            return frozenset()
        self._sent, self._waiting = self._waiting, frozenset()
        self._answer_by = now + ANSWER_TIMEOUT
        return self._sent

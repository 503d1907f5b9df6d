# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One ``Configure`` at a time: a container counts those it has not answered. Pure."""

from collections.abc import Iterable

ANSWER_TIMEOUT = 5.0
"""Seconds after which a ``Configure`` without an answer counts as lost."""


class ConfigureQueue:
    """Which settings are under way to the container, and which wait for their turn.

    Settings are names; a message is made of their values when it is sent, so what waits holds
    only the latest.
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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How settings that change reach a Flux container. Pure: time is an argument.

A container of a recent bundle takes most of them while it runs (``Configure``); an older one
closes the stream over it. So the first change goes by a new stream, whose query carries it, and
``Configure`` is tried on that fresh stream, where nothing can be lost. What was learned decides
from then on. A threshold that is left to the container again goes by a new stream always:
``Configure`` has no word for that. Until a container has confirmed a value, a stream that has to
replace another is opened with the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.deepgram.controls import FORCE_END_TURN as FORCE_END_TURN_TEXT
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    CONFIGURE,
    FORCE_END_TURN,
    CapabilityCache,
    Place,
    in_configure,
    refused_capability,
)
from pipecat_sagemaker_deepgram.deepgram.v2.configure import ConfigureQueue
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    Error,
)
from pipecat_sagemaker_deepgram.stt.flux.settings import (
    CONFIGURE_FIELDS,
    HINTS,
    LOCAL_FIELDS,
    DeepgramFluxSageMakerSTTSettings,
)
from pipecat_sagemaker_deepgram.stt.settings import restore

NO_ACTIVE_TURN = "FORCE_END_TURN_NO_ACTIVE_TURN"


@dataclass(frozen=True, slots=True)
class SendText:
    """A message is to be sent to the stream in use.

    Parameters:
        text: The message.
    """

    text: str


@dataclass(frozen=True, slots=True)
class OpenAnother:
    """A new stream is to take over, whose query carries the settings.

    Parameters:
        previous: The values to go back to if it is refused.
    """

    previous: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Restore:
    """The container has refused settings.

    Parameters:
        previous: The values to go back to.
        reason: What it says.
    """

    previous: dict[str, Any]
    reason: str


type TuningAction = SendText | OpenAnother | Restore


class FluxTuning:
    """Brings one session's settings to its containers.

    Args:
        settings: The store that holds the wanted values.
        capabilities: What is known of containers.
        ends_turns: Whether the application ends turns, so that it is worth knowing whether the
            container can.
    """

    def __init__(
        self,
        settings: DeepgramFluxSageMakerSTTSettings,
        capabilities: CapabilityCache,
        *,
        ends_turns: bool,
    ) -> None:
        self._settings = settings
        self._capabilities = capabilities
        self._ends_turns = ends_turns
        self._queue = ConfigureQueue()
        self._sent_values: dict[str, Any] = {}
        self._unconfirmed: dict[str, Any] = {}
        self._to_try: frozenset[str] = frozenset()
        self._has_forced = False
        self._places: dict[int, Place] = {}
        self._place = Place()

    @property
    def known_good(self) -> DeepgramFluxSageMakerSTTSettings:
        """The settings, with the values before of those that no container has confirmed."""
        settings = self._settings.copy()
        restore(settings, self._unconfirmed)
        return settings

    def can_force_end(self, now: float) -> bool:
        """Whether the container in use is known to understand ``ForceEndTurn``."""
        return self._knows(FORCE_END_TURN, now) is True

    # What the user wants

    def change(self, changed: Mapping[str, Any], now: float, *, is_up: bool) -> list[TuningAction]:
        """Bring settings to the container.

        Args:
            changed: The settings that have other values in the store, with those before.
            now: The time.
            is_up: Whether there is a stream.
        """
        has_hints = self._settings.takes_hints or "model" in changed
        untold = LOCAL_FIELDS if has_hints else LOCAL_FIELDS | {HINTS}
        previous = {name: value for name, value in changed.items() if name not in untold}
        if not previous:
            return []
        if is_up and self._takes(previous, now):
            self._unconfirmed = previous | self._unconfirmed
            return self._configure(self._queue.submit(previous, now))
        self._to_try = frozenset(previous) & CONFIGURE_FIELDS
        self._queue.clear()
        return self._open_another(previous)

    def force_end(self) -> SendText:
        """End the turn that is on."""
        self._has_forced = True
        return SendText(FORCE_END_TURN_TEXT)

    # What happens to streams

    def opening(self, stream: int, target: Target) -> None:
        """A stream is being opened."""
        self._places[stream] = Place.of(target)

    def stream_came(self, stream: int, now: float, *, has_open_turn: bool) -> list[TuningAction]:
        """Another stream is in use. A message that follows from it goes before any audio."""
        self._place = self._places.get(stream, self._place)
        self._places = {each: at for each, at in self._places.items() if each > stream}
        self._queue.clear()
        self._has_forced = False
        if self._unconfirmed:
            return self._open_another({})
        return [] if has_open_turn else self._try_out(now)

    # What the container says

    def answered(
        self, message: ConfigureSuccess | ConfigureFailure, now: float
    ) -> list[TuningAction]:
        """A ``Configure`` was answered."""
        values, self._sent_values = self._sent_values, {}
        names, then = self._queue.answered(now)
        self._learn(CONFIGURE, True, now)
        if isinstance(message, ConfigureSuccess):
            for name in names:
                self._confirm(name, values.get(name), is_changing=name in then)
            return self._configure(then)
        previous = {
            name: self._unconfirmed.pop(name)
            for name in names
            if name in self._unconfirmed and name not in then
        }
        reason = f"{message.code} {message.description}".strip()
        restore: list[TuningAction] = [Restore(previous, reason)] if previous else []
        return restore + self._configure(then)

    def turn_ended(self, trigger: str, now: float) -> None:
        """The container has ended a turn."""
        if trigger == "manual":
            self._learn(FORCE_END_TURN, True, now)
        self._has_forced = False

    def warned(self, code: str, now: float) -> None:
        """The container warns."""
        if code == NO_ACTIVE_TURN:
            self.turn_ended("manual", now)

    def refused(self, error: Error, now: float) -> str | None:
        """The container has closed the stream over something.

        Returns:
            What it does not understand, if that is what it says.
        """
        capability = refused_capability(error, self._queue.sent, has_forced=self._has_forced)
        if capability is not None:
            self._learn(capability, False, now)
        return capability

    # Time

    def get_timer(self) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never."""
        return self._queue.get_timer()

    def handle_timer(self, now: float) -> list[TuningAction]:
        """Do what is due: what was not answered goes by a new stream."""
        if not self._queue.is_overdue(now):
            return []
        self._queue.clear()
        return self._open_another({}) if self._unconfirmed else []

    # From here on: how

    def _takes(self, names: Mapping[str, Any], now: float) -> bool:
        is_told = self._settings.configurable(names).issuperset(names)
        if not is_told or self._knows(CONFIGURE, now) is not True:
            return False
        return all(self._knows(in_configure(name), now) is not False for name in names)

    def _open_another(self, previous: dict[str, Any]) -> list[TuningAction]:
        unconfirmed, self._unconfirmed = self._unconfirmed, {}
        return [OpenAnother(previous | unconfirmed)]

    def _configure(self, names: frozenset[str]) -> list[TuningAction]:
        if not names:
            return []
        self._sent_values = {name: getattr(self._settings, name) for name in names}
        return [SendText(self._settings.configure_text(names))]

    def _confirm(self, name: str, value: Any, *, is_changing: bool) -> None:
        if is_changing:
            self._unconfirmed[name] = value
        else:
            self._unconfirmed.pop(name, None)

    def _try_out(self, now: float) -> list[TuningAction]:
        """Send what a fresh stream may die of, before any audio, to know it from then on."""
        names, self._to_try = self._settings.configurable(self._to_try), frozenset()
        if self._ends_turns and self._knows(FORCE_END_TURN, now) is None:
            self._has_forced = True
            return [SendText(FORCE_END_TURN_TEXT)]
        if names and self._knows(CONFIGURE, now) is None:
            self._queue.submit(names, now)
            return [SendText(self._settings.configure_text(names))]
        return []

    def _knows(self, capability: str, now: float) -> bool | None:
        return self._capabilities.recall(self._place, capability, now)

    def _learn(self, capability: str, is_understood: bool, now: float) -> None:
        self._capabilities.learn(self._place, capability, is_understood, now)

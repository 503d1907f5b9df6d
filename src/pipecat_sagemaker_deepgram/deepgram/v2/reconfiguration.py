# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How changed settings reach a Flux container. Pure: time is an argument.

A container with a recent bundle accepts most settings while it runs (``Configure``); an older one
closes the stream when it receives that message. So the first change is made by a new stream, whose
query contains it, and ``Configure`` is tried on that fresh stream, where nothing can be lost. The
result decides how later changes are made. Resetting a threshold to the container's default always
needs a new stream, since ``Configure`` cannot express it. Until a container has confirmed a value,
a stream that replaces a lost one is opened with the previous value.

Settings have Deepgram's names. Their owner keeps them, and restores the previous values when they
are refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pipecat_sagemaker_deepgram.client.records import (
    Connected,
    Connecting,
    GivenUp,
    Lost,
    SessionEvent,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.controls import FORCE_END_TURN as FORCE_END_TURN_TEXT
from pipecat_sagemaker_deepgram.deepgram.settings_trial import SettingsTrial
from pipecat_sagemaker_deepgram.deepgram.steps import ChangeStream, SendText, SettingsRefused
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    CONFIGURE,
    FORCE_END_TURN,
    CapabilityCache,
    ContainerPlace,
    in_configure,
    refused_capability,
)
from pipecat_sagemaker_deepgram.deepgram.v2.configure import (
    CONFIGURABLE,
    ConfigureQueue,
    configurable,
    configure_text,
    configured_names,
)
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    FluxError,
)
from pipecat_sagemaker_deepgram.deepgram.v2.query import LOCAL_SETTINGS, takes_hints
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

NO_ACTIVE_TURN = "FORCE_END_TURN_NO_ACTIVE_TURN"

type Settings = Mapping[str, Any]
type ReconfigurationStep = SendText | ChangeStream | SettingsRefused


class Reconfiguration:
    """Applies one session's settings in its containers.

    Args:
        settings: Returns the wanted settings.
        capabilities: What is known about containers.
        ends_turns: Whether the application ends turns; only then is it tried whether the container
            understands ``ForceEndTurn``.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        capabilities: CapabilityCache,
        *,
        ends_turns: bool,
    ) -> None:
        self._settings = settings
        self._capabilities = capabilities
        self._ends_turns = ends_turns
        self._queue = ConfigureQueue()
        self._trial = SettingsTrial()
        # Settings that were sent on a stream and not confirmed yet: the previous values, and
        # those in the message that was sent.
        self._unconfirmed: dict[str, Any] = {}
        self._sent_values: dict[str, Any] = {}
        self._to_try: frozenset[str] = frozenset()
        self._has_forced = False
        self._places: dict[int, ContainerPlace] = {}
        self._place = ContainerPlace()
        self._is_up = False

    @property
    def known_good(self) -> Settings:
        """The settings for a new stream: without values that no container has confirmed."""
        return {**self._settings(), **self._unconfirmed}

    def can_force_end(self, now: float) -> bool:
        """Whether the container in use is known to understand ``ForceEndTurn``."""
        return self._knows(self._place, FORCE_END_TURN, now) is True

    # What the user wants

    def change(self, previous: Settings, now: float) -> list[ReconfigurationStep]:
        """Apply changed settings in the container.

        Args:
            previous: The previous values.
            now: The time.
        """
        previous = {name: previous[name] for name in self._concerning_containers(previous)}
        if not previous:
            return []
        if self._is_up and self._takes(previous, now):
            self._unconfirmed = previous | self._unconfirmed
            return self._configure(self._queue.submit(previous, now))
        self._to_try = CONFIGURABLE.intersection(previous)
        self._queue.clear()
        return self._open_another(previous)

    def force_end(self) -> SendText:
        """End the current turn."""
        self._has_forced = True
        return SendText(FORCE_END_TURN_TEXT, kind=FORCE_END_TURN)

    # What happens to streams

    def observe(self, event: SessionEvent, now: float) -> list[ReconfigurationStep]:
        """Process the session's next event."""
        refused = self._trial.observe(event)
        if refused is not None:
            return [refused]
        match event:
            case Connecting(stream=stream, target=target):
                self._places[stream] = ContainerPlace.of(target)
            case Connected() | StreamChanged():
                return self._use_stream(event.stream, event.greeting, now)
            case Lost() | GivenUp():
                self._is_up = False
            case _:
                pass
        return []

    def greeting(self, stream: NewStream, now: float, *, is_fresh: bool) -> Greeting:
        """Return what a new stream gets before any audio, without changing anything.

        Args:
            stream: The stream.
            now: The time.
            is_fresh: Whether no turn is open. Only then is a message tried that may end the stream,
                to learn whether the container understands it.
        """
        place = ContainerPlace.of(stream.target)
        knows_force = self._knows(place, FORCE_END_TURN, now)
        is_to_try = is_fresh and not self._unconfirmed
        return Greeting(
            text=self._trial_text(place, now) if is_to_try else "",
            forgets=() if knows_force else (FORCE_END_TURN,),
        )

    # What the container answers

    def answered(
        self, message: ConfigureSuccess | ConfigureFailure, now: float
    ) -> list[ReconfigurationStep]:
        """Process the answer to a ``Configure``."""
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
        return self._restore(previous, message) + self._configure(then)

    def turn_ended(self, trigger: str, now: float) -> None:
        """Note that the container has ended a turn."""
        if trigger == "manual":
            self._learn(FORCE_END_TURN, True, now)
        self._has_forced = False

    def warned(self, code: str, now: float) -> None:
        """Process a warning."""
        if code == NO_ACTIVE_TURN:
            self.turn_ended("manual", now)

    def refused(self, error: FluxError, now: float) -> str | None:
        """Process the error with which the container closes the stream.

        Returns:
            What the container does not understand, if the error reports that.
        """
        capability = refused_capability(error, self._queue.sent, has_forced=self._has_forced)
        if capability is not None:
            self._learn(capability, False, now)
        return capability

    # Time

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        return self._queue.get_timer()

    def handle_timer(self, now: float) -> list[ReconfigurationStep]:
        """Do what is due: apply unanswered settings by a new stream."""
        if not self._queue.is_overdue(now):
            return []
        self._queue.clear()
        return self._open_another({}) if self._unconfirmed else []

    # Details

    def _use_stream(self, stream: int, greeting: str, now: float) -> list[ReconfigurationStep]:
        self._is_up = True
        self._place = self._places.get(stream, self._place)
        self._places = {each: at for each, at in self._places.items() if each > stream}
        self._queue.clear()
        self._has_forced = greeting == FORCE_END_TURN_TEXT
        if greeting and (names := configured_names(greeting)):
            self._to_try = frozenset()
            self._queue.submit(names, now)
        return self._open_another({}) if self._unconfirmed else []

    def _concerning_containers(self, names: Settings) -> set[str]:
        """The given settings that concern a container."""
        has_hints = takes_hints(self._settings()) or "model" in names
        return set(names) - (LOCAL_SETTINGS if has_hints else LOCAL_SETTINGS | {"language_hints"})

    def _takes(self, names: Mapping[str, Any], now: float) -> bool:
        can_say = configurable(self._settings(), names).issuperset(names)
        if not can_say or self._knows(self._place, CONFIGURE, now) is not True:
            return False
        return all(self._knows(self._place, in_configure(each), now) is not False for each in names)

    def _open_another(self, previous: dict[str, Any]) -> list[ReconfigurationStep]:
        unconfirmed, self._unconfirmed = self._unconfirmed, {}
        self._trial.begin(previous | unconfirmed)
        return [ChangeStream("settings")]

    def _configure(self, names: frozenset[str]) -> list[ReconfigurationStep]:
        if not names:
            return []
        settings = self._settings()
        self._sent_values = {name: settings.get(name) for name in names}
        return [SendText(configure_text(settings, names))]

    def _confirm(self, name: str, value: Any, *, is_changing: bool) -> None:
        if is_changing:
            self._unconfirmed[name] = value
        else:
            self._unconfirmed.pop(name, None)

    def _restore(
        self, previous: dict[str, Any], message: ConfigureFailure
    ) -> list[ReconfigurationStep]:
        if not previous:
            return []
        reason = ConfigurationError(
            f"Deepgram reports {message.code or 'ConfigureFailure'}",
            advice="The reason is in the error's details and logged at TRACE.",
            details=message.description,
        )
        return [SettingsRefused(previous, reason)]

    def _trial_text(self, place: ContainerPlace, now: float) -> str:
        if self._ends_turns and self._knows(place, FORCE_END_TURN, now) is None:
            return FORCE_END_TURN_TEXT
        settings = self._settings()
        names = configurable(settings, self._to_try)
        if names and self._knows(place, CONFIGURE, now) is None:
            return configure_text(settings, names)
        return ""

    def _knows(self, place: ContainerPlace, capability: str, now: float) -> bool | None:
        return self._capabilities.recall(place, capability, now)

    def _learn(self, capability: str, is_understood: bool, now: float) -> None:
        self._capabilities.learn(self._place, capability, is_understood, now)

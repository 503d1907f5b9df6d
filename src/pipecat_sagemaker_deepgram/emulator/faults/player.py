# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Which scripted actions are due on one stream. Pure: the time is an argument."""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.emulator.faults.actions import HANDSHAKE_ACTIONS, Action, RetryAfter
from pipecat_sagemaker_deepgram.emulator.faults.script import (
    AfterBytes,
    AfterEvents,
    AfterSeconds,
    AtConnect,
    Fault,
    FaultScript,
    OnControl,
)


def handshake_action(script: FaultScript, number: int) -> Action | None:
    """The action on a TCP connection before its TLS handshake; None for none.

    Args:
        script: The faults in force.
        number: The number that the connection's first stream will have.
    """
    faults = script.entries(number).values()
    return next(
        (each.action for each in faults if isinstance(each.action, HANDSHAKE_ACTIONS)), None
    )


class FaultPlayer:
    """Follows one stream through a script; every fault is played once."""

    def __init__(self, script: FaultScript, number: int) -> None:
        """Reads the script for a stream.

        Args:
            script: The faults in force, which may change.
            number: The stream's number.
        """
        self._script = script
        self._number = number
        self._played: set[int] = set()
        self._opened_at: float | None = None
        self._audio = 0
        self._events = 0
        self._pending: dict[int, Fault] = {}
        self.retry_after: int | None = None
        """Seconds for the ``Retry-After`` of a refusal; None for no such header."""
        self.script_changed()

    @property
    def is_waiting(self) -> bool:
        """Whether any fault has not been played."""
        return bool(self._pending)

    @property
    def watches_controls(self) -> bool:
        """Whether a fault waits for a control message."""
        return any(isinstance(each.when, OnControl) for each in self._pending.values())

    def script_changed(self) -> None:
        """Reads the script's current faults."""
        entries = self._script.entries(self._number)
        self._pending = {key: each for key, each in entries.items() if key not in self._played}

    def connect_actions(self) -> list[Action]:
        """The actions while the stream is being opened, except those before TLS.

        A ``RetryAfter``, which only changes a refusal, is noted in ``retry_after``.
        """
        due = self._due(lambda when: isinstance(when, AtConnect))
        waits = [action.seconds for action in due if isinstance(action, RetryAfter)]
        self.retry_after = waits[-1] if waits else None
        kinds = (*HANDSHAKE_ACTIONS, RetryAfter)
        return [action for action in due if not isinstance(action, kinds)]

    def opened(self, now: float) -> None:
        """Notes that the 200 was sent.

        Args:
            now: Emulated seconds of a clock that never goes back.
        """
        self._opened_at = now

    def get_timer(self) -> float | None:
        """When to call ``due`` next; None if no fault waits for a time."""
        if self._opened_at is None:
            return None
        waits = [each.when for each in self._pending.values()]
        seconds = [when.seconds for when in waits if isinstance(when, AfterSeconds)]
        return self._opened_at + min(seconds) if seconds else None

    def audio_received(self, size: int) -> None:
        """Counts audio of the client.

        Args:
            size: Bytes of one binary part.
        """
        self._audio += size

    def event_sent(self) -> None:
        """Counts an output event."""
        self._events += 1

    def control_received(self, control: str) -> list[Action]:
        """The actions that a control message triggers.

        Args:
            control: Its type.
        """
        return self._due(lambda when: isinstance(when, OnControl) and when.type == control)

    def due(self, now: float) -> list[Action]:
        """The actions that are due by time, by audio or by events.

        Args:
            now: Emulated seconds, of the clock given to ``opened``.
        """
        return self._due(lambda when: self._has_come(when, now))

    def _has_come(self, when: object, now: float) -> bool:
        match when:
            case AfterSeconds(seconds):
                return self._opened_at is not None and now >= self._opened_at + seconds
            case AfterBytes(count):
                return self._audio >= count
            case AfterEvents(count):
                return self._events >= count
        return False

    def _due(self, is_due: Callable[[object], bool]) -> list[Action]:
        found = [key for key, each in self._pending.items() if is_due(each.when)]
        self._played.update(found)
        return [self._pending.pop(key).action for key in found]

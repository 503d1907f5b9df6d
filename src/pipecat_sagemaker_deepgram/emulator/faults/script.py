# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The script: what goes wrong, on which stream, and when. Pure.

A ``Fault`` is an action, a stream and a trigger; a ``FaultScript`` holds those in force and may be
changed while streams are open; a ``FaultPlayer`` follows one stream and says which actions are due.
``text`` has the text form of all of it.

Streams are numbered from 1 in the order in which they arrive. A connection takes a number when it
is accepted, so that faults before the request have one too, and returns it if it was not used.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal

from pipecat_sagemaker_deepgram.emulator.faults.actions import CONNECT_ONLY_ACTIONS, Action, GoAway


@dataclass(frozen=True)
class AtConnect:
    """While the stream is being opened."""


@dataclass(frozen=True)
class AfterSeconds:
    """A time after the 200 was sent.

    Attributes:
        seconds: Emulated seconds; 0 is right after the 200.
    """

    seconds: float = 0


@dataclass(frozen=True)
class AfterBytes:
    """Once the client has sent an amount of audio, and its last part was forwarded.

    Attributes:
        count: Bytes of binary parts.
    """

    count: int


@dataclass(frozen=True)
class AfterEvents:
    """Once a number of output events were sent to the client.

    Attributes:
        count: Events; each PARTIAL part counts.
    """

    count: int


@dataclass(frozen=True)
class OnControl:
    """When the client sends a control message, before it is forwarded.

    Attributes:
        type: The ``type`` of the JSON object in a whole text part, such as ``Finalize``.
    """

    type: str


type Trigger = AtConnect | AfterSeconds | AfterBytes | AfterEvents | OnControl
type StreamSelector = int | range | Literal["every", "current", "next"]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, once on each stream that it applies to.

    Attributes:
        action: What happens.
        stream: A stream's number, a range of numbers, ``every``, or, for a script in use,
            ``current`` (the streams open when the fault is added) or ``next`` (the one that opens
            after that).
        when: The trigger; None for the action's own: at connect for what happens there, else
            right after the 200.
    """

    action: Action
    _: KW_ONLY
    stream: StreamSelector = 1
    when: Trigger | None = None

    def __post_init__(self) -> None:
        """Fills in the trigger and refuses combinations that are not possible.

        Raises:
            ValueError: The trigger does not fit the action, or the streams are not valid.
        """
        connects = isinstance(self.action, CONNECT_ONLY_ACTIONS)
        if self.when is None:
            object.__setattr__(self, "when", AtConnect() if connects else AfterSeconds(0))
        if isinstance(self.when, AtConnect) != connects and not self._is_goaway_at_connect:
            fitting = "at connect" if connects else "on an open stream, not at connect"
            raise ValueError(f"{type(self.action).__name__} can only happen {fitting}")
        if isinstance(self.stream, str) and self.stream not in ("every", "current", "next"):
            raise ValueError(f"streams are {self.stream!r}; allowed: every, current, next, numbers")
        if self.stream == range(0) or (isinstance(self.stream, int) and self.stream < 1):
            raise ValueError(f"streams are {self.stream!r}; numbers start at 1")

    @property
    def _is_goaway_at_connect(self) -> bool:
        return isinstance(self.action, GoAway) and isinstance(self.when, AtConnect)

    def applies_to(self, number: int) -> bool:
        """Whether the fault is meant for a stream.

        Args:
            number: The stream's number.
        """
        match self.stream:
            case int():
                return number == self.stream
            case range():
                return number in self.stream
            case _:
                return self.stream == "every"


def from_stream(first: int) -> range:
    """All streams from a number on.

    Args:
        first: The first stream's number.
    """
    return range(first, sys.maxsize)


class FaultScript:
    """The faults in force. Changes apply to open streams too."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        """Starts with some faults.

        Args:
            faults: The faults to begin with.
        """
        self._entries: dict[int, Fault] = {}
        self._serial = 0
        self._open: set[int] = set()
        self._next = 1
        self._listeners: list[Callable[[], None]] = []
        self.add(*faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in force, in the order in which they were added."""
        return tuple(self._entries.values())

    def entries(self, number: int) -> dict[int, Fault]:
        """The faults meant for a stream, by a serial number that is never used twice.

        Args:
            number: The stream's number.
        """
        return {key: each for key, each in self._entries.items() if each.applies_to(number)}

    def add(self, *faults: Fault) -> None:
        """Adds faults; open streams play them from here on.

        Args:
            *faults: What to add. ``current`` and ``next`` are turned into stream numbers.
        """
        for fault in faults:
            for resolved in self._resolved(fault):
                self._serial += 1
                self._entries[self._serial] = resolved
        self._notify()

    def clear(self) -> None:
        """Removes all faults. What has already happened to a stream is not undone."""
        self._entries.clear()
        self._notify()

    def stream_opened(self, number: int) -> None:
        """Records that a stream has begun, for ``current`` and ``next``.

        Args:
            number: The stream's number.
        """
        self._open.add(number)
        self._next = max(self._next, number + 1)

    def stream_closed(self, number: int) -> None:
        """Records that a stream has ended.

        Args:
            number: The stream's number.
        """
        self._open.discard(number)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Calls a function after every change.

        Args:
            listener: The function.

        Returns:
            A function that ends the subscription.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _resolved(self, fault: Fault) -> list[Fault]:
        if fault.stream == "next":
            return [replace(fault, stream=self._next)]
        if fault.stream == "current":
            return [replace(fault, stream=number) for number in sorted(self._open)]
        return [fault]

    def _notify(self) -> None:
        for listener in tuple(self._listeners):
            listener()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The effects of scripted faults on the output of one stream. Pure: the time is an argument."""

from collections import deque
from collections.abc import Iterator

from pipecat_sagemaker_deepgram.emulator.faults.actions import (
    Action,
    CorruptChecksum,
    CutEvent,
    FragmentOutput,
    InjectBig,
    InjectMalformed,
    Silence,
)
from pipecat_sagemaker_deepgram.emulator.stream.parts import (
    Part,
    encode_part,
    half_of,
    split_part,
    with_bad_checksum,
)

UNKNOWN_EVENT_TYPE = "FuturePart"
"""``:event-type`` of the event that ``unknown-event`` sends."""


class OutputShaper:
    """Turns parts into encoded events, and applies faults.

    Attributes:
        silent: Whether parts from the container are dropped.
        fragments: How parts are cut, None if they are not.
        corrupts_next: Whether the next event gets a wrong checksum.
        cuts_next: The fault that cuts the next event in half; None if it is not cut.
        was_cut: How an event was cut, None if none was; nothing may follow it.
    """

    def __init__(self) -> None:
        self.silent = False
        self.fragments: FragmentOutput | None = None
        self.corrupts_next = False
        self.cuts_next: CutEvent | None = None
        self.was_cut: CutEvent | None = None

    def alter(self, action: Action) -> None:
        """Applies an action that changes the output.

        Args:
            action: ``CorruptChecksum``, ``CutEvent``, ``Silence`` or ``FragmentOutput``.
        """
        match action:
            case CorruptChecksum():
                self.corrupts_next = True
            case CutEvent():
                self.cuts_next = action
            case Silence():
                self.silent = True
            case FragmentOutput():
                self.fragments = action

    def events(self, part: Part) -> Iterator[bytes]:
        """The encoded events for one part.

        Args:
            part: A part for the client.
        """
        if self.fragments is None:
            yield self._damaged(encode_part(part))
            return
        cut = self.fragments
        for piece in split_part(part, cut.size, inside_characters=cut.inside_characters):
            yield self._damaged(encode_part(piece))

    def _damaged(self, encoded: bytes) -> bytes:
        if self.corrupts_next:
            self.corrupts_next = False
            return with_bad_checksum(encoded)
        if self.cuts_next is not None:
            self.was_cut = self.cuts_next
            return half_of(encoded)
        return encoded


class DelayLine:
    """Delays output, in order; None stands for the end of the output."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.size = 0
        self._waiting: deque[tuple[float, bytes | None]] = deque()

    @property
    def is_active(self) -> bool:
        """Whether output has to go through here."""
        return self.seconds > 0 or bool(self._waiting)

    def add(self, data: bytes | None, now: float) -> None:
        """Adds output.

        Args:
            data: Output, None for its end.
            now: The present time in seconds.
        """
        self._waiting.append((now + self.seconds, data))
        self.size += len(data or b"")

    def get_timer(self) -> float | None:
        """When ``due`` has something, None if nothing waits."""
        return self._waiting[0][0] if self._waiting else None

    def due(self, now: float) -> Iterator[bytes | None]:
        """Yields the output whose delay is over.

        Args:
            now: The present time in seconds.
        """
        while self._waiting and self._waiting[0][0] <= now:
            data = self._waiting.popleft()[1]
            self.size -= len(data or b"")
            yield data


def malformed_part(action: InjectMalformed) -> Part:
    """A part that no container should send.

    Args:
        action: Which kind.
    """
    if action.kind == "json":
        return Part(b'{"type": "Results", "channel": {"alternatives": [', is_text=True)
    return Part(b"\x00\xff\xfe\x80not a message", is_text=False)


def big_part(action: InjectBig) -> Part:
    """A well-formed text message of an unknown type and a given size.

    Args:
        action: The size; a few bytes are needed for the JSON around the padding.
    """
    front, back = b'{"type": "Padding", "padding": "', b'"}'
    padding = b"x" * (action.size - len(front) - len(back))
    return Part(front + padding + back, is_text=True)

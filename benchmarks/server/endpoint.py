# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The state that all connections of the server share: its behaviour and its record."""

import asyncio
import random
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

type Cut = Literal["drop", "reset", "goaway", "end"]

CUTS: tuple[Cut, ...] = ("drop", "reset", "goaway", "end")


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How the server behaves. Times are seconds.

    Attributes:
        verify: Whether to verify every signature.
        handshake_seconds: Time that the container takes to accept a stream, give or take half.
        max_handshakes: Streams that may be on their way to the container at once; one more is
            answered with 424.
        cut_after: Audio after which a stream is cut; 0 cuts none.
        cuts: How often a session is cut at most.
    """

    verify: bool = False
    handshake_seconds: float = 0.0
    max_handshakes: int = 1_000_000
    cut_after: float = 0.0
    cuts: int = 0


@dataclass
class Seen:
    """The server's record.

    Attributes:
        connections: TCP connections.
        streams: Requests.
        refused: Requests answered with 424.
        peak_handshakes: Most streams that were on their way to the container at once.
        peak_streams: Most streams open at once.
        events: Parts received.
        verified: Signatures that were right.
        unverified: Why other signatures were wrong.
        request_times: When requests came, on the system's monotonic clock.
        cuts: Session, stream, kind and time of each cut.
        cpu_seconds: CPU that the server used, known at the end.
    """

    connections: int = 0
    streams: int = 0
    refused: int = 0
    peak_handshakes: int = 0
    peak_streams: int = 0
    events: int = 0
    verified: int = 0
    unverified: list[str] = field(default_factory=list)
    request_times: list[float] = field(default_factory=list)
    cuts: list[tuple[int, str, Cut, float]] = field(default_factory=list)
    cpu_seconds: float = 0.0


class Endpoint:
    """Counts handshakes and streams, and decides which stream is cut."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.seen = Seen()
        self._cpu_at_start = time.process_time()
        self._handshakes = 0
        self._streams = 0
        self._cuts_of: dict[int, int] = {}

    def admit(self) -> bool:
        """Begin a handshake, unless there are too many."""
        self.seen.streams += 1
        self.seen.request_times.append(time.monotonic())
        if self._handshakes >= self.behaviour.max_handshakes:
            self.seen.refused += 1
            return False
        self._handshakes += 1
        self.seen.peak_handshakes = max(self.seen.peak_handshakes, self._handshakes)
        return True

    def handshake_delay(self) -> float:
        """Seconds that the next handshake takes."""
        return self.behaviour.handshake_seconds * random.uniform(0.5, 1.5)

    def opened(self) -> None:
        """A handshake is over and its stream open."""
        self._handshakes -= 1
        self._streams += 1
        self.seen.peak_streams = max(self.seen.peak_streams, self._streams)

    def closed(self, *, was_open: bool) -> None:
        """A stream, or a handshake, has ended."""
        if was_open:
            self._streams -= 1
        else:
            self._handshakes -= 1

    def cut(self, session: int, stream: str, heard_seconds: float) -> Cut | None:
        """Whether, and how, to cut a session's stream after a length of audio."""
        behaviour = self.behaviour
        done = self._cuts_of.get(session, 0)
        # Sessions are cut at different moments between two finals.
        due = behaviour.cut_after + 0.1 * (session % 10)
        if not behaviour.cut_after or done >= behaviour.cuts or heard_seconds < due:
            return None
        self._cuts_of[session] = done + 1
        kind = CUTS[(session + done) % len(CUTS)]
        self.seen.cuts.append((session, stream, kind, time.monotonic()))
        return kind

    def report(self) -> dict[str, Any]:
        """The record, for JSON."""
        self.seen.cpu_seconds = time.process_time() - self._cpu_at_start
        return asdict(self.seen)

    def call_later(self, delay: float, callback: Any) -> asyncio.TimerHandle:
        """Call something after a delay."""
        return asyncio.get_running_loop().call_later(delay, callback)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A small world around a session, of which every state can be visited.

A speaker says pieces of audio, finalizes, changes settings, falls mute and hangs up, each at any
moment. A container answers piece by piece, with interims or not, or does not answer. The network
breaks what it will, as often as the world's bound allows. Time passes from one of the session's
timers to the next; a container that has no fault answers before its session gives it up.

Wrong is: a piece that comes twice or out of order; a session that has ended with a piece neither
heard nor reported, or reported without a cause; a stream given up that owes nothing; an end that
does not come in time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import inf

from pipecat_sagemaker_deepgram.client import records
from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import DropStream, OpenStream, Write
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.client.stream_protocol import Reading, StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    RejectedError,
    StreamIdentity,
    StreamLostError,
    StreamStalledError,
)

from .explorer import WrongError
from .fingerprint import fingerprint

PIECE = 2
"""Bytes of a piece of audio, which is one sample frame; each has its number as value."""

RATE = 1
"""Bytes of a second."""

CLOSE_TIMEOUT = 16.0
FINALIZE = "finalize"
CLOSE = "close"


def _rate() -> int:
    return RATE


def _read(data: str | bytes) -> Reading:
    """Read ``kind start end first-piece`` of the container's."""
    kind, end = str(data).split()[0], float(str(data).split()[2])
    return Reading(
        value=data,
        acknowledged_to=end if kind in ("final", "last") else None,
        heard_to=None if kind == "ready" else end,
        is_ready=kind == "ready",
        is_last=kind == "last",
        is_idle=kind != "interim",
        is_silence=kind == "silence",
    )


def _reader() -> Callable[[str | bytes], Reading]:
    return _read


def _finalize() -> str:
    return FINALIZE


def _always() -> bool:
    return True


def _chance() -> float:
    return 0.5


@dataclass(frozen=True)
class Bounds:
    """How much can happen in a world.

    Attributes:
        protocol: Name of the container's protocol.
        pieces: Pieces of audio.
        faults: Faults of any kind.
        finalizes: Finalize messages.
        changes: Changes of settings.
        mutes: How often the speaker falls mute and the session is sent silence.
        targets: Endpoints.
        probes: Whether a session that has given up goes on probing.
    """

    protocol: str
    pieces: int = 3
    faults: int = 2
    finalizes: int = 1
    changes: int = 1
    mutes: int = 1
    targets: int = 1
    probes: bool = False


class _Protocol(StreamProtocol):
    """Pickled by its name."""

    def __reduce__(self) -> str:
        return "NOVA" if self.stall_probe is _finalize else "FLUX"


_BASE = _Protocol(
    bytes_per_second=_rate,
    frame_size=PIECE,
    new_reader=_reader,
    close_payload=CLOSE,
    says_last=True,
    replays=True,
)
NOVA = replace(_BASE, stall_probe=_finalize, answers_speech=_always)
FLUX = replace(_BASE, waits_for_ready=True, answers_every=1.0)
PROTOCOLS = {"nova": NOVA, "flux": FLUX}

POLICY = RetryPolicy(initial_backoff=1.0, max_backoff=2.0)
TARGETS = tuple(Target(endpoint_name=f"e{number}", region="r") for number in range(2))


class _Config(ClientConfig):
    """Pickled by its name."""

    def __reduce__(self) -> str:
        return "GIVES_UP" if self.probe_interval is None else "PROBES"


GIVES_UP = _Config(
    rotate_after=None,
    stall_timeout=4.0,
    subscription_timeout=4.0,
    close_timeout=CLOSE_TIMEOUT,
    target_retry_after=4.0,
    max_replay_seconds=1e6,
    max_chunk_seconds=float(PIECE),
)
PROBES = replace(GIVES_UP, probe_interval=2.0)


def new_session(bounds: Bounds) -> Session:
    """A session of this world."""
    return Session(
        TARGETS[: bounds.targets],
        PROTOCOLS[bounds.protocol],
        config=PROBES if bounds.probes else GIVES_UP,
        retry_policy=POLICY,
        classify=classify,
        random=_chance,
    )


@dataclass
class Peer:
    """A stream as the endpoint and the container see it.

    Attributes:
        audio: What has come; pieces, and silence as zeros.
        is_open: Whether the endpoint has accepted it.
        is_ready: Whether the container has said that it is.
        is_mute: Whether it has a fault and says nothing.
        is_blocked: Whether it has a fault and takes nothing.
        interim: Bytes that it has spoken of.
        final: Bytes that it has answered for good.
        finalize: Bytes up to which it was asked to answer, if it still is.
        rest: What was asked of what is left: nothing, ``asked``, ``answered``.
    """

    audio: bytearray = field(default_factory=bytearray)
    is_open: bool = False
    is_ready: bool = False
    is_mute: bool = False
    is_blocked: bool = False
    interim: int = 0
    final: int = 0
    finalize: int | None = None
    rest: str = ""

    def facts(self) -> tuple[object, ...]:
        """All of it, as plain values."""
        return tuple(
            [bytes(each) if isinstance(each, bytearray) else each for each in vars(self).values()]
        )

    def pieces(self, start: int, end: int) -> list[int]:
        """The pieces between two positions."""
        return [piece for piece in self.audio[start:end:PIECE] if piece]

    @property
    def owes(self) -> bool:
        """Whether an answer is still to come."""
        is_heard = self.interim >= len(self.audio) and self.finalize is None
        return not self.is_ready or not is_heard or self.rest == "asked"


class World:
    """A state of the world.

    Args:
        bounds: How much can happen.
        session: The session in it, not begun.
    """

    def __init__(self, bounds: Bounds, session: Session) -> None:
        self.session = session
        self.now = 0.0
        self.peers: dict[int, Peer] = {}
        self.given = 0
        self.heard: list[int] = []
        self.dropped: dict[str, float] = {}
        self.is_denied = False
        self.ended_early = 0
        self.closes_by = inf
        self.is_muted = False
        self._is_timer = False
        self._protocol = bounds.protocol
        self._pieces = bounds.pieces
        self._faults = bounds.faults
        self._finalizes = bounds.finalizes
        self._changes = bounds.changes
        self._mutes = bounds.mutes
        session.connect(self.now)
        self._obey()

    # What the explorer asks

    @property
    def key(self) -> bytes:
        names = {number: index for index, number in enumerate(sorted(self.peers))}
        peers = tuple([self.peers[number].facts() for number in sorted(self.peers)])
        budgets = (self._pieces, self._faults, self._finalizes, self._changes, self._mutes)
        told = (self.given, tuple(self.heard), tuple(sorted(self.dropped.items())))
        flags = (self.is_denied, self.ended_early, self.is_muted)
        return fingerprint(self.session, self.now, names, (peers, budgets, told, flags))

    @property
    def is_over(self) -> bool:
        """Whether the session has ended."""
        return self.session.state.phase is Phase.CLOSED

    @property
    def is_good_end(self) -> bool:
        return self.is_over and "closed" not in self.dropped

    @property
    def is_owed_a_good_end(self) -> bool:
        """Once the session closes, a container at fault may run its time out."""
        closing = self.session.state.closing
        if closing is None:
            return not self.is_over
        is_in_order = not any(peer.is_mute or peer.is_blocked for peer in self.peers.values())
        return closing.since == self.now and is_in_order

    def steps(self) -> Iterator[str]:
        if self.is_over:
            return
        yield from self._steps_of_speaker()
        for number, peer in self.peers.items():
            if self._faults:
                yield from (f"{fault} {number}" for fault in _faults_of(peer))
            yield from (f"{what} {number}" for what in _steps_of(peer, self._protocol))
        if self.session.get_timer() is not None:
            yield "timer"
        if self.session.state.closing is not None:
            yield "deadline"

    def _steps_of_speaker(self) -> Iterator[str]:
        if self.session.state.is_closing:
            return
        if self._pieces:
            yield "speak"
        if self._finalizes and self.given:
            yield "finalize"
        if self._changes:
            yield "settings"
        if self._mutes and not self.is_muted:
            yield "mute"
        yield "hang-up"

    def take(self, step: str) -> bool:
        name, _, number = step.partition(" ")
        self._is_timer = name == "timer"
        was_silent = dict(self.peers)
        if number:
            self._do_to(name, int(number))
        else:
            self._do(name)
        can_be = self._obey(was_silent)
        if can_be:
            self._check()
        return can_be

    # What can happen

    def _do(self, name: str) -> None:
        session = self.session
        match name:
            case "speak":
                self._pieces -= 1
                self.given += 1
                self.is_muted = False
                session.note_speech(True)
                session.append(bytes([self.given]) * PIECE, self.now)
            case "finalize":
                self._finalizes -= 1
                session.add_control(Control(payload=FINALIZE.encode(), kind=FINALIZE))
            case "settings":
                self._changes -= 1
                session.change_stream("settings", self.now, within=2.0)
            case "mute":
                self._mutes -= 1
                self.is_muted = True
                session.note_speech(False)
                session.inject_silence(float(PIECE), self.now)
            case "hang-up":
                self.closes_by = self.now + CLOSE_TIMEOUT
                session.close(self.now, timeout=CLOSE_TIMEOUT)
            case "timer":
                self.now = max(self.now, session.get_timer() or 0.0)
                session.handle_timer(self.now)
            case _:
                self.now = self.closes_by
                session.handle_timer(self.now)

    def _do_to(self, name: str, number: int) -> None:
        peer, session = self.peers[number], self.session
        if name in FAULTS:
            self._faults -= 1
        match name:
            case "open":
                peer.is_open = True
                peer.is_ready = self._protocol != "flux"
                session.stream_opened(number, StreamIdentity(), self.now)
            case "refuse":
                self._gone(number)
                session.stream_failed(number, ConnectError("refused"), self.now)
            case "deny":
                self.is_denied = True
                self._gone(number)
                denied = RejectedError("denied", status_code=403, code="AccessDeniedException")
                session.stream_failed(number, denied, self.now)
            case "break":
                self._gone(number)
                session.stream_failed(number, StreamLostError("cut"), self.now)
            case "end-early":
                self.ended_early += peer.rest == "asked"
                self._gone(number)
                session.stream_ended(number, self.now)
            case "end":
                self._gone(number)
                session.stream_ended(number, self.now)
            case "silence":
                peer.is_mute = True
            case "block" | "unblock":
                peer.is_blocked = name == "block"
                session.stream_blocked(number, is_blocked=peer.is_blocked)
            case _:
                self._say(name, number, peer)

    def _gone(self, number: int) -> None:
        del self.peers[number]

    def _say(self, name: str, number: int, peer: Peer) -> None:
        start = end = peer.final
        match name:
            case "ready":
                peer.is_ready = True
            case "interim":
                end = max(peer.final, peer.interim) + PIECE
                name = name if peer.pieces(end - PIECE, end) else "silence"
            case "final":
                end = peer.final + PIECE
            case "finalized":
                end = max(peer.final, peer.finalize or 0)
                peer.finalize = None
            case _:
                end = len(peer.audio)
                peer.rest = "answered"
        peer.interim = max(peer.interim, end)
        kind = "final" if name == "finalized" else name
        if kind in ("final", "last"):
            peer.final = end
        pieces = ",".join(map(str, peer.pieces(start, end)))
        self.session.message_received(number, f"{kind} {start} {end} {pieces}", self.now)

    # Doing what the session asks for

    def _obey(self, before: dict[int, Peer] | None = None) -> bool:
        """Whether the endpoint is one that lets it come to that."""
        can_be = True
        while True:
            while (step := self.session.next(self.now)) is not None:
                match step:
                    case Write():
                        self._write(step)
                    case OpenStream(stream=number):
                        self.peers[number] = Peer()
                    case DropStream(stream=number):
                        can_be &= self._may_drop(self.peers.pop(number, None))
                    case _:
                        raise WrongError("a stream's input is ended without the request")
            if not self.session.records:
                return can_be
            while self.session.records:
                can_be &= self._note(self.session.records.popleft(), before or {})

    def _write(self, write: Write) -> None:
        peer = self.peers.get(write.stream)
        if peer is None or not peer.is_ready or peer.is_blocked:
            raise WrongError(f"stream {write.stream} is written to and takes nothing")
        if not write.is_text:
            peer.audio += write.data
        elif write.data == CLOSE.encode():
            peer.rest = "asked"
        else:
            peer.finalize = len(peer.audio)

    def _note(self, record: records.Record, before: dict[int, Peer]) -> bool:
        match record:
            case records.Message(data=data):
                self._hear(str(data).split())
            case records.AudioDropped(seconds=seconds, reason=reason):
                self.dropped[reason] = self.dropped.get(reason, 0.0) + seconds
            case records.ChangeRefused() if not self.is_denied:
                raise WrongError("a change of settings is refused over a fault that passes")
            case records.Lost(stream=number, cause=StreamStalledError()):
                return self._is_late(before[number], number)
        return True

    def _may_drop(self, peer: Peer | None) -> bool:
        """A container without a fault is ready in time."""
        if peer is None or not self._is_timer or peer.is_mute:
            return True
        return peer.is_ready or not peer.is_open

    def _is_late(self, peer: Peer, number: int) -> bool:
        """A stream may be given up for its silence if it has a fault; others answer before."""
        if peer.is_mute or peer.is_blocked:
            return True
        if not peer.owes and not self.session.state.is_closing:
            raise WrongError(f"stream {number} is given up for silence, and owes nothing")
        return False

    def _hear(self, message: list[str]) -> None:
        if message[0] in ("final", "last") and len(message) > 3:
            self.heard += map(int, message[3].split(","))

    # What must hold

    def _check(self) -> None:
        if self.heard != sorted(set(self.heard)):
            raise WrongError(f"of the pieces 1 to {self.given}, {self.heard} were heard")
        self._check_reports()
        closing, timer = self.session.state.closing, self.session.get_timer()
        if self.is_over:
            self._check_end()
        elif closing is not None and (timer is None or timer > closing.by):
            raise WrongError(f"the session closes by {closing.by} and has a timer at {timer}")

    def _check_reports(self) -> None:
        """What is let go has a cause: a refusal that stays, or an end that could not wait."""
        allowed = {"gave_up"} if self.is_denied else set[str]()
        if self.is_over and (self.now >= self.closes_by or self.ended_early > 1):
            allowed.add("closed")
        if causeless := self.dropped.keys() - allowed:
            raise WrongError(f"audio was dropped without a cause: {causeless}")

    def _check_end(self) -> None:
        missing = (self.given - len(self.heard)) * PIECE / RATE
        dropped = sum(self.dropped.values())
        if missing != dropped:
            raise WrongError(f"{missing} s were not heard, {dropped} s were reported as dropped")
        if self.peers:
            raise WrongError(f"the session has ended, streams {[*self.peers]} have not")


FAULTS = ("refuse", "deny", "break", "end-early", "silence", "block")


def _faults_of(peer: Peer) -> Iterator[str]:
    if not peer.is_open:
        yield "refuse"
        yield "deny"
        return
    yield "break"
    yield "end-early"
    if not peer.is_mute:
        yield "silence"
    if not peer.is_blocked:
        yield "block"


def _steps_of(peer: Peer, protocol: str) -> Iterator[str]:
    """What an endpoint and a container do that have no fault."""
    if not peer.is_open:
        yield "open"
        return
    if peer.is_blocked:
        yield "unblock"
    if peer.is_mute:
        return
    if not peer.is_ready:
        yield "ready"
        return
    if peer.rest == "answered":
        yield "end"
        return
    if max(peer.interim, peer.final) < len(peer.audio):
        yield "interim"
    if peer.final < len(peer.audio):
        yield "final"
    if peer.finalize is not None:
        yield "finalized"
    if peer.rest == "asked":
        yield "last"

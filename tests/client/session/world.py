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

from collections.abc import Iterable, Iterator
from math import inf

from pipecat_sagemaker_deepgram.client import records
from pipecat_sagemaker_deepgram.client.session.actions import DropStream, OpenStream, Write
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    RejectedError,
    StreamIdentity,
    StreamLostError,
    StreamStalledError,
)

from .explorer import WrongError
from .snapshot import Memory, Snapshot, parts_of, put_back
from .world_bounds import CLOSE_TIMEOUT, Bounds, Left
from .world_checks import check
from .world_key import Keys, spent
from .world_peers import CLOSE, FAULTS, FINALIZE, PIECE, Peer, faults_of, steps_of


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
        self.left = Left(bounds)
        self._is_timer = False
        self._bounds = bounds
        self._memory = Memory(self, parts_of(session))
        self._keys = Keys.of(self, parts_of(session))
        session.connect(self.now)
        self._obey()

    # What the explorer asks

    @property
    def key(self) -> bytes:
        return self._keys.reduced(can_fail=self.left.faults > 0)

    @property
    def covered(self) -> Iterable[bytes]:
        if self.left.faults:
            yield self._keys.reduced(can_fail=False)

    @property
    def whole_key(self) -> bytes:
        """Equal where nothing differs but the time and the streams' numbers."""
        return self._keys.whole()

    @property
    def spent(self) -> tuple[int, ...]:
        return spent(self, self._bounds)

    def save(self) -> Snapshot:
        return self._memory.take()

    def put_back(self, saved: Snapshot) -> None:
        put_back(saved)

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
        is_closing = self.session.state.is_closing
        for number, peer in self.peers.items():
            if self.left.faults:
                yield from (f"{fault} {number}" for fault in faults_of(peer, is_closing=is_closing))
            yield from (f"{what} {number}" for what in steps_of(peer, self._bounds.protocol))
        if self.session.get_timer() is not None:
            yield "timer"
        if self.session.state.closing is not None:
            yield "deadline"

    def _steps_of_speaker(self) -> Iterator[str]:
        if self.session.state.is_closing:
            return
        if self.left.pieces:
            yield "speak"
        if self.left.finalizes:
            yield "finalize"
        if self.left.changes:
            yield "settings"
        if self.left.mutes:
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
            check(self)
        return can_be

    # What can happen

    def _do(self, name: str) -> None:
        session = self.session
        match name:
            case "speak":
                self.left.pieces -= 1
                self.given += 1
                session.note_speech(True)
                session.append(bytes([self.given]) * PIECE, self.now)
            case "finalize":
                self.left.finalizes -= 1
                session.add_control(Control(payload=FINALIZE.encode(), kind=FINALIZE))
            case "settings":
                self.left.changes -= 1
                session.change_stream("settings", self.now, within=2.0)
            case "mute":
                self.left.mutes -= 1
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
            self.left.faults -= 1
        match name:
            case "open":
                peer.is_open = True
                peer.is_ready = self._bounds.protocol != "flux"
                session.stream_opened(number, StreamIdentity(), self.now)
            case "refuse":
                del self.peers[number]
                session.stream_failed(number, ConnectError("refused"), self.now)
            case "deny":
                self.is_denied = True
                del self.peers[number]
                denied = RejectedError("denied", status_code=403, code="AccessDeniedException")
                session.stream_failed(number, denied, self.now)
            case "break":
                del self.peers[number]
                session.stream_failed(number, StreamLostError("cut"), self.now)
            case "end-early":
                self.ended_early += peer.rest == "asked"
                del self.peers[number]
                session.stream_ended(number, self.now)
            case "end":
                del self.peers[number]
                session.stream_ended(number, self.now)
            case "drain":
                peer.is_draining = True
                session.stream_draining(number, self.now)
            case "silence":
                peer.is_mute = True
            case "block" | "unblock":
                peer.is_blocked = name == "block"
                session.stream_blocked(number, is_blocked=peer.is_blocked)
            case _:
                self._say(name, number, peer)

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
            case records.ChangeRefused(reason="settings") if not self.is_denied:
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

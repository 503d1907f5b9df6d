# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A small world around a session, of which every state can be visited.

A speaker says pieces of audio, finalizes, changes settings, falls mute and hangs up, each at any
moment. A container answers piece by piece, with interims or not, or does not answer. The network
breaks what it will, as often as the world's bound allows; what nobody can tell yet comes when it
shows (``late``). Time passes from one of the session's timers to the next; a container that has no
fault answers before its session gives it up.

Wrong is: a piece that comes twice or out of order; a session that has ended with a piece neither
heard nor reported, or reported without a cause; a stream given up that owes nothing; an end that
does not come in time.
"""

from collections.abc import Iterable, Iterator
from math import inf

from pipecat_sagemaker_deepgram.client import records
from pipecat_sagemaker_deepgram.client.session.actions import DropStream, OpenStream, Write
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.exceptions import StreamStalledError

from .ends import Way
from .explorer import WrongError
from .late import AND, Latest, silences
from .snapshot import Memory, Snapshot, parts_of, put_back
from .world_acts import act, act_on_stream
from .world_bounds import Bounds, Left
from .world_checks import check
from .world_key import Keys, spent
from .world_peers import CLOSE, Peer, faults_of, steps_of


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
        self.protocol = bounds.protocol
        self.latest = Latest()
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
    def owed(self) -> Iterable[tuple[int, str]]:
        """Once the session closes, a container at fault may run its time out."""
        closing = self.session.state.closing
        if closing is None:
            return () if self.is_over else silences(self.peers, self.left.faults)
        is_in_order = not any(peer.is_mute or peer.is_blocked for peer in self.peers.values())
        return [(0, "")] if closing.since == self.now and is_in_order else ()

    def steps(self) -> Iterator[str]:
        if self.is_over:
            return
        yield from self._steps_of_speaker()
        is_closing = self.session.state.is_closing
        for number, peer in self.peers.items():
            if self.left.faults:
                yield from (f"{fault} {number}" for fault in faults_of(peer, is_closing=is_closing))
            yield from (f"{what} {number}" for what in steps_of(peer, self.protocol))
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
        self.latest.begin(self.peers, self.left.faults)
        if AND not in step:
            return self._take(step)
        return all(self._take(part) for part in step.split(AND))

    def _take(self, part: str) -> bool:
        name, _, number = part.partition(" ")
        self._is_timer = name == "timer"
        if number:
            is_idle = not act_on_stream(self, name, int(number))
        else:
            is_idle = False
            act(self, name)
        can_be = self._obey() and not is_idle
        if can_be:
            check(self)
        return can_be

    def instead(self, step: str) -> Iterator[str]:
        return self.latest.instead(step, self.left.faults)

    def way(self, step: str) -> Way | None:
        return self.latest.way(step, self.peers)

    # Doing what the session asks for

    def _obey(self) -> bool:
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
                        can_be &= self._may_drop(self.peers.pop(number, None), number)
                    case _:
                        raise WrongError("a stream's input is ended without the request")
            if not self.session.records:
                return can_be
            while self.session.records:
                can_be &= self._note(self.session.records.popleft())

    def _write(self, write: Write) -> None:
        peer = self.peers.get(write.stream)
        if peer is None or not peer.is_ready or peer.is_blocked:
            raise WrongError(f"stream {write.stream} is written to and takes nothing")
        self.latest.written.add(write.stream)
        if not write.is_text:
            peer.audio += write.data
        elif write.data == CLOSE.encode():
            peer.rest = "asked"
        else:
            peer.finalize = len(peer.audio)

    def _note(self, record: records.Record) -> bool:
        match record:
            case records.Message(data=data):
                self._hear(str(data).split())
            case records.AudioDropped(seconds=seconds, reason=reason):
                self.dropped[reason] = self.dropped.get(reason, 0.0) + seconds
            case records.ChangeRefused(reason="settings") if not self.is_denied:
                raise WrongError("a change of settings is refused over a fault that passes")
            case records.Lost(stream=number, cause=StreamStalledError()):
                return self._may_give_up(self.latest.before[number], number)
        return True

    def _may_drop(self, peer: Peer | None, number: int) -> bool:
        """A container without a fault is ready in time."""
        if peer is None or not self._is_timer or peer.is_mute or peer.is_ready or not peer.is_open:
            return True
        self.latest.late.add(number)
        return False

    def _may_give_up(self, peer: Peer, number: int) -> bool:
        """A stream may be given up for its silence if it has a fault; others answer before."""
        if peer.is_mute or peer.is_blocked:
            return True
        if not peer.owes and not self.session.state.is_closing:
            raise WrongError(f"stream {number} is given up for silence, and owes nothing")
        self.latest.late.add(number)
        return False

    def _hear(self, message: list[str]) -> None:
        if message[0] in ("final", "last") and len(message) > 3:
            self.heard += map(int, message[3].split(","))

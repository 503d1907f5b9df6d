# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What an attribute of a session counts as when two states are compared.

``BASE`` has times, which count from now; stream numbers, which only distinguish streams; and what
is only reported. ``reduction`` adds what is settled.

An attribute that stands nowhere counts as it is: forgotten, a new one keeps states apart, or
cannot be written as plain values; it never merges any.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.backoff import RetryBudget
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.handover import CHANGE_AGAIN_AFTER, Handover
from pipecat_sagemaker_deepgram.client.session.ledger import AudioLedger
from pipecat_sagemaker_deepgram.client.session.outage import STABLE_AFTER, Outage
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.session.targets import TargetList

from .world_peers import PIECE

type Read = Callable[[Any], Any]
"""Gives what an object counts as."""


class Moment:
    """What else the views look at.

    Args:
        session: The session.
        now: The time.
        names: The streams' numbers, and what they count as.
        heard: The last piece that was heard.
        may_drain: Numbers of the streams whose peers may still say that they will go away.
        can_fail: Whether faults are left.
        is_mute: Whether a container has fallen silent.
        is_blocked: Whether a stream takes nothing.
    """

    def __init__(
        self,
        session: Session,
        now: float,
        names: Mapping[int, int],
        *,
        heard: int,
        may_drain: Iterable[int],
        can_fail: bool,
        is_mute: bool,
        is_blocked: bool,
    ) -> None:
        streams = vars(session)["_streams"]
        recovery = vars(streams)["_recovery"]
        self.now = now
        self.names = names
        self.heard = heard
        self.may_drain = may_drain
        self.can_fail = can_fail
        self.may_fail = can_fail or is_mute
        self.may_replay = self.may_fail or is_blocked
        self.closing = session.state.closing
        self.has_plan = vars(vars(session)["_handover"])["_plan"] is not None
        self.active: StreamState | None = streams.active
        self.may_stall = self.closing is None or _is_waited_for(self.active)
        self.answers_silence: bool = vars(session)["_inbox"].answers_silence
        self.kept_from: int = vars(session.feed.ledger)["_start"]
        self.rotate_by: float = vars(streams)["_config"].rotate_by
        self.has_targets = len(vars(streams)["_targets"]) > 1
        self.has_failed = vars(vars(recovery)["_budget"])["_failures"] > 0

    def pieces(self, audio: bytes | bytearray) -> tuple[int, ...]:
        """Pieces of audio, counted from the last that was heard; silence as it is."""
        return tuple([piece and piece - self.heard for piece in audio[::PIECE]])


def _is_waited_for(active: StreamState | None) -> bool:
    """Whether a stream that is not asked for the rest owes an answer.

    While a session closes it is asked as soon as all is sent, in one go: a stream that is not yet
    waited for will be asked before.
    """
    if active is None or active.phase is not StreamPhase.READY:
        return False
    return active.waiting_since is not None


type View = Callable[[Any, Any, Moment, Read], Any]
"""What an attribute counts as: of its owner, its value, the moment and a way to read objects."""


def unread(owner: Any, value: Any, at: Moment, read: Read) -> None:
    """No decision reads it."""


# Kinds of values


def _object(owner: Any, value: Any, at: Moment, read: Read) -> Any:
    return None if value is None else read(value)


def _objects(owner: Any, value: Iterable[Any], at: Moment, read: Read) -> Any:
    return tuple([read(each) for each in value])


def _enum(owner: Any, value: Any, at: Moment, read: Read) -> Any:
    return value.value


def _kinds(owner: Any, value: Any, at: Moment, read: Read) -> Any:
    return tuple([type(each).__name__ for each in value])


def _kind(owner: Any, value: Any, at: Moment, read: Read) -> Any:
    return type(value).__name__


def _keys(owner: Any, value: Any, at: Moment, read: Read) -> Any:
    return tuple(sorted(value))


def _number(owner: Any, value: int, at: Moment, read: Read) -> int:
    return at.names[value]


def _numbers(owner: Any, value: Iterable[StreamState], at: Moment, read: Read) -> Any:
    return tuple([at.names[each.number] for each in value])


# Times


def _time(owner: Any, value: float | None, at: Moment, read: Read) -> Any:
    return None if value is None else value - at.now


def _due(owner: Any, value: float | None, at: Moment, read: Read) -> Any:
    """It is only compared with now: whatever is past is past."""
    return None if value is None else max(value - at.now, 0.0)


def _dues(owner: Any, value: list[float], at: Moment, read: Read) -> Any:
    return tuple([max(each - at.now, 0.0) for each in value])


def _open_for(owner: StreamState, value: float, at: Moment, read: Read) -> Any:
    """All that counts from there is over by the latest rotation."""
    return min(at.now - value, at.rotate_by)


def _again(owner: Handover, value: float | None, at: Moment, read: Read) -> Any:
    """The peer's next wish is heeded so long after it."""
    return None if value is None else max(value + CHANGE_AGAIN_AFTER - at.now, 0.0)


def _age(owner: Any, value: float, at: Moment, read: Read) -> Any:
    """A stream's age decides nothing more once it is stable."""
    return min(at.now - value, STABLE_AFTER)


def _retry_of_change(owner: Handover, value: float | None, at: Moment, read: Read) -> Any:
    """It is set before it is read, unless the next successor waits for it."""
    is_waiting = vars(owner)["_plan"] is not None and vars(owner)["_streams"].successor is None
    return _time(owner, value, at, read) if is_waiting else None


def _received(owner: StreamState, value: float, at: Moment, read: Read) -> Any:
    """It is read while closing alone, as the later of it and the closing's beginning."""
    return None if at.closing is None else max(value, at.closing.since) - at.now


def _closing(owner: Any, value: Closing | None, at: Moment, read: Read) -> Any:
    """When it began is read for its length, and as above."""
    return None if value is None else (value.by - value.since, value.by - at.now)


def _plan(owner: Handover, value: Any, at: Moment, read: Read) -> Any:
    return None if value is None else (value.reason, max(value.by - at.now, 0.0))


type Views = dict[tuple[type, str], View]

BASE: Views = {
    (Session, "_timer_at"): _due,
    (Session, "records"): unread,
    # Both are empty whenever states are compared.
    (SessionState, "actions"): unread,
    (SessionState, "records"): unread,
    (SessionState, "phase"): _enum,
    (SessionState, "failure"): _kind,
    (SessionState, "closing"): _closing,
    (SessionState, "injections"): _objects,
    # What an outage came to is only reported.
    (SessionState, "down_since"): unread,
    (SessionState, "dropped_seconds"): unread,
    # No budget of time is spent in this world.
    (RetryBudget, "_began"): unread,
    # The targets stay.
    (TargetList, "targets"): unread,
    (SessionStreams, "_targets"): unread,
    (TargetList, "_left_until"): _dues,
    (TargetList, "_fatal"): _keys,
    (Recovery, "_have_worked"): _keys,
    # How often it has failed is only reported; the budget counts for itself.
    (Recovery, "attempt"): unread,
    (Outage, "retry_at"): _due,
    (Handover, "_failures"): _kinds,
    (Handover, "_retry_at"): _retry_of_change,
    (Handover, "_plan"): _plan,
    (Handover, "_drained_at"): _again,
    (SessionStreams, "opening"): _object,
    (SessionStreams, "active"): _object,
    (SessionStreams, "successor"): _object,
    (SessionStreams, "finishing"): _numbers,
    (SessionStreams, "_last_number"): unread,
    (SessionStreams, "replayed_bytes"): unread,
    (AudioFeed, "_flush_at"): _due,
    # They are read where a replay is paced or cut short, which it is not here.
    (AudioFeed, "replay_until"): unread,
    (AudioFeed, "_replay_began"): unread,
    (AudioFeed, "_replay_from"): unread,
    (AudioLedger, "_audio"): lambda owner, value, at, read: bytes(value),
    (AudioLedger, "_marks"): lambda owner, value, at, read: marks(value, 0),
    (Write, "stream"): _number,
    (StreamState, "number"): _number,
    (StreamState, "phase"): _enum,
    (StreamState, "identity"): unread,
    (StreamState, "timeline"): _object,
    (StreamState, "started_at"): unread,
    (StreamState, "opened_at"): _open_for,
    (StreamState, "ready_at"): _age,
    (StreamState, "rotate_at"): _due,
    (StreamState, "received_at"): _received,
    (StreamState, "waiting_since"): _time,
    # It is the session's own.
    (StreamState, "_injections"): unread,
    # Nothing is kept alive here.
    (StreamState, "_last_write"): unread,
    # It is read where a container is further behind than there is audio here.
    (StreamState, "_behind_since"): unread,
}


def marks(kept: Iterable[Any], origin: int) -> Any:
    """Marks of a ledger, from a position on."""
    return tuple([(each.position - origin, each.control.kind, each.is_sent) for each in kept])

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When two sessions are the same: what they will do from here on cannot differ.

Every attribute of every part counts as it is, new ones too, except what stands in ``_VIEWS``:
times, which count from now; stream numbers, which only tell streams apart; and what no decision
reads in the world of ``world``. An attribute that holds a number with a fraction has to stand
there, so that a new time is not forgotten.
"""

import marshal
from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum
from hashlib import blake2b
from types import FunctionType
from typing import Any

from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.backoff import RetryBudget
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.handover import CHANGE_AGAIN_AFTER, Handover
from pipecat_sagemaker_deepgram.client.session.outage import STABLE_AFTER, Outage
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.silence import Silence
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamState
from pipecat_sagemaker_deepgram.client.session.streams import Streams
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol

type Names = Mapping[int, int]
"""The streams' numbers, and what they count as."""

type View = Callable[[Any, Any, "_Walk"], Any]
"""What an attribute counts as: of its owner, its value and the walk."""

_CONSTANT = (StreamProtocol, ClientConfig, RetryPolicy, Target, FunctionType)
"""What is the same in all sessions of one world."""

_PLAIN = {type(None), bool, int, str, bytes}
_ROWS = {list, tuple, deque}


def fingerprint(session: Session, now: float, names: Names, others: tuple[Any, ...]) -> bytes:
    """What two equal states have in common, and no two others.

    Args:
        session: The session, with nothing left to do and no record to be taken.
        now: The time.
        names: What the streams' numbers count as.
        others: The rest of the state, of plain values.
    """
    walk = _Walk(now, names, session)
    # Without references the bytes depend on values alone.
    plain = marshal.dumps((walk.visit(session), others), 2)
    return blake2b(plain, digest_size=16).digest()


class _Walk:
    def __init__(self, now: float, names: Names, session: Session) -> None:
        self.now = now
        self.closing = session.state.closing
        self.rotate_by = vars(vars(session)["_handover"])["_config"].rotate_by
        self.names = names
        self._seen: dict[int, int] = {}

    def visit(self, value: Any) -> Any:
        """What a value counts as: plain tuples all the way down."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind in _ROWS:
            return tuple([self.visit(each) for each in value])
        if kind is bytearray:
            return bytes(value)
        if kind is set:
            return tuple(sorted(value))
        if kind is dict:
            return tuple([(key, self.visit(value[key])) for key in sorted(value)])
        if kind is float:
            raise TypeError(f"{value} has to stand among the views: is it a time?")
        if isinstance(value, Enum | BaseException):
            return str(value) if isinstance(value, Enum) else kind.__name__
        if isinstance(value, _CONSTANT):
            return None
        return self._visit_part(value)

    def _visit_part(self, part: Any) -> Any:
        known = self._seen.get(id(part))
        if known is not None:
            return ("seen", known)
        self._seen[id(part)] = len(self._seen)
        kind = type(part)
        attributes = _ATTRIBUTES.get(kind) or _ATTRIBUTES.setdefault(kind, _attributes_of(part))
        counted: list[Any] = [kind.__name__]
        for name, view in attributes:
            value = getattr(part, name)
            if view is not None:
                value = view(part, value, self)
            elif type(value) not in _PLAIN:
                value = self.visit(value)
            counted.append(value)
        return tuple(counted)


_ATTRIBUTES: dict[type, list[tuple[str, View | None]]] = {}


def _attributes_of(part: Any) -> list[tuple[str, View | None]]:
    """The attributes that count, in the order in which the constructor sets them."""
    kind = type(part)
    names = vars(part) if hasattr(part, "__dict__") else kind.__slots__
    counted = [name for name in names if not isinstance(getattr(part, name), _CONSTANT)]
    return [(name, view) for name in counted if (view := _view_of(kind, name)) is not _unread]


def _view_of(kind: type, name: str) -> View | None:
    return next((v for each in kind.__mro__ if (v := _VIEWS.get((each, name)))), None)


def _unread(part: Any, value: Any, walk: _Walk) -> None:
    """No decision reads it."""


def _plain(part: Any, value: Any, walk: _Walk) -> Any:
    """It is no time."""
    return value


def _time(part: Any, value: Any, walk: _Walk) -> Any:
    return None if value is None else value - walk.now


def _due(part: Any, value: Any, walk: _Walk) -> Any:
    """It is only compared with now: whatever is past is past."""
    return None if value is None else max(value - walk.now, 0.0)


def _spent(part: RetryBudget, value: float | None, walk: _Walk) -> Any:
    """A budget that is over is over."""
    return None if value is None else min(walk.now - value, vars(part)["_policy"].retry_budget)


def _dues(part: Any, value: list[float], walk: _Walk) -> Any:
    return tuple([_due(part, each, walk) for each in value])


def _number(part: Any, value: int, walk: _Walk) -> int:
    return walk.names[value]


def _open_for(part: StreamState, value: float, walk: _Walk) -> Any:
    """All that counts from there is over by the latest rotation."""
    return min(walk.now - value, walk.rotate_by)


def _again(part: Handover, value: float | None, walk: _Walk) -> Any:
    """The peer's next wish is heeded so long after it."""
    return None if value is None else max(value + CHANGE_AGAIN_AFTER - walk.now, 0.0)


def _age(part: Any, value: float, walk: _Walk) -> float:
    """A stream's age decides nothing more once it is stable."""
    return min(walk.now - value, STABLE_AFTER)


def _retry_of_change(part: Handover, value: float | None, walk: _Walk) -> Any:
    """It is set anew before it is read, unless the next successor waits for it."""
    is_waiting = vars(part)["_plan"] is not None and vars(part)["_streams"].successor is None
    return _time(part, value, walk) if is_waiting else None


def _received(part: StreamState, value: float, walk: _Walk) -> Any:
    """It is read while closing alone, as the later of it and the closing's beginning."""
    return None if walk.closing is None else max(value, walk.closing.since) - walk.now


def _last_write(part: StreamState, value: float, walk: _Walk) -> Any:
    return None if vars(part)["_protocol"].keepalive is None else value - walk.now


def _closing(part: Any, value: Closing | None, walk: _Walk) -> Any:
    """When it began is read for its length, and as above."""
    return None if value is None else (value.by - value.since, value.by - walk.now)


def _plan(part: Handover, value: Any, walk: _Walk) -> Any:
    return None if value is None else (value.reason, _due(part, value.by, walk))


_VIEWS: dict[tuple[type, str], View] = {
    (Session, "_timer_at"): _due,
    (RetryBudget, "_began"): _spent,
    (TargetList, "_left_until"): _dues,
    (TargetList, "_retry_after"): _plain,
    # It is read before the first stream alone, when it is empty.
    (TargetList, "_health"): _unread,
    # How often it has failed is only reported; the budget counts for itself.
    (Recovery, "attempt"): _unread,
    (Outage, "retry_at"): _due,
    (Handover, "_retry_at"): _retry_of_change,
    (Handover, "_plan"): _plan,
    (Handover, "_drained_at"): _again,
    (Handover, "_change_when_up"): _plain,
    (Silence, "limit"): _plain,
    (SessionState, "closing"): _closing,
    # What an outage came to is only reported.
    (SessionState, "down_since"): _unread,
    (SessionState, "dropped_seconds"): _unread,
    (Streams, "_last_number"): _unread,
    (Streams, "replayed_bytes"): _unread,
    (AudioFeed, "_flush_at"): _due,
    # They are read where a replay is paced or cut short, which it is not here.
    (AudioFeed, "replay_until"): _unread,
    (AudioFeed, "_replay_began"): _unread,
    (AudioFeed, "_replay_from"): _unread,
    (Write, "stream"): _number,
    (StreamState, "number"): _number,
    (StreamState, "identity"): _unread,
    (StreamState, "started_at"): _unread,
    (StreamState, "opened_at"): _open_for,
    (StreamState, "ready_at"): _age,
    (StreamState, "rotate_at"): _due,
    (StreamState, "received_at"): _received,
    (StreamState, "waiting_since"): _time,
    (StreamState, "_last_write"): _last_write,
    # It is read where a container is further behind than there is audio here.
    (StreamState, "_behind_since"): _unread,
    (StreamState, "_heard_bytes"): _plain,
    (StreamState, "_answered_bytes"): _plain,
}

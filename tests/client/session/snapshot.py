# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Takes a world back to an earlier state of its own, in place.

A copy of a session is slow to make. But nearly all its objects live as long as it does, so it is
enough to remember what each of them held, and to put that back.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from types import FunctionType
from typing import Any

from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.backoff import RetryBudget
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.inbox import Inbox
from pipecat_sagemaker_deepgram.client.session.ledger import AudioLedger
from pipecat_sagemaker_deepgram.client.session.outage import Outage
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.silence import SilenceWatch
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.session.target_health import TargetHealth
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol

PARTS = (
    Session,
    SessionState,
    SessionStreams,
    AudioFeed,
    AudioLedger,
    Recovery,
    RetryBudget,
    TargetList,
    Handover,
    Outage,
    Inbox,
    SilenceWatch,
)
"""What a session consists of from its beginning to its end."""

CONSTANT = (StreamProtocol, ClientConfig, RetryPolicy, Target, FunctionType, TargetHealth)
"""What is the same in all states of one world; no decision reads the targets' health in it."""

_PLAIN = {type(None), bool, int, float, str}

_IMMUTABLE = (type(None), bool, int, float, str, bytes, tuple, Enum, BaseException, *CONSTANT)

type _Attributes = tuple[dict[str, Any], dict[str, Any]]
type _Contents = tuple[Any, Callable[[Any, tuple[Any, ...]], None], tuple[Any, ...]]

type Snapshot = tuple[list[_Attributes], list[_Contents]]
"""What objects held by name, and what rows and tables held."""


def parts_of(session: Session) -> list[Any]:
    """A session and all its parts, each once."""
    found: dict[int, Any] = {}
    waiting: list[Any] = [session]
    while waiting:
        part = waiting.pop()
        if isinstance(part, PARTS) and id(part) not in found:
            found[id(part)] = part
            waiting += vars(part).values()
    return list(found.values())


_variables: dict[type, tuple[str, ...]] = {}


def variables_of(holder: Any) -> tuple[str, ...]:
    """The attributes of an object that are neither parts nor the same in all states."""
    kind = type(holder)
    names = _variables.get(kind)
    if names is None:
        _variables[kind] = names = tuple(_find_variables(holder))
    return names


def _find_variables(holder: Any) -> Iterator[str]:
    fixed = (*PARTS, *CONSTANT)
    attributes = vars(holder) if hasattr(holder, "__dict__") else type(holder).__slots__
    return (name for name in attributes if not isinstance(getattr(holder, name), fixed))


class Memory:
    """Remembers what a world and its session hold, and all that can change among that.

    What a part holds recurs in many states, and is kept once.

    Args:
        world: What has the session in it.
        parts: The session and its parts.
    """

    def __init__(self, world: object, parts: list[Any]) -> None:
        self._parts = [world, *parts]
        self._known: dict[tuple[Any, ...], tuple[_Attributes, list[Any]]] = {}
        """For what a part holds, that, and what of it can change."""

    def take(self) -> Snapshot:
        """Remember."""
        known = [self._part(part, vars(part), variables_of(part)) for part in self._parts]
        attributes = [each for each, _ in known]
        waiting = [held for _, changeable in known for held in changeable]
        contents: list[_Contents] = []
        seen = {id(part) for part in self._parts}
        while waiting:
            held = waiting.pop()
            if id(held) in seen:
                continue
            seen.add(id(held))
            refill = _REFILL.get(type(held))
            if refill is None:
                values = dict(vars(held))
                attributes.append((vars(held), values))
                waiting += _changeable(values.values())
            else:
                row = tuple(held.items()) if type(held) is dict else tuple(held)
                contents.append((held, refill, row))
                if type(held) is not bytearray:
                    waiting += _changeable(row)
        return attributes, contents

    def _part(
        self, part: Any, attributes: dict[str, Any], names: tuple[str, ...]
    ) -> tuple[_Attributes, list[Any]]:
        row = [attributes[name] for name in names]
        same = [each if type(each) in _PLAIN else id(each) for each in row]
        key = (id(part), *same)
        known = self._known.get(key)
        if known is None:
            values = dict(zip(names, row, strict=True))
            known = self._known[key] = (attributes, values), list(_changeable(row))
        return known


def put_back(snapshot: Snapshot) -> None:
    """Have objects hold again what they held."""
    attributes, contents = snapshot
    for held, values in attributes:
        held.update(values)
    for held, refill, row in contents:
        if held:
            held.clear()
        if row:
            refill(held, row)


def _changeable(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        kind = type(value)
        can_change = _can_change.get(kind)
        if can_change is None:
            can_change = _learn(kind)
        if can_change:
            yield value
        elif kind is tuple and value:
            yield from _changeable(value)


_can_change: dict[type, bool] = {}


def _learn(kind: type) -> bool:
    parameters = getattr(kind, "__dataclass_params__", getattr(kind, "__struct_config__", None))
    is_frozen = parameters is not None and parameters.frozen
    _can_change[kind] = not is_frozen and not issubclass(kind, (*_IMMUTABLE, *PARTS, Memory))
    return _can_change[kind]


_REFILL: dict[type, Callable[[Any, tuple[Any, ...]], None]] = {
    list: list.extend,
    deque: deque.extend,
    bytearray: bytearray.extend,
    dict: dict.update,
    set: set.update,
}

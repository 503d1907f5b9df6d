# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The text form of faults, for the command line and for plain HTTP. Pure.

    ACTION[=ARGUMENT][@WHEN][,streams=STREAMS]

``parse_fault`` reads it, ``format_fault`` writes it; what is written reads back as the same fault.

======================================== ===========================================================
ACTION                                   what happens
======================================== ===========================================================
``refuse-connection``                    the TCP connection is accepted and reset
``stall-tls``                            the TCP connection is accepted, TLS never starts
``never-answer``                         no response headers
``refuse=STATUS[:CODE[:MESSAGE]]``       an HTTP error, such as ``refuse=429:ThrottlingException``
``retry-after=SECONDS``                  a refusal of the request carries that ``Retry-After``
``late=SECONDS``                         the request is handled that much later
``goaway[=ERROR]``                       GOAWAY, ``NO_ERROR`` by default; at connect only with
                                         ``@connect``
``reset[=ERROR]``                        RST_STREAM, ``INTERNAL_ERROR`` by default
``drop``                                 the TCP connection is reset
``end``                                  END_STREAM
``model-stream-error[=CODE[:MESSAGE]]``  the event, then END_STREAM
``internal-stream-failure[=MESSAGE]``    the event, then END_STREAM
``error[=CODE[:MESSAGE]]``               an event of the message type ``error``, then END_STREAM
``bad-checksum``                         the next output event has a wrong checksum
``cut[=end or drop]``                    half of the next output event, then END_STREAM or a dropped
                                         connection
``silence``                              nothing from the container is forwarded any more
``stop-reading``                         no window is opened and nothing is read any more
``text=PAYLOAD``                         a text part as from the container
``malformed[=json or binary]``           a part that is not JSON, or binary
``big[=BYTES]``                          a large text message, 1 MiB by default
``unknown-event``                        an event of an unknown type
``fragment[=BYTES[:inside-characters]]`` all later output in PARTIAL parts, 16 bytes by default
``delay=SECONDS``                        all later output is delayed
======================================== ===========================================================

================ ===========================================================
WHEN             the moment
================ ===========================================================
``connect``      while the stream opens: the first six (their default) and
                 ``goaway`` only
``seconds=N``    that long after the 200; ``seconds=0`` is the default of all others
``bytes=N``      when the client has sent that much audio
``events=N``     when that many output events were sent
``control=TYPE`` when the client sends that control message, before it is forwarded
================ ===========================================================

STREAMS is a number, ``2-5``, ``2-``, ``every``, or ``current`` and ``next`` for a script in use; by
default 1.
An argument that contains ``@`` or ``,streams=`` needs WHEN and STREAMS written out after it. In an
argument ``%`` and control characters are written ``%25``, ``%0A`` and so on.

Examples: ``reset@bytes=64000``, ``refuse=429:ThrottlingException@connect,streams=1-2``,
``late=3@connect``, ``silence@seconds=5``, ``cut@events=3``,
``goaway=INTERNAL_ERROR@control=Finalize``.
"""

import math
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import unquote

from h2.errors import ErrorCodes

from pipecat_sagemaker_deepgram.emulator.faults import actions
from pipecat_sagemaker_deepgram.emulator.faults.actions import Action
from pipecat_sagemaker_deepgram.emulator.faults.script import (
    AfterBytes,
    AfterEvents,
    AfterSeconds,
    AtConnect,
    Fault,
    OnControl,
    StreamSelector,
    from_stream,
)


@dataclass(frozen=True)
class _Kind:
    """How one argument is read and written; ``write`` returns None to omit it."""

    read: Callable[[str], Any]
    write: Callable[[Any], str | None] = str


def _read_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{text!r} is not a number of seconds; give one from 0 up, such as 2.5")
    return seconds


def _read_count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a count; give a whole number such as 64000")
    return int(text)


def _read_error(text: str) -> ErrorCodes:
    try:
        return ErrorCodes[text]
    except KeyError:
        raise ValueError(
            f"{text!r} is not an HTTP/2 error code; {_allowed(ErrorCodes.__members__)}"
        ) from None


def _one_of(*words: str) -> _Kind:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"{text!r} is not known here; {_allowed(words)}")
        return text

    return _Kind(read)


def _allowed(words: Any) -> str:
    return f"allowed: {', '.join(words)}"


_SECONDS = _Kind(_read_seconds, lambda seconds: repr(float(seconds)).removesuffix(".0"))
_COUNT = _Kind(_read_count)
_ERROR = _Kind(_read_error, lambda code: code.name)
_TEXT = _Kind(str)
_OPTIONAL_TEXT = _Kind(lambda text: text or None, lambda text: text)
_INSIDE_CHARACTERS = _Kind(
    lambda text: bool(_one_of("inside-characters").read(text)),
    lambda inside: "inside-characters" if inside else None,
)

_ACTIONS: dict[str, tuple[type, tuple[_Kind, ...]]] = {
    "refuse-connection": (actions.RefuseConnection, ()),
    "stall-tls": (actions.StallHandshake, ()),
    "never-answer": (actions.NeverAnswer, ()),
    "refuse": (actions.Refuse, (_COUNT, _OPTIONAL_TEXT, _OPTIONAL_TEXT)),
    "retry-after": (actions.RetryAfter, (_COUNT,)),
    "late": (actions.AnswerLate, (_SECONDS,)),
    "goaway": (actions.GoAway, (_ERROR,)),
    "reset": (actions.ResetStream, (_ERROR,)),
    "drop": (actions.DropConnection, ()),
    "end": (actions.EndStream, ()),
    "model-stream-error": (actions.SendModelStreamError, (_TEXT, _TEXT)),
    "internal-stream-failure": (actions.SendInternalStreamFailure, (_TEXT,)),
    "error": (actions.SendUnmodelledError, (_TEXT, _TEXT)),
    "bad-checksum": (actions.CorruptChecksum, ()),
    "cut": (actions.CutEvent, (_one_of("end", "drop"),)),
    "silence": (actions.Silence, ()),
    "stop-reading": (actions.StopReading, ()),
    "text": (actions.InjectText, (_TEXT,)),
    "malformed": (actions.InjectMalformed, (_one_of("json", "binary"),)),
    "big": (actions.InjectBig, (_COUNT,)),
    "unknown-event": (actions.InjectUnknownEvent, ()),
    "fragment": (actions.FragmentOutput, (_COUNT, _INSIDE_CHARACTERS)),
    "delay": (actions.DelayOutput, (_SECONDS,)),
}
_NAMES = {action: name for name, (action, _) in _ACTIONS.items()}

_TRIGGERS: dict[str, tuple[type, tuple[_Kind, ...]]] = {
    "connect": (AtConnect, ()),
    "seconds": (AfterSeconds, (_SECONDS,)),
    "bytes": (AfterBytes, (_COUNT,)),
    "events": (AfterEvents, (_COUNT,)),
    "control": (OnControl, (_TEXT,)),
}
_TRIGGER_NAMES = {trigger: name for name, (trigger, _) in _TRIGGERS.items()}

_STREAMS = re.compile(r"(\d+)(-)?(\d+)?")


def parse_fault(text: str) -> Fault:
    """Reads one fault.

    Args:
        text: The text form that the module describes.

    Raises:
        ValueError: Something in it is not known; the message names it and lists what is allowed.
    """
    try:
        rest, comma, streams = text.strip().rpartition(",streams=")
        stream = _read_streams(streams) if comma else 1
        what, at, when = (rest if comma else text.strip()).rpartition("@")
        trigger = _read(when, "trigger", _TRIGGERS) if at else None
        action = _read(what if at else when, "action", _ACTIONS)
        return Fault(action, stream=stream, when=trigger)
    except ValueError as error:
        raise ValueError(f"The fault {text.strip()!r} cannot be read: {error}") from error


def parse_faults(text: str) -> list[Fault]:
    """Reads faults, one a line; empty lines and lines that begin with ``#`` are skipped.

    Args:
        text: The lines.

    Raises:
        ValueError: As ``parse_fault`` does, for the first line that cannot be read.
    """
    lines = (line.strip() for line in text.split("\n"))
    return [parse_fault(line) for line in lines if line and not line.startswith("#")]


def format_fault(fault: Fault) -> str:
    """Writes one fault, with its trigger and streams.

    Args:
        fault: What to write.
    """
    action = _write(fault.action, _NAMES, _ACTIONS)
    trigger = _write(fault.when, _TRIGGER_NAMES, _TRIGGERS)
    return f"{action}@{trigger},streams={_write_streams(fault.stream)}"


def describe_action(action: Action) -> str:
    """Writes an action without trigger and streams.

    Args:
        action: What to write.
    """
    return _write(action, _NAMES, _ACTIONS)


def _read(text: str, part: str, table: dict[str, tuple[type, tuple[_Kind, ...]]]) -> Any:
    name, equals, argument = text.partition("=")
    if name not in table:
        raise ValueError(f"the {part} {name!r} is not known; {_allowed(table)}")
    kind, kinds = table[name]
    if equals and not kinds:
        raise ValueError(f"the {part} {name} takes no argument")
    arguments = argument.split(":", len(kinds) - 1) if equals else []
    values = [each.read(unquote(value)) for each, value in zip(kinds, arguments, strict=False)]
    try:
        return kind(*values)
    except TypeError:
        raise ValueError(f"the {part} {name} needs an argument, as in {name}=...") from None


def _write(value: Any, names: dict[type, str], table: dict[str, tuple[type, tuple]]) -> str:
    name = names[type(value)]
    kinds = table[name][1]
    members = (getattr(value, each.name) for each in fields(value))
    written = [
        None if member is None else kind.write(member)
        for kind, member in zip(kinds, members, strict=True)
    ]
    while written and written[-1] is None:
        written.pop()
    if not written:
        return name
    *front, last = (_escape(each or "") for each in written)
    return f"{name}={':'.join([*(each.replace(':', '%3A') for each in front), last])}"


def _escape(text: str) -> str:
    return "".join(
        f"%{ord(each):02X}" if each == "%" or ord(each) < 0x20 or ord(each) == 0x7F else each
        for each in text
    )


def _read_streams(text: str) -> StreamSelector:
    if text in ("every", "current", "next"):
        return text
    match = _STREAMS.fullmatch(text)
    if match is None or int(match[1]) < 1 or (match[3] and not match[2]):
        raise ValueError(f"streams={text} is not known; allowed: 2, 2-5, 2-, every, current, next")
    first = int(match[1])
    if not match[2]:
        return first
    if not match[3]:
        return from_stream(first)
    if int(match[3]) < first:
        raise ValueError(f"streams={text} is empty; the second number must not be below the first")
    return range(first, int(match[3]) + 1)


def _write_streams(stream: StreamSelector) -> str:
    match stream:
        case range(start=start, stop=stop):
            return f"{start}-" if stop == sys.maxsize else f"{start}-{stop - 1}"
        case _:
            return str(stream)

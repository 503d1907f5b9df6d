# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream in a small world as its endpoint and container see it, and what they do with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pipecat_sagemaker_deepgram.client.stream_protocol import Reading, StreamProtocol

PIECE = 2
"""Bytes of a piece of audio, which is one sample frame; each has its number as value."""

RATE = 1
"""Bytes of a second."""

FINALIZE = "finalize"
CLOSE = "close"


def _rate() -> int:
    return RATE


def _read(data: str | bytes) -> Reading:
    """Read ``kind start end pieces`` of the container's."""
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


_BASE = StreamProtocol(
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


@dataclass
class Peer:
    """A stream as the endpoint and the container see it.

    Attributes:
        audio: What has come; pieces, and silence as zeros.
        is_open: Whether the endpoint has accepted it.
        is_ready: Whether the container has said that it is.
        is_mute: Whether it has a fault and says nothing.
        is_blocked: Whether it has a fault and takes nothing.
        is_draining: Whether the peer has asked for a change of streams.
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
    is_draining: bool = False
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


FAULTS = ("refuse", "deny", "break", "end-early", "silence", "block", "drain")


def faults_of(peer: Peer, *, is_closing: bool) -> Iterator[str]:
    """What an endpoint and a container at fault do; a session that closes heeds no GOAWAY.

    That it falls silent or takes nothing comes later (``late``). An end before the rest was asked
    for is a break, and one after all was answered is none.
    """
    if not peer.is_open:
        yield "refuse"
        yield "deny"
        return
    yield "break"
    if peer.rest == "asked":
        yield "end-early"
    if not peer.is_draining and not is_closing:
        yield "drain"


def steps_of(peer: Peer, protocol: str) -> Iterator[str]:
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

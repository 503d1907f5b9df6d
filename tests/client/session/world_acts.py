# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can happen in a small world: how each step changes it, and what its session is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    RejectedError,
    StreamIdentity,
    StreamLostError,
)

from .world_bounds import CLOSE_TIMEOUT
from .world_peers import FAULTS, FINALIZE, PIECE, Peer

if TYPE_CHECKING:
    from .world import World


def act(world: World, name: str) -> None:
    """Let the speaker do something, or time pass."""
    session = world.session
    match name:
        case "speak":
            world.left.pieces -= 1
            world.given += 1
            session.note_speech(True)
            session.append(bytes([world.given]) * PIECE, world.now)
        case "finalize":
            world.left.finalizes -= 1
            session.add_control(Control(payload=FINALIZE.encode(), kind=FINALIZE))
        case "settings":
            world.left.changes -= 1
            session.change_stream("settings", world.now, within=2.0)
        case "mute":
            world.left.mutes -= 1
            session.note_speech(False)
            session.inject_silence(float(PIECE), world.now)
        case "hang-up":
            world.closes_by = world.now + CLOSE_TIMEOUT
            session.close(world.now, timeout=CLOSE_TIMEOUT)
        case "timer":
            world.now = max(world.now, session.get_timer() or 0.0)
            session.handle_timer(world.now)
        case _:
            world.now = world.closes_by
            session.handle_timer(world.now)


def act_on_stream(world: World, name: str, number: int) -> bool:
    """Let a stream's endpoint, its container or the network do something.

    Returns:
        Whether it counts: a GOAWAY that the session does not heed leaves all as it was, but for
        the fault that was spent.
    """
    peer, session = world.peers[number], world.session
    if name in FAULTS:
        world.left.faults -= 1
    match name:
        case "open":
            peer.is_open = True
            peer.is_ready = world.protocol != "flux"
            session.stream_opened(number, StreamIdentity(), world.now)
        case "drain":
            peer.is_draining = True
            return _drain(world, number)
        case "silence":
            peer.is_mute = True
        case "block" | "unblock":
            peer.is_blocked = name == "block"
            session.stream_blocked(number, is_blocked=peer.is_blocked)
        case "refuse" | "deny" | "break" | "end-early" | "end":
            del world.peers[number]
            _end(world, name, number, peer)
        case _:
            _say(world, name, number, peer)
    return True


def _drain(world: World, number: int) -> bool:
    streams = vars(world.session)["_streams"]
    noted = (streams, vars(world.session)["_handover"], streams.find(number))
    before = [dict(vars(each)) for each in noted]
    world.session.stream_draining(number, world.now)
    return before != [vars(each) for each in noted]


def _end(world: World, name: str, number: int, peer: Peer) -> None:
    session = world.session
    match name:
        case "refuse":
            session.stream_failed(number, ConnectError("refused"), world.now)
        case "deny":
            world.is_denied = True
            denied = RejectedError("denied", status_code=403, code="AccessDeniedException")
            session.stream_failed(number, denied, world.now)
        case "break":
            session.stream_failed(number, StreamLostError("cut"), world.now)
        case _:
            world.ended_early += name == "end-early" and peer.rest == "asked"
            session.stream_ended(number, world.now)


def _say(world: World, name: str, number: int, peer: Peer) -> None:
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
    world.session.message_received(number, f"{kind} {start} {end} {pieces}", world.now)

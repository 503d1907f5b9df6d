# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which states of a small world are equal, and which can do all that others can.

A state is its session, its peers, and what is left of what can happen so often only. The latter
is no part of its key: of two states with one key, the one that has spent less can do all that the
other can, with the same outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .fingerprint import Fingerprints
from .reduction import REDUCED
from .views import BASE, Moment
from .world_bounds import Bounds
from .world_peers import PIECE, RATE, Peer

if TYPE_CHECKING:
    from .world import World


@dataclass(frozen=True)
class Keys:
    """The keys of the states of one world.

    Attributes:
        world: The world.
        in_whole: Reads its session as it is.
        in_part: Leaves out what is settled.
    """

    world: World
    in_whole: Fingerprints
    in_part: Fingerprints

    @classmethod
    def of(cls, world: World, parts: list[Any]) -> Keys:
        """The keys of a world whose session has these parts."""
        return cls(world, Fingerprints(parts, BASE), Fingerprints(parts, REDUCED))

    def whole(self) -> bytes:
        """Equal where nothing differs but the time and the streams' numbers."""
        world = self.world
        peers = tuple([peer.facts() for peer in world.peers.values()])
        told = (world.given, tuple(world.heard), tuple(sorted(world.dropped.items())))
        flags = (world.is_denied, world.ended_early, tuple(vars(world.left).values()))
        return self.in_whole.of(_moment(world, can_fail=True), (peers, told, flags))

    def reduced(self, *, can_fail: bool) -> bytes:
        """Equal where what can happen is the same, and what follows has equal keys again.

        Of a session that has ended only how counts.

        Args:
            can_fail: Whether to keep what is read at a failure alone.
        """
        world = self.world
        if world.is_over:
            return b"good" if world.is_good_end else b"bad"
        at = _moment(world, can_fail=can_fail)
        peers = tuple([_open_facts(peer, number, at) for number, peer in world.peers.items()])
        missing = (world.given - len(world.heard)) * PIECE / RATE - sum(world.dropped.values())
        return self.in_part.of(at, (peers, world.given - at.heard, missing, can_fail))


def spent(world: World, bounds: Bounds) -> tuple[int, ...]:
    """What has been spent, of which more never makes anything else possible.

    A speaker who has hung up spends nothing more, so what it has spent counts for nothing. That a
    stream was denied, or was ended early, only allows losses that were wrong without.
    """
    left = world.left
    faults = bounds.faults - left.faults
    allows = (int(world.is_denied), min(world.ended_early, 2))
    if world.session.state.is_closing:
        return (faults, *allows, 0, 0, 0, 0)
    return (
        faults,
        *allows,
        bounds.pieces - left.pieces,
        bounds.finalizes - left.finalizes,
        bounds.changes - left.changes,
        bounds.mutes - left.mutes,
    )


def _moment(world: World, *, can_fail: bool) -> Moment:
    peers = world.peers.values()
    can_drain = can_fail and not world.session.state.is_closing
    return Moment(
        world.session,
        world.now,
        {number: index for index, number in enumerate(world.peers)},
        heard=world.heard[-1] if world.heard else 0,
        may_drain=[number for number, peer in world.peers.items() if not peer.is_draining]
        if can_drain
        else (),
        can_fail=can_fail,
        is_mute=True in [peer.is_mute for peer in peers],
        is_blocked=True in [peer.is_blocked for peer in peers],
    )


def _open_facts(peer: Peer, number: int, at: Moment) -> tuple[object, ...]:
    """What a peer still has to answer, from its last final on.

    A Finalize that has been answered otherwise is as one for nothing, and one that comes with the
    rest is answered with it. Whether anything came decides whether an answer proves that the stream
    works: once it was asked for the rest, that only matters where it may still fail. Whether it was
    ever asked to drain only matters where it could be.
    """
    final = peer.final
    is_asked = peer.finalize is not None and peer.rest != "answered"
    return (
        at.pieces(peer.audio[final:]),
        peer.interim - final,
        max((peer.finalize or 0) - final, 0) if is_asked else None,
        len(peer.audio) > 0 if at.may_fail or not peer.rest else None,
        peer.is_open,
        peer.is_ready,
        peer.is_mute,
        peer.is_blocked,
        number in at.may_drain,
        peer.rest,
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What must hold in every state of a small world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .explorer import WrongError
from .world_peers import PIECE, RATE

if TYPE_CHECKING:
    from .world import World


def check(world: World) -> None:
    """Raise ``WrongError`` where something does not hold."""
    if world.heard != sorted(set(world.heard)):
        raise WrongError(f"of the pieces 1 to {world.given}, {world.heard} were heard")
    _check_reports(world)
    closing, timer = world.session.state.closing, world.session.get_timer()
    if world.is_over:
        _check_end(world)
    elif closing is not None and (timer is None or timer > closing.by):
        raise WrongError(f"the session closes by {closing.by} and has a timer at {timer}")


def _check_reports(world: World) -> None:
    """What is let go has a cause: a refusal that stays, or an end that could not wait."""
    if not world.dropped:
        return
    allowed = {"gave_up"} if world.is_denied else set[str]()
    if world.is_over and (world.now >= world.closes_by or world.ended_early > 1):
        allowed.add("closed")
    if causeless := world.dropped.keys() - allowed:
        raise WrongError(f"audio was dropped without a cause: {causeless}")


def _check_end(world: World) -> None:
    missing = (world.given - len(world.heard)) * PIECE / RATE
    dropped = sum(world.dropped.values())
    if missing != dropped:
        raise WrongError(f"{missing} s were not heard, {dropped} s were reported as dropped")
    if world.peers:
        raise WrongError(f"the session has ended, streams {[*world.peers]} have not")

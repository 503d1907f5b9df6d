# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How large a small world is, and the session in it. All its times are exact in binary."""

from dataclasses import dataclass, replace
from math import inf

from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.session import Session

from .world_peers import PIECE, PROTOCOLS

CLOSE_TIMEOUT = 16.0


def _chance() -> float:
    return 0.5


@dataclass(frozen=True)
class Bounds:
    """How much can happen in a world.

    Attributes:
        protocol: Name of the container's protocol.
        pieces: Pieces of audio.
        faults: Faults of any kind.
        finalizes: Finalize messages.
        changes: Changes of settings.
        mutes: How often the speaker falls mute and the session is sent silence.
        targets: Endpoints.
        probes: Whether a session that has given up goes on probing.
    """

    protocol: str
    pieces: int = 3
    faults: int = 2
    finalizes: int = 1
    changes: int = 1
    mutes: int = 1
    targets: int = 1
    probes: bool = False


class Left:
    """What is left of what can happen so often only.

    Args:
        bounds: How much there is of it.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.pieces = bounds.pieces
        self.faults = bounds.faults
        self.finalizes = bounds.finalizes
        self.changes = bounds.changes
        self.mutes = bounds.mutes


POLICY = RetryPolicy(initial_backoff=1.0, max_backoff=2.0, retry_budget=inf)
TARGETS = tuple(Target(endpoint_name=f"e{number}", region="r") for number in range(2))


GIVES_UP = ClientConfig(
    rotate_after=None,
    rotate_by=8.0,
    stall_timeout=4.0,
    subscription_timeout=4.0,
    close_timeout=CLOSE_TIMEOUT,
    target_retry_after=4.0,
    max_replay_seconds=1e6,
    max_chunk_seconds=float(PIECE),
)
PROBES = replace(GIVES_UP, probe_interval=2.0)


def new_session(bounds: Bounds) -> Session:
    """A session of this world."""
    return Session(
        TARGETS[: bounds.targets],
        PROTOCOLS[bounds.protocol],
        config=PROBES if bounds.probes else GIVES_UP,
        retry_policy=POLICY,
        classify=classify,
        random=_chance,
    )

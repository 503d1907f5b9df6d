# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream taking over from another that works: make before break. Pure."""

from dataclasses import dataclass
from enum import Enum, auto

from pipecat_sagemaker_deepgram.client.session_events import ChangeReason
from pipecat_sagemaker_deepgram.client.stream_state import StreamPhase, StreamState


class Move(Enum):
    """What is to be done about a changeover.

    Parameters:
        WAIT: Nothing yet.
        HAND_OVER: The successor gets the audio from here on, the predecessor answers the rest.
        CUT: The predecessor is dropped and the successor replays what was unacknowledged.
    """

    WAIT = auto()
    HAND_OVER = auto()
    CUT = auto()


@dataclass
class Changeover:
    """A stream that is to take over from the active one.

    Parameters:
        stream: The successor.
        reason: Why.
        by: The time at which it takes over, pause or not.
    """

    stream: StreamState
    reason: ChangeReason
    by: float

    @property
    def is_ready(self) -> bool:
        """Whether the successor could take over."""
        return self.stream.phase is StreamPhase.READY

    def decide(self, now: float, *, is_pause: bool) -> Move:
        """Say what is to be done.

        Args:
            now: The time.
            is_pause: Whether nothing would be cut: no open turn, no open control, no speech
                that waits for its answer.
        """
        if not self.is_ready:
            return Move.WAIT
        if is_pause:
            return Move.HAND_OVER
        return Move.CUT if now >= self.by else Move.WAIT

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When the next piece of a recording may go. Pure.

Audio runs at most ``lead`` seconds ahead of what has been heard. A pause in the speech says
nothing of how far it was heard, so beyond the lead the audio goes on in real time, as a live
call would: slow, but never stuck.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """How fast a recording is fed. Times are seconds.

    Parameters:
        speed: Times faster than real time; infinite for no limit but the lead.
        lead: How far the audio may run ahead of what was heard, at more than real time.
    """

    speed: float = 1.0
    lead: float = 20.0

    def due(self, *, fed: float, heard: float, started: float, latest: float, step: float) -> float:
        """When the next piece may go.

        Args:
            fed: Audio fed so far.
            heard: Audio that results cover so far.
            started: When the first piece went.
            latest: When the latest piece went.
            step: Length of the next piece.

        Returns:
            A time on the clock of ``started`` and ``latest``, which may have passed.
        """
        on_schedule = started + fed / self.speed
        if fed - heard < self.lead:
            return on_schedule
        return max(on_schedule, latest + step)

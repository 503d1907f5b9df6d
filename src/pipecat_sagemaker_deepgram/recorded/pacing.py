# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How far a recording may be sent ahead of what was listened to. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """How fast a recording is sent. Times are seconds.

    At full speed it is the container that sets the pace: the recording runs so far ahead of what
    the container says it has listened to, be that speech or silence, and no further. To one that
    says nothing the recording goes on in real time: slowly, but it is never stuck.

    Attributes:
        speed: Most times faster than real time; infinite for no limit but the lead.
        lead: How far the recording runs ahead.
    """

    speed: float = 1.0
    lead: float = 20.0

    def due(self, *, fed: float, heard: float, started: float, latest: float, step: float) -> float:
        """When the next piece is to go, unless more is listened to before.

        Args:
            fed: Audio that was sent.
            heard: Audio that was listened to.
            started: When the first piece went.
            latest: When the latest piece went.
            step: Length of the next piece.

        Returns:
            A time on the clock of ``started`` and ``latest``, which may have passed.
        """
        on_schedule = started + fed / self.speed
        return on_schedule if fed - heard < self.lead else max(on_schedule, latest + step)

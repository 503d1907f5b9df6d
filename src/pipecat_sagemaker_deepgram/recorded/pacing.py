# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decides how far ahead of the container a recording is sent. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError


@dataclass(frozen=True)
class Pace:
    """How fast a recording is sent. Times are in seconds.

    At full speed, the container sets the pace: the recording is sent a fixed time ahead of what the
    container has processed, speech or silence. A container that reports nothing gets the recording
    in real time: slowly, but it never gets stuck.

    Attributes:
        speed: Maximum factor faster than real time; infinite for no limit except ``lead``.
        lead: How far ahead of the container the recording is sent.

    Raises:
        ConfigurationError: The speed is not above 0.
    """

    speed: float = 1.0
    lead: float = 20.0

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ConfigurationError(
                f"speed is {self.speed}; it must be more than 0",
                advice="1 is real time, and infinity as fast as the container listens.",
            )

    def due(self, *, fed: float, heard: float, started: float, latest: float, step: float) -> float:
        """When to send the next piece, unless the container reports progress sooner.

        Args:
            fed: Audio that was sent.
            heard: Audio that the container has processed.
            started: When the first piece was sent.
            latest: When the latest piece was sent.
            step: Length of the next piece.

        Returns:
            A time on the clock of ``started`` and ``latest``, which may have passed.
        """
        on_schedule = started + fed / self.speed
        return on_schedule if fed - heard < self.lead else max(on_schedule, latest + step)

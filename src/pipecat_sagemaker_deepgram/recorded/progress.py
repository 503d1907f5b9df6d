# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is told while recordings are transcribed. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.recorded.transcript import Interim, Segment, Turn


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a recording was transcribed.

    Attributes:
        name: The recording's.
        heard: Seconds that were listened to.
        seconds: Its length; ``None`` where that is not known yet.
    """

    name: str
    heard: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class SegmentArrived:
    """Words were settled.

    Attributes:
        name: The recording's.
        segment: The words.
    """

    name: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class InterimArrived:
    """Words came that may still change.

    Attributes:
        name: The recording's.
        interim: The words.
    """

    name: str
    interim: Interim


@dataclass(frozen=True, slots=True)
class TurnArrived:
    """The speaker has ended a turn; its words follow.

    Attributes:
        name: The recording's.
        turn: The turn.
    """

    name: str
    turn: Turn


type RecordedEvent = Progress | SegmentArrived | InterimArrived | TurnArrived
"""What is told of a recording before its transcript is whole."""

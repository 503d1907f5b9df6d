# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Events while recordings are transcribed. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.recorded.transcript import Interim, Segment, Turn


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a recording has been transcribed.

    Attributes:
        name: Name of the recording.
        heard: Seconds that the container has processed.
        seconds: Its length; ``None`` if that is not known yet.
    """

    name: str
    heard: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class SegmentArrived:
    """A final result arrived.

    Attributes:
        name: Name of the recording.
        segment: The result.
    """

    name: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class InterimArrived:
    """An interim result arrived, which may still change.

    Attributes:
        name: Name of the recording.
        interim: The result.
    """

    name: str
    interim: Interim


@dataclass(frozen=True, slots=True)
class TurnArrived:
    """The speaker ended a turn; its words follow.

    Attributes:
        name: Name of the recording.
        turn: The turn.
    """

    name: str
    turn: Turn


type RecordedEvent = Progress | SegmentArrived | InterimArrived | TurnArrived
"""An event while a recording is transcribed."""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is reported of a speaker's turns, whatever streams they were heard on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """A ``TurnInfo`` and where it came from.

    Attributes:
        info: The message, in session seconds.
        stream: Number of the stream it came on.
        begins_at: Where that stream's audio begins, in session seconds.
        body: The JSON object that it was read from, in session seconds too.
    """

    info: TurnInfo
    stream: int
    begins_at: float
    body: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The speaker has begun.

    Attributes:
        transcript: What was heard so far.
    """

    transcript: str


@dataclass(frozen=True, slots=True)
class TurnUpdated:
    """More was heard, or the same anew.

    Attributes:
        transcript: The turn's text so far.
        heard: The message that says so.
    """

    transcript: str
    heard: HeardTurn


@dataclass(frozen=True, slots=True)
class EndPredicted:
    """The turn has probably ended.

    Attributes:
        transcript: The turn's text so far.
        heard: The message that says so.
    """

    transcript: str
    heard: HeardTurn


@dataclass(frozen=True, slots=True)
class TurnResumed:
    """The turn has not ended: a prediction is withdrawn."""


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is over.

    Attributes:
        transcript: All its text; empty where the container has taken it back.
        heard: The last message of it.
        is_committed: Whether the container or the application ended it; a turn that the
            container could not end any more ends with the text so far.
        is_ours: Whether it was ended on this side, so that its audio is answered for by it.
    """

    transcript: str
    heard: HeardTurn
    is_committed: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class TurnStillOpen:
    """The user is listened to again, and the turn that was on is on still."""


@dataclass(frozen=True, slots=True)
class TurnsSuspended:
    """No turn will come before another stream is up; all that was said is out."""


type TurnEvent = TurnStarted | TurnUpdated | EndPredicted | TurnResumed | TurnEnded

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The events of a speaker's turns, independent of streams. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """A ``TurnInfo`` and where it came from.

    Attributes:
        info: The message, in session seconds.
        stream: Number of the stream it arrived on.
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
    """The container has sent the turn's text again, changed or not.

    Attributes:
        transcript: The turn's text so far.
        heard: The message that reported it.
    """

    transcript: str
    heard: HeardTurn


@dataclass(frozen=True, slots=True)
class EndPredicted:
    """The turn has probably ended.

    Attributes:
        transcript: The turn's text so far.
        heard: The message that reported it.
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
        transcript: All its text; empty if the container has withdrawn it.
        heard: The last message about it.
        is_committed: Whether the container or the application ended it. Otherwise the container
            could not end it any more, and it ends with the text so far.
        is_ours: Whether this side ended it, so that its audio counts as answered.
    """

    transcript: str
    heard: HeardTurn
    is_committed: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class TurnStillOpen:
    """The user is no longer muted, and the turn is still open."""


@dataclass(frozen=True, slots=True)
class TurnsSuspended:
    """No turn will be reported until another stream is up; everything so far was reported."""


type TurnEvent = TurnStarted | TurnUpdated | EndPredicted | TurnResumed | TurnEnded

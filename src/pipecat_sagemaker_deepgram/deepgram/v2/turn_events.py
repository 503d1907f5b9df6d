# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a speaker's turns are told by, whatever streams they were heard on. Pure."""

from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo


@dataclass(frozen=True, slots=True)
class Heard:
    """A ``TurnInfo`` and where it came from.

    Parameters:
        info: The message, in session seconds.
        stream: Number of the stream it came on.
        begins_at: Where that stream's audio begins, in session seconds.
        body: The message as it was read, for whoever wants more of it.
    """

    info: TurnInfo
    stream: int
    begins_at: float
    body: Any = None


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The speaker has begun.

    Parameters:
        transcript: What was heard so far.
    """

    transcript: str


@dataclass(frozen=True, slots=True)
class TurnUpdated:
    """More was heard, or the same anew.

    Parameters:
        transcript: The turn's text so far.
        heard: What told it.
    """

    transcript: str
    heard: Heard


@dataclass(frozen=True, slots=True)
class EndPredicted:
    """The turn has probably ended.

    Parameters:
        transcript: The turn's text so far.
        heard: What told it.
    """

    transcript: str
    heard: Heard


@dataclass(frozen=True, slots=True)
class TurnResumed:
    """The turn has not ended: a prediction is withdrawn."""


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is over.

    Parameters:
        transcript: All its text.
        heard: What told it last.
        is_committed: Whether the container or the application ended it; a turn that the
            container could not end any more ends with the text so far.
        is_ours: Whether it was ended on this side, so that its audio is answered for by it.
    """

    transcript: str
    heard: Heard
    is_committed: bool
    is_ours: bool


type TurnEvent = TurnStarted | TurnUpdated | EndPredicted | TurnResumed | TurnEnded

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What follows from a record in every conversation, whatever Deepgram's version. Pure.

A conversation returns steps, in order. Some are commands for the client, which never wait; all
others say what has become clear, and are for whoever shows it: a pipeline, a terminal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pipecat_sagemaker_deepgram.client.records import ChangeReason
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

# Commands for the client


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a text message, in its place among the audio.

    Attributes:
        text: The message.
        kind: Name under which it is sent again after a loss; empty for never again.
    """

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SendSilence:
    """Send silence that is no audio of the session's; ``SilenceSent`` says that it was taken.

    Attributes:
        seconds: Its length.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class ChangeStream:
    """Have another stream take over in the next pause.

    Attributes:
        reason: What for.
        within: Most seconds to wait for a pause.
    """

    reason: ChangeReason
    within: float = 2.0


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Let go of audio, which will not be replayed.

    Attributes:
        seconds: Session seconds up to which.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class NoteSpeech:
    """Expect answers to speech, or none.

    Attributes:
        is_speaking: Whether somebody speaks.
    """

    is_speaking: bool


type Command = SendText | SendSilence | ChangeStream | Acknowledge | NoteSpeech
"""What a client is to do."""

# For whoever shows what happens


@dataclass(frozen=True, slots=True)
class SettingsRefused:
    """The container has refused settings; those before are in use.

    Attributes:
        previous: The values before, by the names of the settings.
        cause: Why.
    """

    previous: Mapping[str, Any] = field(repr=False)
    cause: SageMakerDeepgramError


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something to be logged.

    Attributes:
        level: How much it matters. Only at TRACE it may quote what was said, or what the container
            wrote in its own words.
        text: A sentence without a full stop.
    """

    level: Literal["TRACE", "DEBUG", "INFO", "WARNING"]
    text: str


def own_words(text: str) -> list[LogLine]:
    """What a container wrote in its own words, for the log; nothing where it wrote nothing."""
    return [LogLine("TRACE", f"in its own words: {text}")] if text else []

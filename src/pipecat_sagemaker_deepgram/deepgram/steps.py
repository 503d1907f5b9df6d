# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The steps that conversations of every Deepgram version have in common. Pure.

A conversation returns steps, in order. Some are commands for the client, which never wait. All
others are reports for a pipeline or a terminal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pipecat_sagemaker_deepgram.client.records import ChangeReason
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

# Commands for the client


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a text message, in order with the audio.

    Attributes:
        text: The message.
        kind: Name of its kind: after a loss the latest message of each kind is sent again; empty
            if it is never sent again.
    """

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SendSilence:
    """Send silence that is not part of the session's audio; ``SilenceSent`` confirms it.

    Attributes:
        seconds: Its length.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class ChangeStream:
    """Switch to another stream in the next pause.

    Attributes:
        reason: Why.
        within: Most seconds to wait for a pause.
    """

    reason: ChangeReason
    within: float = 2.0


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Drop audio, which will then not be replayed.

    Attributes:
        seconds: End of that audio, in session seconds.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class NoteSpeech:
    """Expect answers to speech, or stop expecting them.

    Attributes:
        is_speaking: Whether someone is speaking.
    """

    is_speaking: bool


type Command = SendText | SendSilence | ChangeStream | Acknowledge | NoteSpeech
"""A command for the client."""

# Reports


@dataclass(frozen=True, slots=True)
class SettingsRefused:
    """The container has refused settings; the previous ones are in use.

    Attributes:
        previous: The previous values, by the names of the settings.
        cause: Why it refused them.
    """

    previous: Mapping[str, Any] = field(repr=False)
    cause: SageMakerDeepgramError


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line for the log.

    Attributes:
        level: Its log level. Only a line at TRACE may quote what was said or what the container
            wrote.
        text: A sentence without a full stop.
    """

    level: Literal["TRACE", "DEBUG", "INFO", "WARNING"]
    text: str


def own_words(text: str) -> list[LogLine]:
    """Make a log line of the text that a container wrote; none if there is no text."""
    return [LogLine("TRACE", f"the container wrote: {text}")] if text else []

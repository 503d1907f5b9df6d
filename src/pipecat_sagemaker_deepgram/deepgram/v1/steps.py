# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The steps of a conversation with Deepgram Nova, besides commands for the client. Pure."""

from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.messages import UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.steps import Command, LogLine, SettingsRefused
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Metadata, SpeechStarted, UtteranceEnd
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript


@dataclass(frozen=True, slots=True)
class InterimHeard:
    """Text that may still change.

    Attributes:
        transcript: The text, in session time; not empty.
    """

    transcript: FreshTranscript


@dataclass(frozen=True, slots=True)
class FinalHeard:
    """Text that will not change and was not reported before.

    Attributes:
        transcript: The text, in session time; not empty.
        is_finalized: Whether the transcript of what was said before ``Finalize`` is complete.
    """

    transcript: FreshTranscript
    is_finalized: bool


@dataclass(frozen=True, slots=True)
class FinalizeAnswered:
    """``Finalize`` produced no text: the transcript was already complete."""


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message from the container other than a transcript.

    Attributes:
        message: The message.
        body: The object it was read from, in session time.
    """

    message: SpeechStarted | UtteranceEnd | Metadata | UnknownMessage
    body: dict[str, Any] = field(repr=False)


type NovaStep = (
    Command
    | InterimHeard
    | FinalHeard
    | FinalizeAnswered
    | MessageReceived
    | SettingsRefused
    | LogLine
)
"""A step of a conversation with Deepgram Nova."""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of a v1/listen container. Pure.

Each class is named after the message's ``type`` and has the fields that this package needs. All
other fields are kept in the JSON object, and so are unknown messages: a newer container must not
break an older client.
"""

from typing import Any

from msgspec import Struct

from pipecat_sagemaker_deepgram.deepgram.json_object import Seconds
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage, UnknownMessage


class Word(Struct, frozen=True, gc=False):
    """One recognised word.

    Attributes:
        word: The word, in lower case and without punctuation.
        start: Where it begins, in seconds of audio.
        end: Where it ends, in seconds of audio.
        punctuated_word: The word as it appears in the transcript, if that differs.
        speaker: Number of the speaker, if speakers are distinguished.
    """

    word: str
    start: Seconds
    end: Seconds
    punctuated_word: str | None = None
    speaker: int | str | None = None

    @property
    def text(self) -> str:
        """The word as it appears in the transcript."""
        return self.punctuated_word or self.word


class Alternative(Struct, frozen=True):
    """One reading of a piece of audio.

    Attributes:
        transcript: The text; empty for silence.
        words: Its words, in order.
        languages: Codes of the languages spoken, the most frequent first.
    """

    transcript: str
    words: tuple[Word, ...] = ()
    languages: tuple[str, ...] = ()


class Results(Struct, frozen=True, kw_only=True):
    """What was recognised in a piece of audio.

    Attributes:
        channel: Index of the audio channel.
        channels: Number of channels.
        start: Where the piece begins, in seconds of audio.
        duration: Its length in seconds.
        is_final: Whether the container will send no other text for this piece.
        speech_final: Whether the speaker has paused.
        from_finalize: Whether this answers ``Finalize``.
        alternative: The best reading.
    """

    channel: int = 0
    channels: int = 1
    start: float
    duration: float
    is_final: bool = False
    speech_final: bool = False
    from_finalize: bool = False
    alternative: Alternative

    @property
    def end(self) -> float:
        """Where the piece ends, in seconds of audio."""
        return self.start + self.duration


class SpeechStarted(Struct, frozen=True):
    """Speech has begun.

    Attributes:
        timestamp: When, in seconds of audio.
    """

    timestamp: Seconds


class UtteranceEnd(Struct, frozen=True):
    """A gap between words was long enough to end an utterance.

    Attributes:
        last_word_end: Where the last word ended, in seconds of audio; -1 if it is unknown.
    """

    last_word_end: Seconds


class Metadata(Struct, frozen=True):
    """The last message of a stream.

    Attributes:
        duration: Seconds of audio received; ``None`` if it is not given.
        sha256: Digest of the audio; ``incomplete`` for a stream that failed.
    """

    duration: Seconds | None = None
    sha256: str | None = None


class NovaError(Struct, frozen=True):
    """Something went wrong in the container: its ``Error``.

    Attributes:
        variant: The kind of error, as a code; after a ``SchemaError`` the stream is still usable.
        description: What happened, in the container's words, which may quote what was said.
    """

    variant: str
    description: str


type NovaMessage = (
    Results
    | SpeechStarted
    | UtteranceEnd
    | Metadata
    | NovaError
    | UnknownMessage
    | MalformedMessage
)

type Parsed = tuple[NovaMessage, dict[str, Any]]
"""A message, and the JSON object it was read from."""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The events of a transcription. Pure."""

from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.recorded.transcript import SpokenWord


@dataclass(frozen=True)
class Started:
    """The first audio was sent.

    Attributes:
        at: When, on the monotonic clock.
    """

    at: float


@dataclass(frozen=True)
class AudioFed:
    """Audio was sent.

    Attributes:
        seconds: How much has been sent so far.
        is_all: Whether the recording ends there.
    """

    seconds: float
    is_all: bool = False


@dataclass(frozen=True)
class WordsHeard:
    """Words that were recognised; times are seconds of the recording.

    Attributes:
        text: The words, on one line.
        start: Where the first begins.
        end: Where the last ends.
        covers_to: The position up to which the audio was processed.
        is_final: Whether the words are final; an interim is replaced by the next result.
        at: When they arrived, on the monotonic clock.
        words: The single words, if the model reports their times.
    """

    text: str
    start: float
    end: float
    covers_to: float
    is_final: bool
    at: float
    words: tuple[SpokenWord, ...] = ()


@dataclass(frozen=True)
class TurnBegan:
    """The speaker has begun a turn; reported by models that detect turns.

    Attributes:
        number: Counted from 1.
        start: Where its first word begins, in seconds of the recording.
    """

    number: int
    start: float


@dataclass(frozen=True)
class TurnOver:
    """The speaker has ended a turn.

    Attributes:
        number: Counted from 1.
        end: The position up to which the audio was processed when the end was detected, in seconds
            of the recording.
        silence: Seconds of silence before the end was detected.
        trigger: What detected the end: ``model``, ``timeout``, ...; empty if not reported.
        confidence: How sure the model was, from 0 to 1.
    """

    number: int
    end: float
    silence: float
    trigger: str
    confidence: float


@dataclass(frozen=True)
class ProblemReported:
    """Something went wrong.

    Attributes:
        message: What went wrong, and what to do.
        is_fatal: Whether the transcription cannot continue.
    """

    message: str
    is_fatal: bool


type Event = Started | AudioFed | WordsHeard | TurnBegan | TurnOver | ProblemReported


def read_message(text: str, message: dict[str, Any], *, is_final: bool, at: float) -> WordsHeard:
    """Read the Deepgram message that a transcription frame carries.

    Args:
        text: The transcript.
        message: ``Results`` of Deepgram Nova or ``TurnInfo`` of Deepgram Flux, with times in
            seconds of the session.
        is_final: Whether the words are final.
        at: When the message arrived, on the monotonic clock.
    """
    if "audio_window_end" in message:
        start, covers_to = message["audio_window_start"], message["audio_window_end"]
        words = message.get("words")
    else:
        start, covers_to = message["start"], message["start"] + message["duration"]
        words = message["channel"]["alternatives"][0].get("words")
    listed = words if isinstance(words, list) else []
    timed = [word for word in listed if _number(word, "start") is not None]
    first = _number(timed[0], "start") if timed else None
    last = _number(timed[-1], "end") if timed else None
    return WordsHeard(
        text=" ".join(text.split()),
        start=float(start) if first is None else first,
        end=float(covers_to) if last is None else last,
        covers_to=float(covers_to),
        is_final=is_final,
        at=at,
        words=tuple(_word(word) for word in timed) if is_final else (),
    )


def _word(fields: Any) -> SpokenWord:
    start = _number(fields, "start") or 0.0
    end = _number(fields, "end")
    return SpokenWord(
        text=str(fields.get("punctuated_word") or fields.get("word") or ""),
        start=round(start, 3),
        end=round(start if end is None else end, 3),
        confidence=_number(fields, "confidence"),
    )


def end_of_turn(number: int, heard: WordsHeard, message: dict[str, Any]) -> TurnOver:
    """Read how a turn ended.

    Args:
        number: The turn's number.
        heard: Its final.
        message: The ``TurnInfo`` from which the final was read.
    """
    return TurnOver(
        number=number,
        end=heard.covers_to,
        silence=max(0.0, heard.covers_to - heard.end),
        trigger=str(message.get("trigger") or ""),
        confidence=_number(message, "end_of_turn_confidence") or 0.0,
    )


def _number(fields: Any, name: str) -> float | None:
    """A number of a container's message; ``None`` if it is missing or not a number."""
    try:
        return float(fields[name])
    except (TypeError, ValueError, LookupError):
        return None

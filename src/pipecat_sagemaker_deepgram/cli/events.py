# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What happens while a recording is transcribed. Pure."""

from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.recorded.transcript import SpokenWord


@dataclass(frozen=True)
class Started:
    """The first audio goes out.

    Parameters:
        at: When, on the monotonic clock.
    """

    at: float


@dataclass(frozen=True)
class AudioFed:
    """Audio went out.

    Parameters:
        seconds: How much by now.
        is_all: Whether the recording ends there.
    """

    seconds: float
    is_all: bool = False


@dataclass(frozen=True)
class Heard:
    """Words that were recognised; times are seconds of the recording.

    Parameters:
        text: The words, on one line.
        start: Where the first begins.
        end: Where the last ends.
        covers_to: Up to where the audio was listened to.
        is_final: Whether the words are settled; an interim is restated by what follows.
        at: When they came, on the monotonic clock.
        words: Each of them, where the model gives their times.
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
    """The speaker has begun a turn; told by models that tell turns.

    Parameters:
        number: Counted from 1.
        start: Where its first word begins, in seconds of the recording.
    """

    number: int
    start: float


@dataclass(frozen=True)
class TurnOver:
    """The speaker has ended a turn.

    Parameters:
        number: Counted from 1.
        end: How far was listened when that was known, in seconds of the recording.
        silence: Seconds of silence that it took.
        trigger: What told it: ``model``, ``timeout``, ...; empty when that is not told.
        confidence: How sure the model was, from 0 to 1.
    """

    number: int
    end: float
    silence: float
    trigger: str
    confidence: float


@dataclass(frozen=True)
class Problem:
    """Something went wrong.

    Parameters:
        message: What, and what to do.
        is_fatal: Whether nothing more will be recognised.
    """

    message: str
    is_fatal: bool


type Event = Started | AudioFed | Heard | TurnBegan | TurnOver | Problem


def read_message(text: str, message: dict[str, Any], *, is_final: bool, at: float) -> Heard:
    """Read the message of Deepgram's that a transcription frame carries.

    Args:
        text: The transcript.
        message: ``Results`` of Deepgram Nova or ``TurnInfo`` of Deepgram Flux, with times in
            seconds of the session.
        is_final: Whether the words are settled.
        at: When the message came, on the monotonic clock.
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
    return Heard(
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


def end_of_turn(number: int, heard: Heard, message: dict[str, Any]) -> TurnOver:
    """Read how a turn has ended.

    Args:
        number: The turn's.
        heard: Its final.
        message: ``TurnInfo`` that the final was read from.
    """
    return TurnOver(
        number=number,
        end=heard.covers_to,
        silence=max(0.0, heard.covers_to - heard.end),
        trigger=str(message.get("trigger") or ""),
        confidence=_number(message, "end_of_turn_confidence") or 0.0,
    )


def _number(fields: Any, name: str) -> float | None:
    """A number that a container wrote, or as good as wrote; ``None`` where there is none."""
    try:
        return float(fields[name])
    except (TypeError, ValueError, LookupError):
        return None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Moves the times of v1/listen messages from their stream's clock to the session's. Pure."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import add
from typing import Any, TypeGuard

from msgspec.structs import replace

from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.deepgram.json_object import MOST_SECONDS
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Alternative,
    Parsed,
    Results,
    SpeechStarted,
    UtteranceEnd,
    Word,
)

type ToSession = Callable[[float], float]


def in_session_time(parsed: Parsed, timeline: StreamTimeline) -> Parsed:
    """Move the times of a message to the session's clock.

    Args:
        parsed: The message and the object it was read from, which is changed in place.
        timeline: Maps the stream's seconds to the session's.

    Returns:
        Both, in session time.
    """
    message, body = parsed
    match message:
        case Results():
            to_session = _mapping(message, timeline)
            return parsed if to_session is None else (_moved(message, body, to_session), body)
        case SpeechStarted():
            body["timestamp"] = timestamp = timeline.to_session(message.timestamp)
            return SpeechStarted(timestamp), body
        case UtteranceEnd() if message.last_word_end >= 0:
            body["last_word_end"] = end = timeline.to_session(message.last_word_end)
            return UtteranceEnd(end), body
        case _:
            return parsed


def _mapping(results: Results, timeline: StreamTimeline) -> ToSession | None:
    """The function that moves each time of these results; ``None`` if no time changes."""
    start, end = results.start, results.end
    if words := results.alternative.words:
        start, end = min(start, words[0].start), max(end, words[-1].end)
    shift = timeline.shift_between(start, end)
    if shift is None:
        return timeline.to_session
    return partial(add, shift) if shift else None


def _moved(results: Results, body: dict[str, Any], to_session: ToSession) -> Results:
    start, end = to_session(results.start), to_session(results.end)
    body["start"], body["duration"] = start, end - start
    best = results.alternative
    words = tuple(
        Word(
            word.word,
            to_session(word.start),
            to_session(word.end),
            word.punctuated_word,
            word.speaker,
        )
        for word in best.words
    )
    _move_channel(body["channel"], words, to_session)
    for name, part in body.items():
        if name != "channel":
            _move_times(part, to_session)
    moved = Alternative(best.transcript, words, best.languages)
    return replace(results, start=start, duration=end - start, alternative=moved)


def _move_channel(channel: dict[str, Any], words: Sequence[Word], to_session: ToSession) -> None:
    """Move a channel's times: those of the best alternative's words are known, others searched."""
    best, *others = channel["alternatives"] or [{}]
    if words:
        for written, word in zip(best["words"], words, strict=True):
            written["start"], written["end"] = word.start, word.end
    best_rest = [part for name, part in best.items() if name != "words" or not words]
    rest = [part for name, part in channel.items() if name != "alternatives"]
    _move_times([*best_rest, *others, *rest], to_session)


def _move_times(part: Any, to_session: ToSession) -> None:
    """Move every ``start`` and ``end`` in a part of a message, such as those of search hits."""
    parts = [part]
    while parts:
        match parts.pop():
            case list() as several:
                parts += several
            case dict() as fields:
                for name, value in fields.items():
                    if name in ("start", "end") and _is_time(value):
                        fields[name] = to_session(value)
                parts += fields.values()
            case _:
                pass


def _is_time(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and abs(value) <= MOST_SECONDS

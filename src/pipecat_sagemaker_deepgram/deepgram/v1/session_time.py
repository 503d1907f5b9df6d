# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The times of v1/listen messages, from their stream's clock to the session's. Pure."""

from collections.abc import Callable, Iterator, Sequence
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
    """What moves each time of these results; ``None`` where they may stay as they are."""
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
    _move_alternatives(body["channel"]["alternatives"], words, to_session)
    moved = Alternative(best.transcript, words, best.languages)
    return replace(results, start=start, duration=end - start, alternative=moved)


def _move_alternatives(
    alternatives: list[Any], words: Sequence[Word], to_session: ToSession
) -> None:
    """The best one's words have been read already; those of others may be anything."""
    if words:
        for written, word in zip(alternatives[0]["words"], words, strict=True):
            written["start"], written["end"] = word.start, word.end
    for other in alternatives[1:]:
        for written in _words_of(other):
            for name in ("start", "end"):
                if _is_time(time := written.get(name)):
                    written[name] = to_session(time)


def _words_of(alternative: Any) -> Iterator[dict[str, Any]]:
    words = alternative.get("words") if isinstance(alternative, dict) else None
    if isinstance(words, list):
        yield from (word for word in words if isinstance(word, dict))


def _is_time(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and abs(value) <= MOST_SECONDS

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A message's times are moved to the session's clock, in the object as in what was read of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Parsed, Results
from pipecat_sagemaker_deepgram.deepgram.v1.parsing import parse_message
from pipecat_sagemaker_deepgram.deepgram.v1.session_time import in_session_time

RATE = 32_000


def _timeline(*runs: tuple[float, float, bool]) -> StreamTimeline:
    """Runs: where each begins on the stream and in the session, and whether it is silence."""
    timeline = StreamTimeline(bytes_per_second=RATE)
    for on_stream, in_session, is_silence in runs:
        timeline.begin_run(round(on_stream * RATE), round(in_session * RATE), is_silence=is_silence)
    return timeline


LATER = _timeline((0.0, 10.0, False))
"""A stream that was given the session's audio from 10 s on."""

BROKEN = _timeline((0.0, 10.0, False), (2.0, 12.0, True), (3.0, 12.0, False))
"""The same, with a second of silence from 2 s on the stream on."""


def _results(*words: tuple[float, float], **fields: Any) -> str:
    said = [{"word": "a", "start": start, "end": end} for start, end in words]
    body = {
        "type": "Results",
        "channel_index": [0, 1],
        "start": 1.0,
        "duration": 3.0,
        "is_final": True,
        "channel": {"alternatives": [{"transcript": "a" if said else "", "words": said}]},
    }
    return json.dumps(body | fields)


def _times(parsed: Parsed) -> list[tuple[float, float]]:
    """The times of the words, which are the same in both forms."""
    message, body = parsed
    assert isinstance(message, Results)
    assert (message.start, message.duration) == (body["start"], body["duration"])
    read = [(word.start, word.end) for word in message.alternative.words]
    written = body["channel"]["alternatives"][0]["words"]
    assert read == [(word["start"], word["end"]) for word in written]
    return [(message.start, message.end), *read]


def test_results_and_their_object_move_together() -> None:
    parsed = parse_message(_results((1.5, 1.75), (2.0, 4.0)))
    moved = in_session_time(parsed, LATER)
    assert moved[1] is parsed[1]
    assert _times(moved) == [(11.0, 14.0), (11.5, 11.75), (12.0, 14.0)]


def test_on_a_stream_that_began_with_the_session_nothing_moves() -> None:
    parsed = parse_message(_results((1.5, 2.0)))
    assert in_session_time(parsed, _timeline()) is parsed


def test_around_silence_that_nobody_gave_each_time_moves_by_itself() -> None:
    moved = in_session_time(parse_message(_results((1.5, 2.5), (3.0, 4.0))), BROKEN)
    assert _times(moved) == [(11.0, 13.0), (11.5, 12.0), (12.0, 13.0)]


def test_words_that_reach_beyond_their_results_are_not_moved_with_them() -> None:
    parsed = parse_message(_results((0.5, 1.0), (3.25, 3.5), start=0.5, duration=1.0))
    assert _times(in_session_time(parsed, BROKEN)) == [(10.5, 11.5), (10.5, 11.0), (12.25, 12.5)]


def test_without_words_the_piece_itself_moves() -> None:
    assert _times(in_session_time(parse_message(_results()), LATER)) == [(11.0, 14.0)]


def test_numbers_that_were_text_are_numbers_in_session_time() -> None:
    parsed = parse_message(_results(("1.5", "2"), start="1", duration="3"))  # type: ignore[arg-type]
    assert _times(in_session_time(parsed, LATER)) == [(11.0, 14.0), (11.5, 12.0)]


def test_other_alternatives_move_as_far_as_they_can_be_read() -> None:
    word = {"word": "b", "start": 1, "end": "x"}
    odd = [{"words": [word, "b", {"start": 10**400}]}, "b", {"words": 7}]
    best = {"transcript": "", "words": []}
    _, body = in_session_time(
        parse_message(_results(channel={"alternatives": [best, *odd]})), LATER
    )
    moved = word | {"start": 11.0}
    assert body["channel"]["alternatives"] == [
        best,
        {"words": [moved, "b", {"start": 10**400}]},
        *odd[1:],
    ]


def test_search_hits_and_whatever_else_has_times_move_too() -> None:
    hits = [{"confidence": 1.0, "start": 1.0, "end": 1.5, "snippet": "b"}, "odd"]
    channel = {
        "alternatives": [{"transcript": "b", "words": [], "entities": [{"start": 1.0}]}],
        "search": [{"query": "b", "hits": hits}],
    }
    newer = [{"label": "x", "start": 0.5, "end": "y", "parts": [[{"end": 2.0}]]}]
    _, body = in_session_time(parse_message(_results(channel=channel, newer=newer)), LATER)
    (hit, _) = body["channel"]["search"][0]["hits"]
    assert (hit["start"], hit["end"], hit["confidence"]) == (11.0, 11.5, 1.0)
    assert body["channel"]["alternatives"][0]["entities"] == [{"start": 11.0}]
    assert body["newer"] == [{"label": "x", "start": 10.5, "end": "y", "parts": [[{"end": 12.0}]]}]


@pytest.mark.parametrize(
    ("message", "field", "moved"),
    [
        ({"type": "SpeechStarted", "channel": [0, 1], "timestamp": 1.0}, "timestamp", 11.0),
        ({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 2.0}, "last_word_end", 12.0),
        ({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": -1}, "last_word_end", -1),
    ],
)
def test_times_of_other_messages_move_too(
    message: dict[str, Any], field: str, moved: float
) -> None:
    read, body = in_session_time(parse_message(json.dumps(message)), LATER)
    assert body[field] == moved
    assert getattr(read, field) == moved


@pytest.mark.parametrize("text", ["{}", "no JSON", '{"type":"Metadata"}', '{"type":"Error"}'])
def test_what_has_no_times_stays_as_it_is(text: str) -> None:
    parsed = parse_message(text)
    assert in_session_time(parsed, LATER) is parsed


@given(st.lists(st.tuples(st.floats(0, 6), st.floats(0, 6)), max_size=5), st.floats(-1e9, 1e9))
def test_whatever_the_times_are_both_forms_have_the_same(
    words: list[tuple[float, float]], start: float
) -> None:
    parsed = parse_message(_results(*words, start=start))
    for timeline in (LATER, BROKEN):
        parsed = in_session_time(parsed, timeline)
        _times(parsed)

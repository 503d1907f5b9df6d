# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The scripted recogniser."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.container import (
    ScriptedBehavior,
    ScriptedRecognizer,
    marked_audio,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    RecognizerEvent,
    SessionConfig,
    SpeechDetected,
)

SECOND = bytes(32000)


def listen(
    pcm: bytes,
    behavior: ScriptedBehavior | None = None,
    *,
    config: SessionConfig | None = None,
    chunks: list[int] | None = None,
) -> list[RecognizerEvent]:
    """Feed audio in chunks of so many samples, the last size over and over, then finalize."""
    session = ScriptedRecognizer(behavior).open_session(config or SessionConfig())
    sizes = list(chunks or [320])
    events: list[RecognizerEvent] = []
    at = 0
    while at < len(pcm):
        size = 2 * (sizes.pop(0) if len(sizes) > 1 else sizes[0])
        events += session.feed(pcm[at : at + size])
        at += size
    return [*events, *session.finalize()]


def segments(events: list[RecognizerEvent]) -> list[HeardSegment]:
    return [event for event in events if isinstance(event, HeardSegment)]


def finals(events: list[RecognizerEvent]) -> list[HeardSegment]:
    return [segment for segment in segments(events) if segment.is_final]


def indexes(segment: HeardSegment) -> list[int]:
    return [int(word.text[1:]) for word in segment.words]


behaviors = st.builds(
    ScriptedBehavior,
    interim_interval=st.sampled_from([0.1, 0.25, 1.0]),
    final_interval=st.sampled_from([0.35, 1.0, 1.73]),
    final_words=st.sampled_from([None, None, 1, 4]),
    final_lag=st.sampled_from([0.0, 0.3, 1.0, 3.0]),
)
fewer = settings(deadline=None, max_examples=25)
chunkings = st.lists(st.integers(1, 4000), min_size=1, max_size=12)


@fewer
@given(behaviors, chunkings, st.sampled_from([0.05, 0.1, 0.13]), st.integers(0, 8000))
def test_each_word_comes_once_in_order_and_no_interim_skips_one(behavior, chunks, length, pause):
    speech = marked_audio(10, 20, word_seconds=length)
    more = marked_audio(30, 15, word_seconds=length)
    events = listen(speech + bytes(2 * pause) + more, behavior, chunks=chunks)
    said = [index for final in finals(events) for index in indexes(final)]
    assert said == list(range(10, 45))
    settled = 10
    for segment in segments(events):
        assert indexes(segment) == list(range(settled, settled + len(segment.words)))
        settled += len(segment.words) if segment.is_final else 0


@fewer
@given(behaviors, chunkings)
def test_the_events_depend_on_the_audio_not_on_its_chunks(behavior, chunks):
    audio = SECOND + marked_audio(0, 17) + SECOND + marked_audio(17, 9)
    assert listen(audio, behavior, chunks=chunks) == listen(audio, behavior, chunks=[10**6])


@fewer
@given(behaviors, st.integers(0, 40000))
def test_the_finals_tile_the_audio(behavior, pause):
    audio = marked_audio(0, 12) + bytes(2 * pause) + marked_audio(12, 12)
    found = finals(listen(audio, behavior))
    assert found[0].start == 0.0
    assert all(a.end == b.start for a, b in pairwise(found))
    assert found[-1].end == len(audio) / 32000


def test_words_have_the_times_of_their_slots():
    (final,) = finals(listen(SECOND + marked_audio(3, 2, word_seconds=0.2)))
    assert [(w.text, w.start, w.end, w.estimated) for w in final.words] == [
        ("w3", 1.0, 1.2, False),
        ("w4", 1.2, 1.4, False),
    ]


def test_interims_come_at_their_interval_and_restate_the_segment():
    events = listen(marked_audio(0, 10), ScriptedBehavior(interim_interval=0.25, final_interval=9))
    interims = [s for s in segments(events) if not s.is_final]
    assert [(s.start, s.end) for s in interims] == [(0, 0.25), (0, 0.5), (0, 0.75), (0, 1.0)]
    assert [len(s.words) for s in interims] == [2, 5, 7, 10]


def test_no_interims_where_none_are_wanted():
    found = segments(listen(marked_audio(0, 30), config=SessionConfig(interim_results=False)))
    assert found
    assert all(segment.is_final for segment in found)


def test_a_lagging_final_ends_before_the_last_interim_and_the_rest_comes_again():
    behavior = ScriptedBehavior(interim_interval=0.5, final_interval=1.0, final_lag=2.0)
    found = segments(listen(marked_audio(0, 35), behavior))
    at = next(i for i, segment in enumerate(found) if segment.is_final)
    before, final, after = found[at - 1 : at + 2]
    assert (before.end, final.end) == (2.5, 1.0)
    assert (after.start, indexes(after)[0]) == (1.0, 10)
    assert set(indexes(before)) > set(indexes(final))


def test_a_word_over_the_end_of_a_final_belongs_to_the_side_of_its_middle():
    behavior = ScriptedBehavior(final_interval=1.0)
    first, second = finals(listen(marked_audio(0, 8, word_seconds=0.15), behavior))
    straddling = first.words[-1]
    assert (straddling.text, straddling.start, straddling.end) == ("w6", 0.9, 1.05)
    assert first.end == 1.0
    assert indexes(second) == [7]


def test_a_final_after_so_many_words():
    found = finals(listen(marked_audio(0, 10), ScriptedBehavior(final_words=4)))
    assert [indexes(final) for final in found] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_pause_of_the_endpointing_time_ends_the_utterance():
    audio = marked_audio(0, 5) + bytes(2 * 4800) + marked_audio(5, 5)
    found = finals(listen(audio, config=SessionConfig(endpointing=0.3)))
    assert (indexes(found[0]), found[0].end, found[0].speech_final) == ([0, 1, 2, 3, 4], 0.8, True)


@pytest.mark.parametrize("endpointing", [0.31, None])
def test_a_shorter_pause_does_not(endpointing):
    audio = marked_audio(0, 3) + bytes(2 * 4800) + marked_audio(3, 3)
    found = finals(listen(audio, config=SessionConfig(endpointing=endpointing)))
    assert [indexes(final) for final in found] == [[0, 1, 2, 3, 4, 5]]


def test_speech_starts_once_for_each_utterance():
    audio = SECOND + marked_audio(0, 25) + SECOND + marked_audio(25, 5)
    events = listen(audio, config=SessionConfig(endpointing=0.3))
    starts = [event.timestamp for event in events if isinstance(event, SpeechDetected)]
    assert starts == [1.0, 4.5]


def test_silence_has_empty_finals_at_their_interval():
    found = finals(listen(SECOND * 9))
    assert [(f.start, f.end, f.words, f.speech_final) for f in found[:2]] == [
        (0.0, 4.0, (), False),
        (4.0, 8.0, (), False),
    ]


def test_finalize_answers_with_what_is_held():
    (final,) = finals(listen(marked_audio(0, 3)))
    assert (indexes(final), final.speech_final, final.end) == ([0, 1, 2], True, 0.3)


@pytest.mark.parametrize(("answers", "count"), [(True, 1), (False, 0)])
def test_an_empty_finalize_is_answered_or_not_as_told(answers, count):
    behavior = ScriptedBehavior(answers_empty_finalize=answers)
    assert len(finals(listen(SECOND, behavior))) == count


def test_a_finalize_in_mid_word_leaves_the_word_to_the_next_segment():
    session = ScriptedRecognizer().open_session(SessionConfig())
    audio = marked_audio(0, 4)
    first = [*session.feed(audio[: 2 * 2000]), *session.finalize()]
    second = [*session.feed(audio[2 * 2000 :]), *session.finalize()]
    assert [indexes(f) for f in finals(first) + finals(second)] == [[0], [1, 2, 3]]


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 48000])
def test_it_reads_the_rate_at_which_audio_arrives(rate):
    recognizer = ScriptedRecognizer()
    assert recognizer.wanted_sample_rate(rate) == rate
    session = recognizer.open_session(SessionConfig(sample_rate=rate))
    events = [*session.feed(marked_audio(0, 5, sample_rate=rate)), *session.finalize()]
    assert indexes(finals(events)[-1]) == [0, 1, 2, 3, 4]


def test_it_needs_no_threads_and_says_how_fast_it_is():
    recognizer = ScriptedRecognizer(ScriptedBehavior(max_speed=2.0))
    assert (recognizer.workers, recognizer.max_speed) == (0, 2.0)
    assert recognizer.supports_language("es")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Each word is delivered once, whatever is recognised again, late or never."""

import math
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Alternative, Results, Word
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript, Transcripts

WORD = 0.1


def _word(index: int) -> Word:
    start = index * WORD
    return Word(f"w{index}", start, start + WORD, f"W{index}")


def _results(
    start: float,
    end: float,
    *,
    is_final: bool,
    from_finalize: bool = False,
    channel: int = 0,
    has_words: bool = True,
) -> tuple[Results, dict[str, Any]]:
    """What is recognised between two times: the words whose middles lie there."""
    first, last = (math.ceil((time - 1e-9) / WORD - 0.5) for time in (start, end))
    words = tuple(_word(index) for index in range(first, last))
    text = " ".join(word.text for word in words)
    kept = words if has_words else ()
    best = {"transcript": text, "words": [{"word": word.word} for word in kept]}
    results = Results(
        channel=channel,
        channels=2,
        start=start,
        duration=end - start,
        is_final=is_final,
        from_finalize=from_finalize,
        alternative=Alternative(text, kept),
    )
    return results, {"type": "Results", "channel": {"alternatives": [best]}}


def _take(
    transcripts: Transcripts, start: float, end: float, *, stream: int = 1, **how: Any
) -> str:
    results, body = _results(start, end, **how)
    return _text(transcripts.take(results, body, stream=stream))


def _hear(
    transcripts: Transcripts,
    start: float,
    end: float,
    *said: str,
    is_final: bool = True,
    stream: int = 1,
    separator: str = " ",
) -> str:
    """Take results of words in; each is its text and its times."""
    words = tuple(
        Word(text, float(begin), float(stop)) for text, begin, stop in map(str.split, said)
    )
    text = separator.join(word.text for word in words)
    results = Results(
        start=start, duration=end - start, is_final=is_final, alternative=Alternative(text, words)
    )
    return _text(transcripts.take(results, {}, stream=stream))


def _text(transcript: FreshTranscript | None) -> str:
    return transcript.results.alternative.transcript if transcript is not None else ""


def _promoted(transcripts: Transcripts) -> list[str]:
    return [_text(each) for each in transcripts.promote()]


def test_what_a_stream_says_once_is_given_as_it_is() -> None:
    transcripts = Transcripts()
    results, body = _results(0.0, 0.3, is_final=True)
    transcript = transcripts.take(results, body, stream=1)
    assert transcript is not None
    assert transcript == FreshTranscript(results, body)
    assert transcript.body is body


def test_silence_is_no_text() -> None:
    assert _take(Transcripts(), 0.0, 0.04, is_final=True) == ""


def test_a_word_is_not_dropped_for_beginning_a_little_early_on_the_same_stream() -> None:
    """Results that follow each other say nothing twice, whatever the times of words say."""
    transcripts = Transcripts()
    _hear(transcripts, 0.0, 1.0, "one 0.2 0.6", "no 0.6 1.02")
    assert _hear(transcripts, 0.99, 2.0, "no 0.95 1.3", "two 1.3 1.6") == "no two"


def test_of_finals_that_overlap_on_one_stream_each_word_comes_once() -> None:
    transcripts = Transcripts()
    _hear(transcripts, 0.0, 1.2, "then 0 0.3", "you 0.3 0.6", "seek 0.6 1.1")
    words = ("then 0.1 0.45", "you 0.45 0.7", "seek 0.8 1.3", "incorrectly. 1.3 2.0")
    assert _hear(transcripts, 0.1, 2.1, *words) == "incorrectly."


def test_after_a_replay_only_the_words_beyond_the_finals_before_are_new() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=True)
    assert _take(transcripts, 0.2, 0.4, stream=2, is_final=False) == ""
    assert _take(transcripts, 0.2, 0.4, stream=2, is_final=True) == ""
    assert _take(transcripts, 0.4, 0.7, stream=2, is_final=True) == "W5 W6"


def test_a_word_whose_middle_is_where_the_final_ended_is_new() -> None:
    transcripts = Transcripts()
    assert _take(transcripts, 0.0, 0.25, is_final=True) == "W0 W1"
    assert _take(transcripts, 0.25, 0.4, stream=2, is_final=True) == "W2 W3"


def test_the_result_of_a_trimmed_final_is_the_final_as_it_came() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=True)
    results, body = _results(0.2, 0.7, is_final=True)
    trimmed = transcripts.take(results, body, stream=2)
    assert trimmed is not None
    assert trimmed.body == body | {"trimmed": True}
    assert [word.text for word in trimmed.results.alternative.words] == ["W5", "W6"]
    assert "trimmed" not in body


@pytest.mark.parametrize(("start", "end", "text"), [(0.3, 0.6, "W5"), (0.4, 0.8, "W5 W6 W7")])
def test_without_times_of_words_they_are_spread_over_the_audio(
    start: float, end: float, text: str
) -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=True)
    assert _take(transcripts, start, end, stream=2, is_final=True, has_words=False) == text


def test_channels_do_not_hide_each_other() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=True, channel=0)
    assert _take(transcripts, 0.0, 0.3, stream=2, is_final=True, channel=1) == "W0 W1 W2"


# Promotion


def test_the_last_interim_is_promoted_once_and_marked() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.2, is_final=False)
    _take(transcripts, 0.0, 0.3, is_final=False)
    (promoted,) = transcripts.promote()
    assert _text(promoted) == "W0 W1 W2"
    assert promoted.results.is_final
    assert promoted.body["promoted"] is True
    assert transcripts.promote() == []


def test_only_the_channels_asked_for_are_promoted() -> None:
    transcripts = Transcripts()
    for channel in (0, 1):
        _take(transcripts, 0.0, 0.2, is_final=False, channel=channel)
    assert [each.results.channel for each in transcripts.promote({1, 7})] == [1]
    assert [each.results.channel for each in transcripts.promote()] == [0]


def test_a_final_after_a_promotion_gives_only_what_lies_beyond() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.3, is_final=False)
    transcripts.promote()
    assert _take(transcripts, 0.0, 0.3, is_final=True, from_finalize=True) == ""
    assert _take(transcripts, 0.3, 0.5, is_final=True) == "W3 W4"


def test_an_interim_after_a_promotion_gives_only_what_lies_beyond() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.3, is_final=False)
    transcripts.promote()
    assert _take(transcripts, 0.0, 0.5, is_final=False) == "W3 W4"
    assert _promoted(transcripts) == ["W3 W4"]


def test_an_interim_that_took_its_text_back_is_not_promoted() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.3, is_final=False)
    _take(transcripts, 0.0, 0.0, is_final=False)
    assert _promoted(transcripts) == []


def test_the_answer_to_finalize_leaves_nothing_to_promote() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=False)
    _take(transcripts, 0.0, 0.4, is_final=True, from_finalize=True)
    assert _promoted(transcripts) == []


def test_of_an_interim_that_reached_further_than_its_final_the_rest_can_be_promoted() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=False)
    _take(transcripts, 0.0, 0.3, is_final=True)
    assert _promoted(transcripts) == ["W3 W4"]


def test_during_a_replay_the_longer_interim_from_before_stands() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=False)
    _take(transcripts, 0.0, 0.2, stream=2, is_final=False)
    assert _promoted(transcripts) == ["W0 W1 W2 W3 W4"]


def test_after_a_replay_the_newer_interim_stands() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=False)
    _take(transcripts, 0.0, 0.6, stream=2, is_final=False)
    _take(transcripts, 0.0, 0.4, stream=2, is_final=False)
    assert _promoted(transcripts) == ["W0 W1 W2 W3"]


def test_what_a_stream_has_answered_in_full_is_not_promoted() -> None:
    transcripts = Transcripts()
    _take(transcripts, 0.0, 0.5, is_final=False)
    transcripts.answered()
    assert _promoted(transcripts) == []


AGE = ("It 0.1 0.3", "was 0.3 0.5", "the 0.5 0.6", "age 0.6 0.9", "of 0.9 1.0")


def test_the_whole_form_of_a_word_that_was_cut_does_not_come_again() -> None:
    transcripts = Transcripts()
    _hear(transcripts, 0.0, 1.2, *AGE, "four. 1.0 1.2", is_final=False)
    assert _promoted(transcripts) == ["It was the age of four."]
    late = ("It 0.2 0.4", "was 0.4 0.6", "the 0.6 0.7", "age 0.7 1.0", "of 1.02 1.1")
    assert _hear(transcripts, 0.0, 1.9, *late, "foolishness. 1.1 1.8") == ""
    assert transcripts.corrections == 1
    assert _hear(transcripts, 1.9, 3.0, "It 2.0 2.2", "was 2.2 2.4") == "It was"


def test_words_that_move_in_time_are_still_the_same_words() -> None:
    transcripts = Transcripts()
    _hear(transcripts, 0.0, 0.8, "yes 0.1 0.3", "please 0.4 0.7", is_final=False)
    transcripts.promote()
    said = ("yes 0.3 0.5", "please 0.6 1.0", "please 1.1 1.4")
    assert _hear(transcripts, 0.0, 1.5, *said) == "please"
    assert transcripts.corrections == 0


def test_a_late_interim_of_what_a_final_has_said_is_not_promoted() -> None:
    transcripts = Transcripts()
    assert _hear(transcripts, 0.0, 1.2, "hello 0.3 0.7") == "hello"
    assert _hear(transcripts, 0.0, 1.0, "hello 0.32 0.75", is_final=False) == ""
    assert _promoted(transcripts) == []


def test_a_word_heard_by_half_before_a_stream_was_lost_comes_once() -> None:
    transcripts = Transcripts()
    _hear(transcripts, 0.0, 0.5, "one 0.1 0.2", "two 0.35 0.52")
    assert _hear(transcripts, 0.5, 1.0, "two 0.5 0.58", "three 0.6 0.9", stream=2) == "three"


def test_the_same_word_said_twice_across_a_lost_stream_comes_twice() -> None:
    transcripts = Transcripts()
    _hear(transcripts, 0.0, 0.35, "no 0.05 0.35")
    assert _hear(transcripts, 0.35, 1.0, "no 0.35 0.6", stream=2) == "no"


def test_text_without_spaces_is_cut_as_it_is_written() -> None:
    transcripts = Transcripts()
    words = ("今日 0.1 0.3", "は 0.3 0.5", "雨 0.5 0.7")
    _hear(transcripts, 0.0, 0.5, *words[:2], separator="")
    more = ("です 0.7 0.9", "ね 0.9 1.1")
    assert _hear(transcripts, 0.0, 1.2, *words, *more, stream=2, separator="") == "雨ですね"


# Whatever happens

CHANNEL = st.integers(0, 1)
STEP = st.integers(1, 12)
HAPPENING = st.one_of(
    st.tuples(st.just("interim"), CHANNEL, STEP),
    st.tuples(st.just("final"), CHANNEL, STEP),
    st.tuples(st.just("promote"), CHANNEL, st.just(0)),
    st.tuples(st.just("lose"), st.just(0), st.just(0)),
)


@given(st.lists(HAPPENING, max_size=60))
def test_every_word_of_every_channel_comes_once_and_in_order(
    happenings: list[tuple[str, int, int]],
) -> None:
    """Streams are lost at will, and replayed from the channel that is least far."""
    transcripts = Transcripts()
    said: dict[int, list[str]] = defaultdict(list)
    acknowledged = {0: 0, 1: 0}
    stream = 1

    def hear(channel: int, steps: int, *, is_final: bool) -> None:
        start, end = (at / 20 for at in (acknowledged[channel], acknowledged[channel] + steps))
        results, body = _results(start, end, is_final=is_final, channel=channel)
        transcript = transcripts.take(results, body, stream=stream)
        if is_final:
            acknowledged[channel] += steps
            said[channel] += _text(transcript).split()

    for kind, channel, steps in happenings:
        if kind == "lose":
            stream += 1
            acknowledged = dict.fromkeys(acknowledged, min(acknowledged.values()))
        elif kind == "promote":
            for transcript in transcripts.promote({channel}):
                said[channel] += _text(transcript).split()
        else:
            hear(channel, steps, is_final=kind == "final")
    for channel in acknowledged:
        hear(channel, 800 - acknowledged[channel], is_final=True)
        assert said[channel] == [f"W{index}" for index in range(400)]

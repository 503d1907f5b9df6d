# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where speech begins and is cut."""

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.segmenter import (
    Passage,
    Segmenter,
    SegmenterRules,
    SpeechBegan,
)

RULES = SegmenterRules(
    begin_voiced=3, begin_within=6, preroll=4, pause=5, max_passage=40, search=10
)


def run(*stretches: tuple[float, int], rules: SegmenterRules = RULES):
    segmenter = Segmenter(rules)
    found = [
        event
        for probability, count in stretches
        for _ in range(count)
        if (event := segmenter.step(probability)) is not None
    ]
    return segmenter, found


def test_speech_begins_at_its_first_voiced_window_and_ends_after_the_pause():
    _, found = run((0.0, 20), (0.9, 10), (0.0, 8))
    assert found == [
        SpeechBegan(20),
        Passage(begin=16, end=35, spans=((20, 30),), has_paused=True),
    ]


def test_a_click_begins_nothing():
    segmenter, found = run((0.0, 20), (0.9, 2), (0.0, 20))
    assert found == []
    assert not segmenter.is_speaking


def test_windows_between_release_and_threshold_go_on_but_do_not_begin():
    assert run((0.4, 30))[1] == []
    assert run((0.9, 3), (0.4, 20))[1] == [SpeechBegan(0)]


def test_a_shorter_pause_stays_inside_the_passage():
    _, found = run((0.9, 5), (0.0, 4), (0.9, 5), (0.0, 5))
    assert found[1] == Passage(begin=0, end=19, spans=((0, 5), (9, 14)), has_paused=True)


def test_the_next_passage_reaches_back_over_the_pause_but_not_beyond():
    _, found = run((0.9, 6), (0.0, 5), (0.9, 6), (0.0, 5))
    assert found[3] == Passage(begin=7, end=22, spans=((11, 17),), has_paused=True)


def test_endless_speech_is_cut_at_its_weakest_place_and_nothing_is_lost():
    _, found = run((0.9, 33), (0.6, 1), (0.9, 26), (0.0, 5))
    assert found == [
        SpeechBegan(0),
        Passage(begin=0, end=34, spans=((0, 34),)),
        Passage(begin=34, end=65, spans=((34, 60),), has_paused=True),
    ]


def test_a_cut_inside_a_pause_leaves_the_pause_to_end_the_utterance():
    """The weakest place of endless speech may be the pause that has just begun."""
    segmenter, found = run((0.9, 37), (0.0, 10))
    assert found[1:] == [
        Passage(begin=0, end=40, spans=((0, 37),)),
        Passage(begin=40, end=45, spans=(), has_paused=True),
    ]
    assert not segmenter.is_speaking


def test_the_pause_is_counted_from_the_last_voiced_window():
    assert run((0.9, 8))[0].pause == 0
    assert run((0.9, 8), (0.0, 3))[0].pause == 3


def test_what_is_quiet_cannot_become_speech_later():
    """A beginning is never found before the place that was called quiet."""
    segmenter, _ = run((0.0, 20))
    quiet_to = segmenter.quiet_to
    began = next(e for e in (segmenter.step(0.9) for _ in range(9)) if e)
    assert isinstance(began, SpeechBegan)
    assert began.window >= quiet_to


def test_the_kept_windows_are_bounded_in_silence():
    segmenter, _ = run((0.0, 1000))
    assert segmenter.position - segmenter.begin == RULES.begin_within + RULES.preroll


def test_flush_returns_the_open_passage_and_starts_afresh():
    segmenter, _ = run((0.9, 8))
    assert segmenter.open_passage() == Passage(0, 8, ((0, 8),))
    assert segmenter.flush() == Passage(0, 8, ((0, 8),))
    assert segmenter.open_passage() is None
    assert segmenter.flush() is None
    assert segmenter.begin == 8


def test_flush_returns_speech_too_short_to_have_begun():
    segmenter, found = run((0.0, 3), (0.9, 2))
    assert found == []
    assert segmenter.flush() == Passage(0, 5, ((3, 5),))

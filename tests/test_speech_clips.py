# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The recordings that tests of speech use."""

import pytest

from tests.speech_clips import (
    NO_PROMPTS,
    Clip,
    excerpts,
    human_clips,
    plain,
    telephone_prompts,
    two_cities,
    word_error_rate,
)


def seconds(clip: Clip) -> float:
    return len(clip.linear16()) / 32000


def test_there_are_at_least_three_clips_with_sound_and_text():
    clips = human_clips()
    assert len({clip.name for clip in clips}) == len(clips) >= 3
    assert all(seconds(clip) > 2 and len(clip.text.split()) > 4 for clip in clips)


def test_excerpts_are_parts_of_the_whole():
    assert all(clip.text in two_cities().text for clip in excerpts())
    assert [round(seconds(clip), 1) for clip in excerpts()] == [8.4, 8.6, 15.9]


def test_audio_comes_at_the_rate_that_is_asked_for():
    clip = excerpts()[0]
    assert len(clip.linear16(8000)) == pytest.approx(len(clip.linear16(16000)) / 2, abs=4)


def test_prompts_have_their_texts():
    prompts = telephone_prompts(["conf-onlyperson"])
    if not prompts:
        pytest.skip(NO_PROMPTS)
    assert prompts[0].text == "You are currently the only person in this conference."


def test_case_punctuation_and_digits_are_no_errors():
    assert plain("Press 4, please \u2013 don\u2019t wait!") == "press four please don't wait"
    clip = two_cities()
    assert word_error_rate([(clip, clip.text.upper())]) == 0
    assert word_error_rate([(clip, clip.text.replace("times", "limes"))]) == pytest.approx(2 / 119)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from pipecat_sagemaker_deepgram.cli.audio_file import open_audio
from pipecat_sagemaker_deepgram.cli.demo import TEXT, find_recording, summary
from pipecat_sagemaker_deepgram.cli.events import AudioFed, Heard, Started
from pipecat_sagemaker_deepgram.cli.outcome import Outcome, words_of


def outcome() -> Outcome:
    it = Outcome()
    text = TEXT.replace("best", "beast")
    it.add(Started(100.0))
    it.add(Heard("It was", 0.5, 1.0, covers_to=1.0, is_final=False, at=101.0))
    it.add(Heard(text, 0.5, 43.5, covers_to=44.0, is_final=True, at=144.1))
    it.add(AudioFed(44.4, is_all=True))
    return it


def test_the_recording_comes_with_the_recogniser():
    assert 40 < open_audio(find_recording()).seconds < 50


def test_the_text_is_the_opening_of_the_book():
    assert len(words_of([TEXT])) == 119


def test_summary_says_what_was_heard_how_fast_and_how_well():
    lines = summary(outcome(), speed=1.0, took=46.2).splitlines()
    assert 3 <= len(lines) <= 6
    assert "119 words in 44 s of speech" in lines[0]
    assert "1 interim results" in lines[0]
    assert "took 46 s" in lines[1]
    assert "0.60 s after its last word" in lines[2]
    assert "0.8%" in lines[3]


def test_summary_says_where_to_go_next():
    said = summary(outcome(), speed=1.0, took=46.2)
    for word in ("transcribe FILE", "--endpoint NAME", "README"):
        assert word in said


def test_a_delay_is_only_claimed_in_real_time():
    assert "after its last word" not in summary(outcome(), speed=2.0, took=24.0)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.cli.conclusion import conclude
from pipecat_sagemaker_deepgram.cli.events import AudioFed, Event, ProblemReported, WordsHeard
from pipecat_sagemaker_deepgram.cli.outcome import Outcome

ALL_FED = AudioFed(2.0, is_all=True)
HEARD = WordsHeard("x", 0, 1, covers_to=1, is_final=True, at=0)


def concluded(*events: Event, is_interrupted: bool = False) -> int:
    outcome = Outcome(is_interrupted=is_interrupted)
    for event in events:
        outcome.add(event)
    return conclude(outcome)


def test_all_went_well():
    assert concluded(ALL_FED, HEARD) == 0


def test_a_fatal_problem_was_said_by_the_display(capsys: pytest.CaptureFixture[str]):
    assert concluded(HEARD, ProblemReported("It broke.", is_fatal=True)) == 1
    assert capsys.readouterr().err == ""


def test_a_problem_that_no_word_followed_may_have_cost_words(capsys: pytest.CaptureFixture[str]):
    assert concluded(HEARD, ProblemReported("2 s lost.", is_fatal=False), ALL_FED) == 1
    assert capsys.readouterr().err == "error: the end of the transcript may be missing\n"


def test_a_problem_that_words_followed_was_overcome():
    assert concluded(ProblemReported("Gone.", is_fatal=False), HEARD, ALL_FED) == 0


def test_a_pipeline_that_ends_early_is_a_failure(capsys: pytest.CaptureFixture[str]):
    assert concluded(AudioFed(1.0), HEARD) == 1
    assert "stopped before the end of the recording" in capsys.readouterr().err


def test_an_interrupted_recording_says_how_far_it_came(capsys: pytest.CaptureFixture[str]):
    assert concluded(AudioFed(1.0), HEARD, is_interrupted=True) == 130
    assert capsys.readouterr().err == "stopped after 1.0 s of audio\n"

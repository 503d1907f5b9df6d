# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import re

import pytest

from pipecat_sagemaker_deepgram.cli.arguments import DemoOptions
from pipecat_sagemaker_deepgram.cli.demo import (
    run_demo,
    summary,
    summary_of_turns,
)
from pipecat_sagemaker_deepgram.cli.events import AudioFed, Started, TurnOver, WordsHeard
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.outcome import Outcome
from pipecat_sagemaker_deepgram.recordings import two_cities


def outcome() -> Outcome:
    it = Outcome()
    text = two_cities().text.replace("best", "beast")
    it.add(Started(100.0))
    it.add(WordsHeard("It was", 0.5, 1.0, covers_to=1.0, is_final=False, at=101.0))
    it.add(WordsHeard(text, 0.5, 43.5, covers_to=44.0, is_final=True, at=144.1))
    it.add(AudioFed(44.4, is_all=True))
    return it


def test_summary_says_what_was_heard_how_fast_and_how_well():
    lines = summary(outcome(), speed=1.0, took=46.2).splitlines()
    assert len(lines) == 4
    assert "119 words in 44 s of speech" in lines[0]
    assert "1 interim results" in lines[0]
    assert "took 46 s" in lines[1]
    assert "0.60 s after its last word" in lines[2]
    assert "0.8%" in lines[3]


def test_the_second_summary_says_how_many_turns_there_were_and_when_they_ended():
    it = Outcome()
    it.add(AudioFed(10.0, is_all=True))
    assert summary_of_turns(it) == "Reported 0 turns in 10 s of speech."
    for number, silence in enumerate((0.4, 0.6, 1.9), 1):
        it.add(TurnOver(number, 3.0 * number, silence, "model", 0.9))
    reported = summary_of_turns(it)
    assert (
        reported
        == "Reported 3 turns in 10 s of speech, each 0.6 s of audio after its last word (median)."
    )


@pytest.mark.speech
def test_it_shows_a_transcript_and_then_a_conversation_of_turns(
    capsys: pytest.CaptureFixture[str],
):
    assert run_demo(DemoOptions(speed=20.0)) is ExitCode.DONE
    said = capsys.readouterr().out
    first, _, second = said.partition("with Deepgram Flux")
    assert "Word error rate" in first
    marks = re.findall(r"turn (\d) (begins|ended)", second)
    assert marks == [(str(n), what) for n in range(1, 7) for what in ("begins", "ended")]
    assert "Reported 6 turns" in second
    for word in ("transcribe FILE", "--endpoint NAME", "README"):
        assert word in second


def test_a_delay_is_only_claimed_in_real_time():
    assert "after its last word" not in summary(outcome(), speed=2.0, took=24.0)

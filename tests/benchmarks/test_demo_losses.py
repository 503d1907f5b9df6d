# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest
from benchmarks.demo.losses import FAULTS, Loss, compare, losses_table

from pipecat_sagemaker_deepgram.emulator import parse_fault

SAID = ["one", "two", "three", "four", "five"]


@pytest.mark.parametrize(
    ("heard", "lost", "repeated"),
    [
        ("one two three four five", 0, 0),
        ("one two", 3, 0),
        ("", 5, 0),
        ("one two three two three four five", 0, 2),
        ("one too three four five", 0, 0),
        ("one three four five five", 1, 1),
    ],
)
def test_words_are_lost_repeated_or_heard_as_others(heard: str, lost: int, repeated: int):
    assert compare(SAID, heard.split()) == Loss(5, lost, repeated)


def test_each_service_is_a_line():
    table = losses_table([("ours", Loss(5, 0, 0)), ("peer", None)]).splitlines()
    assert [cell.strip() for cell in table[2].split("|")[1:-1]] == ["ours", "0 of 5", "0"]
    assert "did not end" in table[3]


def test_the_faults_can_be_read():
    assert len([parse_fault(text) for text in FAULTS]) == 4

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What services lose: how words are counted, and the table."""

import pytest
from benchmarks.losses.cases import FAULTS, WORDS, Heard
from benchmarks.losses.table import losses_table

from pipecat_sagemaker_deepgram.emulator import parse_fault

ALL = [f"w{index}" for index in range(WORDS)]


def _heard(words: list[str], *, is_held_up: bool = False) -> Heard:
    return Heard(words=words, errors=0, is_held_up=is_held_up, end_seconds=0.1)


@pytest.mark.parametrize(
    ("words", "lost", "repeated"),
    [(ALL, 0, 0), (ALL[:-3], 3, 0), ([*ALL, "w7", "w8"], 0, 2), (ALL[5:] + ALL[5:], 5, WORDS - 5)],
)
def test_words_are_lost_or_repeated(words: list[str], lost: int, repeated: int) -> None:
    heard = _heard(words)
    assert (heard.lost, heard.repeated) == (lost, repeated)


def test_the_emulator_knows_every_fault() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    for fault in FAULTS:
        for text in fault.script:
            parse_fault(text)


def test_the_table_tells_what_was_lost_and_what_was_held_up() -> None:
    first, second = FAULTS[:2]
    results = {
        (first.name, "ours"): _heard(ALL),
        (first.name, "theirs"): _heard([*ALL[4:], "w9"], is_held_up=True),
        (second.name, "ours"): _heard(ALL),
        (second.name, "theirs"): None,
    }
    lines = losses_table(results, ["ours", "theirs"]).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == [f"words lost of {WORDS}", "ours", "theirs"]
    assert cells[2] == [first.name, "0", "4, 1 repeated, held up"]
    assert cells[3] == [second.name, "0", "hung"]
    assert len(cells) == 4

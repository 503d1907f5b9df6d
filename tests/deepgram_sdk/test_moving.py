# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A program on Deepgram's own transport runs on ours with one import changed."""

import asyncio
from pathlib import Path

import pytest
from benchmarks.losses.cases import Heard
from benchmarks.sdk_losses.__main__ import put_between_marks
from benchmarks.sdk_losses.launch import OURS, PROGRAM, THEIRS, program_on
from benchmarks.sdk_losses.running import CANDIDATES, run

from benchmarks import environments
from pipecat_sagemaker_deepgram.container import marked_audio

from ..local_path import words

COUNT = 20
AUDIO = marked_audio(0, COUNT) + bytes(48_000)
"""With the silence that ends a turn: a turn that is open at the end is a fault of its own."""
PATIENCE = 40.0


@pytest.fixture(scope="module")
def peer() -> None:
    """Deepgram's transport, in an environment of its own."""
    environments.DEEPGRAM.build()


def test_one_line_of_the_program_is_changed() -> None:
    before, after = program_on(THEIRS).splitlines(), program_on(OURS).splitlines()
    assert before == PROGRAM.read_text().splitlines()
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert changed == [
        (
            "from deepgram_sagemaker import SageMakerTransportFactory",
            "from pipecat_sagemaker_deepgram.deepgram_sdk import SageMakerTransportFactory",
        )
    ]
    assert len(before) < 40


@pytest.mark.usefixtures("peer")
async def test_the_program_hears_the_same_on_both() -> None:
    runs = [run(candidate, (), AUDIO, patience=PATIENCE) for candidate in CANDIDATES]
    heard: list[Heard] = await asyncio.gather(*runs)
    assert {tuple(each.words) for each in heard} == {tuple(words(0, COUNT))}
    assert not any(each.errors or each.is_held_up for each in heard)


def test_the_table_goes_between_its_marks(tmp_path: Path) -> None:
    text = "before\n<!-- losses -->\nold\n<!-- end of losses -->\nafter\n"
    assert put_between_marks(text, "| new |") == text.replace("old", "| new |")

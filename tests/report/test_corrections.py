# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.recorded.transcript import Interim
from pipecat_sagemaker_deepgram.report.corrections import compare, versions_of

from .run_with_breaks import broken_run, segment


def test_a_word_that_did_not_stay_is_marked():
    assert compare("It is the", "it was the best") == (("It", True), ("is", False), ("the", True))


def test_case_and_punctuation_are_no_correction():
    assert compare("hello there", "Hello, there!") == (("hello", True), ("there", True))


def test_interims_belong_to_the_final_that_settled_them():
    run = broken_run()
    versions = versions_of(run.segments, run.interims)
    assert [len(versions[each]) for each in run.segments] == [2, 0]
    assert [version.corrected for version in versions[run.segments[0]]] == [1, 0]


@pytest.mark.parametrize(
    "fields",
    [{"channel": 1}, {"arrived": 9.0}, {"start": 5.0, "end": 6.0}],
    ids=["another channel", "too late", "elsewhere"],
)
def test_others_do_not(fields: dict[str, float]):
    final = segment("It was.", 0.5)
    interim = Interim(**{"text": "It", "start": 0.4, "end": 1.0, "arrived": 0.5, **fields})
    assert versions_of([final], [interim])[final] == []

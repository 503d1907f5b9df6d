# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from typing import Any

from pipecat_sagemaker_deepgram.cli.events import Heard, read_results


def results(*words: tuple[str, float, float]) -> dict[str, Any]:
    named = [{"word": word, "start": start, "end": end} for word, start, end in words]
    return {
        "start": 1.0,
        "duration": 4.0,
        "channel": {"alternatives": [{"transcript": "", "words": named}]},
    }


def test_times_are_those_of_the_words():
    heard = read_results(
        "one two", results(("one", 1.5, 2.0), ("two", 2.5, 3.0)), is_final=True, at=9.0
    )
    assert heard == Heard("one two", 1.5, 3.0, covers_to=5.0, is_final=True, at=9.0)


def test_without_words_times_are_those_of_the_audio():
    heard = read_results("one", results(), is_final=False, at=9.0)
    assert (heard.start, heard.end) == (1.0, 5.0)


def test_text_is_one_line_without_tabs():
    assert read_results("one\ttwo\nthree", results(), is_final=True, at=0).text == "one two three"

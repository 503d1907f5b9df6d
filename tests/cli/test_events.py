# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from typing import Any

from pipecat_sagemaker_deepgram.cli.events import TurnOver, WordsHeard, end_of_turn, read_message
from pipecat_sagemaker_deepgram.recorded import SpokenWord


def results(*words: tuple[str, float, float]) -> dict[str, Any]:
    named = [{"word": word, "start": start, "end": end} for word, start, end in words]
    return {
        "start": 1.0,
        "duration": 4.0,
        "channel": {"alternatives": [{"transcript": "", "words": named}]},
    }


def test_times_are_those_of_the_words():
    heard = read_message(
        "one two", results(("one", 1.5, 2.0), ("two", 2.5, 3.0)), is_final=True, at=9.0
    )
    words = (SpokenWord(text="one", start=1.5, end=2.0), SpokenWord(text="two", start=2.5, end=3.0))
    assert heard == WordsHeard(
        "one two", 1.5, 3.0, covers_to=5.0, is_final=True, at=9.0, words=words
    )


def test_without_words_times_are_those_of_the_audio():
    heard = read_message("one", results(), is_final=False, at=9.0)
    assert (heard.start, heard.end) == (1.0, 5.0)


def test_text_is_one_line_without_tabs():
    assert read_message("one\ttwo\nthree", results(), is_final=True, at=0).text == "one two three"


def turn_info(*words: dict[str, Any]) -> dict[str, Any]:
    return {"audio_window_start": 1.0, "audio_window_end": 4.0, "words": list(words)}


def test_a_turn_of_deepgram_flux_is_read_too():
    """Containers that give no word times still say which audio they listened to."""
    timed = turn_info({"word": "one", "start": 1.5, "end": 2.0}, {"word": "two"})
    heard = read_message("one two", timed, is_final=True, at=9.0)
    words = (SpokenWord(text="one", start=1.5, end=2.0),)
    assert heard == WordsHeard(
        "one two", 1.5, 2.0, covers_to=4.0, is_final=True, at=9.0, words=words
    )
    untimed = read_message("one", turn_info({"word": "one"}), is_final=True, at=9.0)
    assert (untimed.start, untimed.end) == (1.0, 4.0)


def test_the_end_of_a_turn_says_how_sure_it_is_and_after_how_much_silence():
    heard = WordsHeard("one", 1.5, 2.0, covers_to=4.0, is_final=True, at=9.0)
    reported = turn_info() | {"trigger": "model", "end_of_turn_confidence": 0.9}
    assert end_of_turn(3, heard, reported) == TurnOver(3, 4.0, 2.0, "model", 0.9)
    assert end_of_turn(3, heard, turn_info()) == TurnOver(3, 4.0, 2.0, "", 0.0)

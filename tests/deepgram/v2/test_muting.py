# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is left of a turn without the words that were said in a mute."""

from dataclasses import replace

from pipecat_sagemaker_deepgram.deepgram.mutes import Mutes
from pipecat_sagemaker_deepgram.deepgram.v2.muting import without_muted
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import HeardTurn

from .listener import info, timed

TURN = info(
    "Update",
    3.0,
    "Hello, you there",
    words=timed(("Hello,", 0.0, 0.5), ("you", 1.2, 1.6), ("there", 2.2, 2.6)),
)
BODY = {"transcript": TURN.transcript, "words": [{"word": word.word} for word in TURN.words]}


def _mutes(start: float, end: float) -> Mutes:
    mutes = Mutes()
    mutes.begin("user", start)
    mutes.end("user", end)
    return mutes


def test_words_of_a_mute_are_left_out_of_text_words_and_result() -> None:
    heard = without_muted(HeardTurn(TURN, 1, 0.0, BODY), _mutes(1.0, 2.0))
    assert heard.info.transcript == "Hello, there"
    assert [word.word for word in heard.info.words] == ["Hello,", "there"]
    assert heard.body == {
        "transcript": "Hello, there",
        "words": [{"word": "Hello,"}, {"word": "there"}],
        "muted": True,
    }


def test_a_turn_outside_every_mute_stays_as_it_is() -> None:
    heard = HeardTurn(TURN, 1, 0.0, BODY)
    assert without_muted(heard, _mutes(5.0, 6.0)) is heard


def test_without_word_times_the_window_as_a_whole_decides() -> None:
    heard = HeardTurn(info("Update", 3.0, "Hello there", audio_window_start=1.0), 1, 0.0)
    assert without_muted(heard, _mutes(0.5, 3.5)).info.transcript == ""
    assert without_muted(heard, _mutes(1.5, 3.5)) is heard
    silent = replace(heard, info=info("Update", 3.0))
    assert without_muted(silent, _mutes(0.0, 9.0)) is silent

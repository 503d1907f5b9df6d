# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns are written as one stream would write them."""

from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    HeardTurn,
    TurnEnded,
    TurnStarted,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turn_writing import TurnWriter


def heard(text: str, *, window_start: float | None = 0.0) -> HeardTurn:
    body: dict[str, Any] = {
        "event": "Update",
        "turn_index": 7,
        "transcript": text,
        "words": [{"word": word, "confidence": 0.9} for word in text.split()],
    }
    if window_start is not None:
        body["audio_window_start"] = window_start
    return HeardTurn(TurnInfo("Update", 7, 1.0), 1, 0.0, body)


def update(writer: TurnWriter, text: str, message: HeardTurn) -> Any:
    return writer.write(TurnUpdated(text, message), message, text)


def words(written: Any) -> list[tuple[str, float]]:
    return [(word["word"], word["confidence"]) for word in written["words"]]


def test_a_turn_has_one_number_and_one_beginning() -> None:
    writer = TurnWriter()
    first, second = heard("a", window_start=1.0), heard("a b", window_start=1.5)
    started = writer.write(TurnStarted("a"), first, "a")
    ended = writer.write(TurnEnded("a b", second, is_committed=True, is_ours=False), second, "a b")
    assert (started["event"], ended["event"]) == ("StartOfTurn", "EndOfTurn")
    assert (started["turn_index"], ended["turn_index"]) == (0, 0)
    assert (started["audio_window_start"], ended["audio_window_start"]) == (1.0, 1.0)
    assert writer.between_turns(heard("").body)["turn_index"] == 1
    following = heard("c", window_start=4.0)
    assert update(writer, "c", following)["audio_window_start"] == 4.0


def test_what_one_stream_says_is_written_as_it_is() -> None:
    message = heard("a b", window_start=None)
    assert update(TurnWriter(), "a b", message) == {**message.body, "turn_index": 0}


def test_words_are_put_together_of_two_streams() -> None:
    writer = TurnWriter()
    update(writer, "a b c", heard("a b c"))
    written = update(writer, "a b c d", heard("c d"))
    assert written["transcript"] == "a b c d"
    assert words(written) == [("a", 0.9), ("b", 0.9), ("c", 0.9), ("d", 0.9)]


def test_a_word_that_no_stream_has_on_its_own_is_not_sure() -> None:
    writer = TurnWriter()
    update(writer, "a", heard("a"))
    assert words(update(writer, "a b c", heard("c"))) == [("a", 0.9), ("b", 0.0), ("c", 0.9)]

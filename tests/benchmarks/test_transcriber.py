# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import json

from benchmarks.marks import final_words_in, frame, last_word_in, stream_of
from benchmarks.server.transcriber import Transcriber


def _hear(transcriber: Transcriber, first: int, end: int) -> list[str]:
    audio = b"".join(frame(1, number) for number in range(first, end))
    return [message.decode() for message in transcriber.hear(audio)]


def test_each_100_ms_of_audio_is_answered_with_its_word():
    messages = _hear(Transcriber("s"), 0, 14)
    assert [last_word_in(message) for message in messages] == [0, 1]
    assert json.loads(messages[1])["channel"]["alternatives"][0]["transcript"] == "w0 w1"


def test_audio_may_be_cut_anywhere():
    whole, cut = Transcriber("s"), Transcriber("s")
    audio = b"".join(frame(1, number) for number in range(10))
    pieces = [audio[at : at + 999] for at in range(0, len(audio), 999)]
    assert [m for piece in pieces for m in cut.hear(piece)] == whole.hear(audio)


def test_a_second_is_a_final_and_the_next_result_begins_behind_it():
    messages = _hear(Transcriber("s"), 0, 55)
    finals = [message for message in messages if final_words_in(message)]
    assert [final_words_in(message) for message in finals] == [list(range(10))]
    after = json.loads(messages[-1])
    assert (after["start"], after["duration"], after["is_final"]) == (1.0, 0.1, False)


def test_a_stream_that_starts_late_keeps_its_own_clock_and_the_session_s_words():
    message = _hear(Transcriber("s"), 100, 105)[0]
    assert last_word_in(message) == 20
    assert json.loads(message)["duration"] == 0.1


def test_closing_says_what_is_left_and_then_the_metadata():
    transcriber = Transcriber("s9")
    _hear(transcriber, 0, 10)
    final, metadata = (message.decode() for message in transcriber.close())
    assert final_words_in(final) == [0, 1]
    assert stream_of(final) == "s9"
    assert json.loads(metadata)["type"] == "Metadata"


def test_silence_is_time_without_words():
    transcriber = Transcriber("s")
    assert transcriber.hear(bytes(3200)) == []
    assert round(transcriber.heard_seconds, 3) == 0.1

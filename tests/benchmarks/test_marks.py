# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from benchmarks import marks


def test_a_frame_is_20_ms_and_says_where_it_comes_from():
    frame = marks.frame(3, 14)
    assert len(frame) == 640
    assert marks.MARK.unpack_from(frame) == (3, 14)


def test_a_frame_counts_as_speech():
    samples = memoryview(marks.frame(0, 0)).cast("h")[4:]
    assert min(samples) > 1000


def test_every_fifth_frame_completes_a_word_and_silence_never_does():
    completing = [number for number in range(12) if marks.completes_word(number)]
    assert completing == [4, 9]
    assert [marks.word_of(number) for number in completing] == [0, 1]
    assert not marks.completes_word(marks.MARK.unpack_from(bytes(640))[1])


def test_the_last_word_is_found_without_parsing():
    message = marks.message_of("w1 w27", is_final=False)
    assert marks.last_word_in(message) == 27
    assert marks.last_word_in('{"type":"Metadata"}') is None


def test_only_a_final_has_final_words():
    assert marks.final_words_in(marks.message_of("w1 w2", is_final=True)) == [1, 2]
    assert marks.final_words_in(marks.message_of("w1 w2", is_final=False)) == []


def test_a_result_says_which_stream_it_came_on():
    assert marks.stream_of('{"request_id":"stream-7"}') == "stream-7"
    assert marks.stream_of("{}") == ""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import json

import pytest

from pipecat_sagemaker_deepgram.exceptions import StreamError
from pipecat_sagemaker_deepgram.recorded.prerecorded import read_answer

WORDS = [
    {"word": "hello", "start": 0.5, "end": 0.9, "confidence": 0.99, "punctuated_word": "Hello,"},
    {"word": "you", "start": 1.0, "end": 1.2, "confidence": 0.9, "speaker": 1},
]
ALTERNATIVE = {"transcript": "Hello, you.", "confidence": 0.95, "words": WORDS}
ANSWER = {
    "metadata": {"request_id": "r", "duration": 2.0, "channels": 1},
    "results": {"channels": [{"alternatives": [ALTERNATIVE]}]},
}


def read(answer: object) -> list:
    return read_answer(json.dumps(answer).encode(), channel=2, arrived=1.23456)


def test_a_channel_is_one_piece_where_there_are_no_utterances():
    (segment,) = read(ANSWER)
    assert (segment.text, segment.start, segment.end) == ("Hello, you.", 0.5, 1.2)
    assert (segment.channel, segment.arrived, segment.latency) == (2, 1.235, None)
    assert [word.text for word in segment.words] == ["Hello,", "you"]
    assert [word.speaker for word in segment.words] == [None, 1]


def test_utterances_are_pieces():
    utterances = [
        {"transcript": word["word"], "start": 0, "end": 1, "words": [word]} for word in WORDS
    ]
    answer = {"results": ANSWER["results"] | {"utterances": utterances}}
    assert [segment.text for segment in read(answer)] == ["hello", "you"]


def test_silence_is_no_piece():
    assert read({"results": {"channels": [{"alternatives": [{"transcript": ""}]}]}}) == []
    assert read({"results": {"channels": [{"alternatives": []}], "utterances": []}}) == []


@pytest.mark.parametrize("body", [b"", b"no", b"[]", b"{}", b'{"results": 1}', b"[" * 100_000])
def test_what_is_no_transcript_is_refused(body: bytes):
    with pytest.raises(StreamError, match="not a transcript"):
        read_answer(body, channel=None, arrived=0.0)

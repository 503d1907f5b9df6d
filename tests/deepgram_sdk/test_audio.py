# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from urllib.parse import parse_qs

import pytest

from pipecat_sagemaker_deepgram.deepgram_sdk.audio import (
    QueriedAudio,
    audio_format,
    is_on,
    milliseconds,
    speech_rate,
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("encoding=linear16&sample_rate=16000", (32_000, 2, 0)),
        ("encoding=linear16&sample_rate=8000&channels=2", (32_000, 4, 0)),
        ("encoding=linear32&sample_rate=16000", (64_000, 4, 0)),
        ("encoding=mulaw&sample_rate=8000", (8_000, 1, 0xFF)),
        ("encoding=alaw&sample_rate=8000&channels=2", (16_000, 2, 0xD5)),
    ],
)
def test_audio_whose_bytes_are_time_is_known(query: str, expected: tuple[int, int, int]) -> None:
    rate, frame, silence = expected
    assert audio_format(parse_qs(query)) == QueriedAudio(
        bytes_per_second=rate, frame_size=frame, silence=silence
    )


@pytest.mark.parametrize(
    "query",
    [
        "model=nova-3",
        "encoding=opus&sample_rate=48000",
        "encoding=linear16",
        "encoding=linear16&sample_rate=a",
        "encoding=linear16&sample_rate=16000&channels=0",
    ],
)
def test_other_audio_has_no_format(query: str) -> None:
    assert audio_format(parse_qs(query)) is None


def test_silence_is_zero_to_the_session_and_back_again() -> None:
    flip = QueriedAudio(bytes_per_second=8_000, frame_size=1, silence=0xFF).flip
    assert flip is not None
    assert flip(b"\xff\xff\x01") == b"\0\0\xfe"
    assert flip(flip(bytes(range(256)))) == bytes(range(256))
    assert QueriedAudio(bytes_per_second=32_000, frame_size=2).flip is None


def test_values_of_a_query_are_read() -> None:
    query = parse_qs("interim_results=true&vad_events=false&eot_timeout_ms=600")
    assert is_on(query, "interim_results")
    assert not is_on(query, "vad_events")
    assert not is_on(query, "punctuate")
    assert milliseconds(query, "eot_timeout_ms", 5.0) == 0.6
    assert milliseconds(query, "other_ms", 5.0) == 5.0


@pytest.mark.parametrize(
    ("query", "rate"),
    [
        ("", 48_000),
        ("sample_rate=8000", 16_000),
        ("encoding=mulaw", 8_000),
        ("encoding=alaw&sample_rate=16000", 16_000),
    ],
)
def test_the_rate_of_speech_is_known(query: str, rate: int) -> None:
    assert speech_rate(parse_qs(query)) == rate

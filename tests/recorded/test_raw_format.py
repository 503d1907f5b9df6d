# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.raw_format import RawFormat, raw_format_of


@pytest.mark.parametrize(
    ("name", "said", "wanted"),
    [
        ("a.ulaw", {}, RawFormat(encoding="mulaw", sample_rate=8000)),
        ("a.ALAW", {}, RawFormat(encoding="alaw", sample_rate=8000)),
        ("a.pcm", {"sample_rate": 16000}, RawFormat(sample_rate=16000)),
        ("a.raw", {"encoding": "mulaw"}, RawFormat(encoding="mulaw", sample_rate=8000)),
        (
            "-",
            {"encoding": "linear16", "sample_rate": 44100, "channels": 2},
            RawFormat(sample_rate=44100, channels=2),
        ),
        ("a.wav", {"encoding": "mulaw", "sample_rate": 8000}, None),
        ("-", {"sample_rate": 8000}, None),
    ],
)
def test_the_name_and_what_is_said_give_the_format(name: str, said: dict, wanted):
    assert raw_format_of(name, **said) == wanted


@pytest.mark.parametrize(
    ("name", "said", "complaint"),
    [
        ("a.raw", {}, "Give their sample rate"),
        ("a.raw", {"encoding": "opus", "sample_rate": 8000}, "encoding is 'opus'"),
        ("a.raw", {"sample_rate": 1}, "sample_rate is 1"),
        ("a.raw", {"sample_rate": 8000, "channels": 100}, "channels is 100"),
    ],
)
def test_what_cannot_be_is_said(name: str, said: dict, complaint: str):
    with pytest.raises(RecordingError, match=complaint):
        raw_format_of(name, **said)

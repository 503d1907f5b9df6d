# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.recorded.naming import name_outputs
from pipecat_sagemaker_deepgram.recorded.sources import Source


@pytest.mark.parametrize(
    ("names", "outputs"),
    [
        (["calls/a.wav"], ["a.srt"]),
        (["calls/a.wav", "calls/b.mp3"], ["a.srt", "b.srt"]),
        (["calls/a.wav", "calls/a.mp3"], ["a.wav.srt", "a.mp3.srt"]),
        (["calls/1/a.wav", "calls/2/a.wav"], ["1/a.srt", "2/a.srt"]),
        (["/x/a.wav", "b.wav"], ["x/a.srt", "b.srt"]),
        (["../a.wav", "b/a.wav"], ["a.wav.srt", "b/a.srt"]),
        (["-", "https://x.y/p/a%20b.wav?z=1"], ["stdin.srt", "a b.srt"]),
        (["https://x.y/1/a.wav", "https://x.y/2/a.wav"], ["a.wav.srt", "a.wav-2.srt"]),
    ],
)
def test_no_two_are_the_same(names: list[str], outputs: list[str]):
    named = name_outputs([Source(name) for name in names], ".srt")
    if names[0].startswith("../"):
        assert len(set(named.values())) == 2
    else:
        assert [str(path) for path in named.values()] == outputs
    assert not any(path.is_absolute() or ".." in path.parts for path in named.values())

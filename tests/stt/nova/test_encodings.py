# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova's encodings in a real pipeline, against the emulated endpoint."""

import pytest

from pipecat_sagemaker_deepgram.audio.pcm import SAMPLE_BYTES

from ...local_path import local_path, marked_audio, words
from ...pipelines import RunningPipeline, nova, running

COUNT = 30


def starts(pipeline: RunningPipeline) -> list[float]:
    """Session times at which the words of the finals begin."""
    return [
        word["start"]
        for frame in pipeline.finals
        for word in frame.result["channel"]["alternatives"][0]["words"]  # type: ignore[index]
    ]


@pytest.mark.parametrize("rate", [8_000, 16_000])
@pytest.mark.parametrize("encoding", SAMPLE_BYTES)
async def test_the_words_and_their_times_are_the_same_in_every_encoding(
    encoding: str, rate: int
) -> None:
    """A stream is lost on the way: what is replayed is cut by seconds, not by bytes sent."""
    reset = f"reset@bytes={rate * SAMPLE_BYTES[encoding]}"
    async with local_path(reset) as path:
        service = nova(path, encoding=encoding)
        async with running(service, sample_rate=rate) as pipeline:
            await pipeline.speak(marked_audio(0, COUNT, sample_rate=rate), rate=rate)
        queries = [stream.query for stream in path.emulator.streams]
    assert len(queries) == 2
    assert all(f"encoding={encoding}&" in query for query in queries)
    assert pipeline.words == words(0, COUNT)
    assert starts(pipeline) == [pytest.approx(index * 0.1, abs=0.06) for index in range(COUNT)]
    assert pipeline.errors == []

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The end of a pipeline while the endpoint says nothing any more: the tail is heard elsewhere."""

import time

import pytest
from pipecat.frames.frames import EndFrame

from ...local_path import HARD, local_path, marked_audio, words
from ...pipelines import nova, running

CLOSE_TIMEOUT = 3.0


@pytest.mark.parametrize("fault", ["silence@bytes=60000", "stop-reading@bytes=60000"])
async def test_the_tail_that_a_silent_endpoint_owes_comes_before_the_end(fault: str) -> None:
    """With the limit that holds at all times, the loss would be noticed when all is over."""
    async with local_path(fault, behavior=HARD) as path:
        async with running(nova(path, close_timeout=CLOSE_TIMEOUT), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 30))
            began = time.monotonic()
            await pipeline.send(EndFrame())
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame))
            assert time.monotonic() - began < CLOSE_TIMEOUT
        assert len(path.emulator.streams) == 2
    assert pipeline.words == words(0, 30)
    assert pipeline.errors == []

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads a recording in threads, without blocking the event loop."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from itertools import islice

from pipecat_sagemaker_deepgram.recorded.decoding import Recording
from pipecat_sagemaker_deepgram.recorded.waveform import PeakMeter

_BLOCKS_AT_A_TIME = 32


async def read_blocks(
    recording: Recording, *, sample_rate: int, channel: int | None, meter: PeakMeter
) -> AsyncGenerator[bytes]:
    """Read a recording, several seconds at a time.

    Args:
        recording: The recording.
        sample_rate: Sample rate of the result, in Hz.
        channel: Index of the channel; ``None`` mixes all of them.
        meter: Measures the peaks.

    Yields:
        Mono linear16, in whole samples.

    Raises:
        RecordingError: It cannot be read.
    """
    blocks = recording.blocks(sample_rate=sample_rate, channel=channel)
    try:
        while audio := await _in_thread(blocks, meter):
            yield audio
    finally:
        blocks.close()


async def _in_thread(blocks: Iterator[bytes], meter: PeakMeter) -> bytes:
    """Read more; a thread that was started is waited for, whatever happens."""
    reading = asyncio.ensure_future(asyncio.to_thread(_take, blocks, meter))
    try:
        return await asyncio.shield(reading)
    except asyncio.CancelledError:
        await asyncio.wait([reading])
        raise


def _take(blocks: Iterator[bytes], meter: PeakMeter) -> bytes:
    audio = b"".join(islice(blocks, _BLOCKS_AT_A_TIME))
    meter.take(audio)
    return audio

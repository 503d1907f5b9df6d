# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What ``docs/turns.md`` says of Pipecat, and the code that it shows."""

import asyncio
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADAnalyzer, VADState
from pipecat.frames.frames import (
    Frame,
    InterruptionFrame,
    MetricsFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.metrics.metrics import TTFBMetricsData
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from ..local_path import local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, running
from ..speech_clips import two_cities

GUIDE = Path(__file__).parents[2] / "docs" / "turns.md"
QUIET = 0.05
"""Makes speech of -37 LUFS one of -63."""


def _run_code(number: int, **names: Any) -> dict[str, Any]:
    """Run one of the guide's pieces of code, and give back what it defines."""
    code = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)[number]
    exec(code, names)
    return names


# Quiet callers


async def _is_heard(analyzer: VADAnalyzer, gain: float) -> bool:
    analyzer.set_sample_rate(16_000)
    samples = np.frombuffer(two_cities().linear16()[: 10 * 32_000], "<i2")
    audio = (samples * gain).astype("<i2").tobytes()
    states = [
        await analyzer.analyze_audio(audio[at : at + 640]) for at in range(0, len(audio), 640)
    ]
    return VADState.SPEAKING in states


async def test_pipecats_vad_ignores_a_quiet_caller() -> None:
    assert await _is_heard(SileroVADAnalyzer(), 1.0)
    assert not await _is_heard(SileroVADAnalyzer(), QUIET)


async def test_the_vad_of_the_guide_hears_a_quiet_caller() -> None:
    assert await _is_heard(_run_code(0)["vad_analyzer"], QUIET)


# Interruptions


class _Slow(FrameProcessor):
    """Is busy with a transcription until it is told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.is_busy = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self.is_busy.set()
            await self.goes_on.wait()
        await self.push_frame(frame, direction)


async def _interrupt(pipeline: RunningPipeline, slow: _Slow) -> None:
    await pipeline.speak(marked_audio(0, 20))
    await asyncio.wait_for(slow.is_busy.wait(), 10)
    await pipeline.send(InterruptionFrame())
    await pipeline.until(lambda p: any(isinstance(frame, InterruptionFrame) for frame in p.down))
    slow.goes_on.set()


@pytest.mark.skipif(not hasattr(Frame, "interruptible"), reason="Pipecat 1.12 brought the mark")
@pytest.mark.parametrize("is_guided", [False, True], ids=["by default", "as the guide says"])
async def test_an_interruption_drops_a_final_that_a_slow_processor_has(is_guided: bool) -> None:
    async with local_path() as path:
        slow, service = _Slow(), nova(path)
        if is_guided:
            _run_code(1, stt=service)
        async with running(service, processors=[service, slow]) as pipeline:
            await _interrupt(pipeline, slow)
    assert (pipeline.words == words(0, 20)) is is_guided
    assert pipeline.words[-1] == "w19"


# Latency


@pytest.mark.parametrize("has_vad", [False, True])
async def test_latency_is_measured_only_with_a_vad(has_vad: bool) -> None:
    async with local_path() as path, running(nova(path)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
        if has_vad:
            await pipeline.send(VADUserStartedSpeakingFrame())
        await pipeline.speak(marked_audio(0, 20))
        if has_vad:
            await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))
        await pipeline.until(lambda p: p.words and (_latencies(p) or not has_vad))
    assert bool(_latencies(pipeline)) is has_vad


def _latencies(pipeline: RunningPipeline) -> list[float]:
    frames = [frame for frame in pipeline.down if isinstance(frame, MetricsFrame)]
    data = [each for frame in frames for each in frame.data]
    return [each.value for each in data if isinstance(each, TTFBMetricsData) and each.value > 0]

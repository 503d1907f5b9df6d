# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Minutes of noise in a pipeline, of which the container says nothing, and then speech.

Deepgram Flux says something of all audio, so this is of Deepgram Nova alone.
"""

import asyncio
from dataclasses import dataclass, replace

import numpy as np
from pipecat.frames.frames import (
    InputAudioRawFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)

from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ..local_path import local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, running
from .outage_runs import LONG, PATIENT

COUNT = 20
"""Words that are said in the end."""

PEAK = 8_000

MOST_CHANGES = 1
MOST_CHANGES_IN_SPEECH = 4
"""Where a VAD takes the noise for speech."""

SAYS_NOTHING = ScriptedBehavior(silence_interval=1e9, answers_empty_finalize=False)
CONFIG = replace(PATIENT, stall_timeout=ClientConfig().stall_timeout)
"""A stream that reports nothing counts as silent after the usual time; all else may take long."""


@dataclass(frozen=True)
class NoiseResult:
    """What came of it.

    Attributes:
        said: The words that were said.
        heard: The words that came out.
        losses: How many streams the noise took.
        complaint: What is wrong; empty where nothing is.
    """

    said: list[str]
    heard: list[str]
    losses: int
    complaint: str


async def sit_in_noise_twice(minutes: float) -> list[NoiseResult]:
    """Sit in noise without a VAD, and with one that takes it for speech.

    Args:
        minutes: How long.
    """
    return await asyncio.gather(
        *(sit_in_noise(minutes, has_vad=has_vad) for has_vad in (False, True))
    )


async def sit_in_noise(minutes: float, *, has_vad: bool) -> NoiseResult:
    """Sit in noise and then speak.

    Args:
        minutes: How long.
        has_vad: Whether there is a VAD that takes it for speech.
    """
    async with local_path(behavior=SAYS_NOTHING) as path:
        service = nova(path, client_config=CONFIG)
        async with running(service, start_timeout=LONG, end_timeout=LONG) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled, timeout=LONG)
            if has_vad:
                await pipeline.send(VADUserStartedSpeakingFrame())
            await _make_noise(pipeline, round(60 * minutes))
            losses = len(path.emulator.streams) - 1
            if has_vad:
                await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))
            await _send(pipeline, marked_audio(0, COUNT))
            await pipeline.until(lambda p: p.interims or p.finals, timeout=LONG)
    most = MOST_CHANGES_IN_SPEECH if has_vad else MOST_CHANGES
    complaint = "; ".join(_complaints(pipeline, losses, most))
    return NoiseResult(words(0, COUNT), pipeline.words, losses, complaint)


async def _make_noise(pipeline: RunningPipeline, seconds: int) -> None:
    random = np.random.default_rng(1)
    for _ in range(seconds):
        await _send(pipeline, random.integers(-PEAK, PEAK, 16_000).astype("<i2").tobytes())
        await asyncio.sleep(1.0)


async def _send(pipeline: RunningPipeline, audio: bytes) -> None:
    await pipeline.send(InputAudioRawFrame(audio=audio, sample_rate=16_000, num_channels=1))


def _complaints(pipeline: RunningPipeline, losses: int, most: int) -> list[str]:
    attempts = [each[1] for each in pipeline.handled if each[0] == "on_reconnecting"]
    found = {
        f"{losses} streams were given up, {most} may be": losses > most,
        f"words are not as said: {pipeline.words}": pipeline.words != words(0, COUNT),
        f"errors: {pipeline.errors}": pipeline.errors,
        "the service is not usable": not pipeline.service.is_usable,
        "the retry budget was used": max(attempts, default=1) > 1,
    }
    return [complaint for complaint, is_wrong in found.items() if is_wrong]

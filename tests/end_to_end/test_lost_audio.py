# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio that is let go is reported with its reason, once: by a handler and by an error."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ..flux_pipelines import flux, flux_path
from ..local_path import local_path, marked_audio
from ..pipelines import RunningPipeline, nova, record, running

NO_FINALS = ScriptedBehavior(final_interval=60.0)
COUNT = 50


@dataclass(frozen=True)
class LossCase:
    """One way to lose audio.

    Attributes:
        reason: What is reported.
        faults: The emulator's script.
        options: The service's.
    """

    reason: str
    faults: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)


OUT = "refuse=503:ServiceUnavailableError@connect,streams=2-"

CASES = [
    LossCase(
        "replay_limit",
        ("reset@bytes=90000",),
        {"client_config": ClientConfig(max_replay_buffer_bytes=16_000)},
    ),
    LossCase(
        "buffer_limit",
        ("late=4@connect",),
        {"client_config": ClientConfig(max_unsent_bytes=32_000)},
    ),
    LossCase("closed", ("drop@bytes=60000", OUT), {"close_timeout": 0.5}),
    LossCase("gave_up", ("drop@bytes=60000", OUT), {"retry_policy": RetryPolicy(retry_budget=0.3)}),
]


async def _lose(kind: str, case: LossCase) -> RunningPipeline:
    path_of = flux_path(*case.faults) if kind == "flux" else None
    async with path_of or local_path(*case.faults, behavior=NO_FINALS) as path:
        service = (flux if kind == "flux" else nova)(path, **case.options)
        async with running(service) as pipeline:
            record(service, "on_audio_lost", pipeline)
            await pipeline.speak(marked_audio(0, COUNT), speed=20.0)
            if case.reason == "gave_up":
                await pipeline.until(lambda p: p.errors)
    return pipeline


@pytest.mark.parametrize("kind", ["nova", "flux"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.reason)
async def test_audio_that_is_let_go_is_reported_once(case: LossCase, kind: str) -> None:
    pipeline = await _lose(kind, case)
    lost = [each for each in pipeline.handled if each[0] == "on_audio_lost"]
    reasons = [reason for _, _, reason in lost]
    assert reasons[0] == case.reason
    seconds = sum(seconds for _, seconds, _ in lost)
    assert len(pipeline.words) + round(seconds / 0.1) >= COUNT - len(lost)
    if case.reason == "gave_up":  # What is said to a service that is down is let go, too.
        assert set(reasons) == {"gave_up"}
        assert len(pipeline.errors) == 1
    else:
        assert len(set(reasons)) == len(reasons) == len(pipeline.errors)

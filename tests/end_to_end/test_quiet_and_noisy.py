# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The level of the audio decides nothing: speech that is quiet, and noise that is none."""

import asyncio
from typing import Literal

import pytest

from ..fault_tables import RecordProperty, record_row
from ..skipping_loop import run_skipping
from .chaos_cases import Break, ChaosCase, Speak, Step
from .chaos_runs import run_and_judge
from .noise_runs import sit_in_noise_twice

LEVELS = (-20.0, -40.0, -60.0)
"""Peaks of speech in dBFS."""

COUNT = 50

# Quiet speech


def _quiet(
    service: Literal["nova", "flux"], level: float, *steps: Step, rotate_after: float | None = None
) -> ChaosCase:
    return ChaosCase(
        seed=0,
        service=service,
        level=level,
        is_noisy=False,
        has_vad=False,
        max_speed=None,
        rotate_after=rotate_after,
        speed=5.0,
        stays=True,
        calls=(steps,),
    )


SILENT = (Speak(20), Break("silence@seconds=0,streams=current"), Speak(COUNT - 20))
TAIL = (Speak(COUNT), Break("silence@control=CloseStream,streams=current"))

QUIET = {
    "quiet speech (-20 to -60 dBFS), and the peer goes silent": (SILENT, None),
    "quiet speech (-20 to -60 dBFS), and the peer is silent at the end": (TAIL, None),
    "quiet speech (-20 to -60 dBFS), and streams change": ((Speak(COUNT),), 0.4),
}
"""What is done while somebody speaks quietly, and the age at which streams change."""


@pytest.mark.parametrize("row", QUIET)
async def test_quiet_speech_is_lost_as_little_as_loud_speech(
    row: str, record_property: RecordProperty
) -> None:
    steps, rotate_after = QUIET[row]
    cases = [
        _quiet(service, level, *steps, rotate_after=rotate_after)
        for service in ("nova", "flux")
        for level in LEVELS
    ]
    verdicts = await asyncio.gather(*map(run_and_judge, cases))
    for case, verdict in zip(cases, verdicts, strict=True):
        assert verdict.is_good, f"{case}: {verdict}"
        assert not verdict.reported, f"{case}: {verdict}"
        assert verdict.streams >= 2, str(case)
    record_property("table", "faults")
    record_property("fault", row)
    record_property("words lost", sum(len(verdict.lost) for verdict in verdicts))
    record_property("words repeated", sum(len(verdict.repeated) for verdict in verdicts))
    record_property("streams lost", 0 if rotate_after else 1)


# Noise

MINUTES = 3.0
"""In ``make soak`` they are ten."""

NOISY_ROW = "minutes of noise of which the container says nothing"


def test_minutes_of_noise_cost_no_word_and_hardly_a_stream(
    record_property: RecordProperty,
) -> None:
    results = run_skipping(sit_in_noise_twice(MINUTES))
    for result in results:
        assert result.complaint == "", f"{result}"
    alone = results[0]
    record_row(record_property, NOISY_ROW, said=alone.said, heard=alone.heard, losses=alone.losses)

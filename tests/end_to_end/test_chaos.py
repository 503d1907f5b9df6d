# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Twenty runs of the chaos, and that it can tell a bad run from a good one."""

from dataclasses import replace
from typing import Literal

import pytest

from pipecat_sagemaker_deepgram.emulator import parse_fault

from .chaos_audio import PEAK, gain_of
from .chaos_cases import (
    LEVELS,
    OUTAGES,
    PASSING,
    Break,
    Change,
    ChaosCase,
    Outage,
    Pause,
    Speak,
    draw,
)
from .chaos_runs import CONFIG, HELD, Verdict, judge, run_and_judge
from .soak_cases import BREAKS, NUISANCES, STALLS

LONGEST_OUTAGE = 1.0
SAID = ["w0", "w1", "w2"]


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_goes_wrong_each_word_comes_once(seed: int) -> None:
    case = draw(seed, longest_outage=LONGEST_OUTAGE)
    verdict = await run_and_judge(case)
    alone = f"python -m tests.end_to_end.chaos --only {seed} --outage {LONGEST_OUTAGE:g}"
    assert verdict.is_good, f"{case}: {verdict}; {alone}"
    assert not verdict.reported, f"{case}: {verdict}; {alone}"
    assert sum(len(run.heard) for run in verdict.runs) == verdict.words, "each word is observed"
    assert sum(len(run.streams) for run in verdict.runs) >= len(case.calls)


@pytest.mark.parametrize("service", ["nova", "flux"])
async def test_what_an_outage_at_the_end_costs_is_reported_and_nothing_else(
    service: Literal["nova", "flux"],
) -> None:
    steps = (Speak(10), Outage(60.0, "refuse=503:ServiceUnavailableError"), Speak(5))
    case = ChaosCase(
        seed=0,
        service=service,
        level=None,
        is_noisy=False,
        has_vad=False,
        max_speed=None,
        rotate_after=None,
        speed=5.0,
        stays=False,
        calls=(steps,),
    )
    verdict = await run_and_judge(case, config=replace(CONFIG, close_timeout=0.5))
    assert verdict.is_good, str(verdict)
    assert verdict.reported[-5:] == ["w10", "w11", "w12", "w13", "w14"]


def test_a_seed_draws_the_same_run_always_and_another_draws_another() -> None:
    drawn = [draw(seed, longest_outage=50.0) for seed in range(100)]
    assert drawn == [draw(seed, longest_outage=50.0) for seed in range(100)]
    assert len({str(case) for case in drawn}) == 100


def test_every_fault_can_be_read_and_every_kind_is_drawn() -> None:
    drawn = [draw(seed, longest_outage=50.0) for seed in range(1000)]
    steps = [step for case in drawn for call in case.calls for step in call]
    faults = {step.fault for step in steps if isinstance(step, Break)}
    for fault in faults:
        parse_fault(fault)
    kinds = {fault.rpartition("@")[0] for fault in faults}
    assert kinds == {*BREAKS, *STALLS, *NUISANCES, *PASSING}
    assert {step.kind for step in steps if isinstance(step, Outage)} == {*OUTAGES}
    assert {type(step) for step in steps} == {Speak, Pause, Outage, Break, Change}
    assert {case.level for case in drawn} == {*LEVELS}
    assert {case.service for case in drawn} == {"nova", "flux"}
    assert max(step.seconds for step in steps if isinstance(step, Outage)) > 40.0


@pytest.mark.parametrize("level", LEVELS)
def test_quiet_speech_keeps_its_marks(level: float | None) -> None:
    gain = gain_of(level)
    assert 900 % gain == 0
    if level is not None:
        assert PEAK / gain <= 32_768 * 10 ** (level / 20)


def _judge(heard: list[str], *handled: tuple[object, ...], errors: tuple[str, ...] = ()) -> Verdict:
    verdict = Verdict()
    judge(SAID, heard, [*handled], [*errors], verdict)
    return verdict


def test_a_run_in_which_every_word_comes_once_is_good() -> None:
    assert _judge(SAID, (HELD, 0.1)).is_good


def test_a_word_that_does_not_come_is_lost_unless_that_was_reported() -> None:
    assert _judge(["w0", "w1"]).lost == ["w2"]
    reported = _judge(["w0"], ("on_audio_lost", 0.1, "closed"))
    assert (reported.reported, reported.lost) == (["w1"], ["w2"])


@pytest.mark.parametrize("heard", [[*SAID, "w2"], ["w1", "w0", "w2"]])
def test_a_word_that_comes_twice_or_too_late_is_bad(heard: list[str]) -> None:
    assert _judge(heard).repeated
    assert not _judge(heard).is_good


def test_an_error_and_a_frame_that_is_held_are_bad() -> None:
    assert _judge(SAID, errors=("no",)).errors == ["no"]
    assert _judge(SAID, (HELD, 0.6)).held == 0.6
    assert not _judge(SAID, (HELD, 0.6)).is_good

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Ten runs of the soak, and that the soak can tell a bad run from a good one."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from benchmarks.pictures.soak_runs import SoakRun

from pipecat_sagemaker_deepgram.container import ModelContainer, MoonshineRecognizer
from pipecat_sagemaker_deepgram.emulator import parse_fault

from ..speech_clips import NO_PROMPTS, telephone_prompts
from .soak_cases import BREAKS, NUISANCES, REFUSALS, STALLS, TURNS, SoakCase, draw
from .soak_runs import Told, Verdict, judge, run, run_and_judge, seconds_of, text_of

with_prompts = pytest.mark.skipif(not telephone_prompts(), reason=NO_PROMPTS)

TURN = ("start", "text", "text", "final", "stop")


@pytest.fixture
async def container() -> AsyncIterator[ModelContainer]:
    pytest.importorskip("moonshine_voice", reason="the speech recogniser is not installed")
    async with ModelContainer(MoonshineRecognizer()) as running:
        await running.wait_until_ready(60)
        yield running


@pytest.mark.speech
@with_prompts
@pytest.mark.parametrize("seed", range(10))
async def test_a_fault_at_a_random_moment_of_real_speech(
    seed: int, container: ModelContainer
) -> None:
    case = draw(seed, seconds_of)
    told, verdict = await run_and_judge(case, container)
    assert verdict.is_good, f"{case}: {verdict}: {told}; make soak SOAK_ARGS='--only {seed}'"


@pytest.mark.speech
@with_prompts
async def test_without_a_fault_the_recogniser_understands_every_word(
    container: ModelContainer,
) -> None:
    """So a word that a run has wrong is the fault's."""
    case = replace(_case(), speed=8.0)
    assert judge(case, await run(case, container)).word_errors == 0


def test_a_seed_draws_the_same_run_always_and_another_draws_another() -> None:
    drawn = [draw(seed, lambda _: 4.0) for seed in range(100)]
    assert drawn == [draw(seed, lambda _: 4.0) for seed in range(100)]
    assert len({str(case) for case in drawn}) == 100


def test_every_fault_can_be_read_and_every_kind_is_drawn() -> None:
    drawn = [draw(seed, lambda _: 4.0) for seed in range(1000)]
    faults = {fault for case in drawn for fault in case.faults}
    for fault in faults:
        parse_fault(fault)
    kinds = {fault.rpartition("@")[0] for fault in faults}
    assert kinds == {*BREAKS, *STALLS, *NUISANCES, *REFUSALS}
    assert all(len(set(case.turns)) == TURNS for case in drawn)


def _case() -> SoakCase:
    return SoakCase(
        seed=0,
        turns=("password", "conference", "queue"),
        pause=2.0,
        hangs_up=False,
        faults=(),
        rotate_after=None,
        speed=4.0,
    )


def _told(order: tuple[str, ...] = TURN * 3, **changes) -> Told:
    said = tuple(text_of(turn) for turn in _case().turns)
    told = Told(
        order=order, finals=said, errors=(), streams=2, is_frozen=False, run=SoakRun(source="")
    )
    return replace(told, **changes)


def _verdict(told: Told) -> Verdict:
    return judge(_case(), told)


@with_prompts
def test_a_run_in_which_every_turn_comes_once_is_good() -> None:
    assert _verdict(_told()).is_good


@with_prompts
def test_a_turn_that_does_not_come_is_lost_and_one_that_comes_again_is_doubled() -> None:
    finals = _told().finals
    assert _verdict(_told(finals=finals[1:])).lost == 1
    assert _verdict(_told(finals=(*finals, finals[0]))).doubled == 1


@with_prompts
@pytest.mark.parametrize(
    "order",
    [
        ("start", "text"),
        ("start", "start", "text", "final", "stop"),
        ("start", "final"),
        ("final", "stop"),
        (*TURN, "text"),
        (*TURN, "stop"),
        ("start", "text", "final", "text", "stop"),
    ],
)
def test_frames_out_of_place_dangle(order: tuple[str, ...]) -> None:
    assert _verdict(_told(order)).dangling >= 1


@with_prompts
def test_words_too_many_too_few_and_other_ones_count() -> None:
    first, second, third = _told().finals
    heard = (first.removeprefix("please "), f"{second} conference", third.replace("call", "cat"))
    verdict = _verdict(_told(finals=heard))
    assert verdict.word_errors == 3
    assert not verdict.is_good


@with_prompts
def test_what_the_recogniser_hears_otherwise_without_a_fault_is_not_the_faults() -> None:
    first, second, third = _told().finals
    told = _told(finals=(first, second, f"{third} again"))
    assert judge(_case(), told, heard_undisturbed=told.finals).is_good
    assert not judge(_case(), _told(), heard_undisturbed=told.finals).is_good


@with_prompts
def test_where_the_recogniser_cuts_a_turn_without_a_fault_is_not_the_faults() -> None:
    first, second, third = _told().finals
    start, end = second.split(" ", 1)
    cut = (first, start, end, third)
    assert judge(_case(), _told(finals=cut), heard_undisturbed=cut).is_good
    assert judge(_case(), _told(finals=(*cut, third)), heard_undisturbed=cut).doubled == 1
    assert judge(_case(), _told(finals=cut[:-1]), heard_undisturbed=cut).lost == 1


@with_prompts
def test_a_run_that_stands_still_or_tells_of_an_error_is_bad() -> None:
    assert not _verdict(_told(is_frozen=True)).is_good
    assert not _verdict(_told(errors=("no",))).is_good

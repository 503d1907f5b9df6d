# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Ten runs of the soak, and that the soak can tell a bad run from a good one."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from benchmarks.pictures.soak_runs import SoakRun

from pipecat_sagemaker_deepgram.container import ModelContainer, MoonshineRecognizer
from pipecat_sagemaker_deepgram.emulator import parse_fault

from ..speech_clips import NO_PROMPTS, telephone_prompts
from .soak_cases import BREAKS, NUISANCES, REFUSALS, STALLS, TURNS, SoakCase, draw
from .soak_runs import pieces_of, run, run_and_judge, seconds_of
from .soak_verdicts import Pieces, Told, TurnTold, Verdict, is_over, judge

with_prompts = pytest.mark.skipif(not telephone_prompts(), reason=NO_PROMPTS)

TURN = ("start", "text", "text", "final", "stop")

URGENT = "press four to mark this message as urgent"
LEADER = "the conference will begin when the leader arrives"
FEATURE = "that feature is not available on this line"
QUEUE = "your call is now first in line and will be answered by the next available representative"
SAID: tuple[Pieces, ...] = ((URGENT,), (LEADER, FEATURE), (QUEUE,))
WHOLE = (URGENT, f"{LEADER} {FEATURE}", QUEUE)


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
    case = SoakCase(
        seed=0,
        turns=("password", "conference", "queue"),
        pause=2.0,
        hangs_up=False,
        faults=(),
        rotate_after=None,
        speed=8.0,
    )
    told = await run(case, container)
    assert judge(told, [pieces_of(turn) for turn in case.turns]).is_good


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


def _told(*finals: str, order: tuple[str, ...] | None = None, **changes: Any) -> Told:
    """What is told of turns that come one after the other."""
    turns = tuple(TurnTold(text, start=at, end=at + 1.0) for at, text in enumerate(finals))
    told = Told(
        order=TURN * len(turns) if order is None else order,
        turns=turns,
        errors=(),
        streams=2,
        is_frozen=False,
        run=SoakRun(source=""),
    )
    return replace(told, **changes)


def _verdict(*finals: str, undisturbed: Sequence[str] = (), **changes: Any) -> Verdict:
    return judge(_told(*finals, **changes), SAID, undisturbed=undisturbed)


def _ended_by_client(index: int, *finals: str) -> Told:
    told = _told(*finals)
    turns = list(told.turns)
    turns[index] = replace(turns[index], is_ended_by_client=True)
    return replace(told, turns=tuple(turns))


def test_a_run_in_which_every_turn_comes_once_is_good() -> None:
    assert _verdict(*WHOLE).is_good


def test_a_turn_may_come_in_two_where_the_speaker_pauses() -> None:
    """Seed 95: the stream that replaced the lost one took the pause for the end of the turn."""
    assert _verdict(URGENT, LEADER, FEATURE, QUEUE).is_good


def test_it_may_not_come_in_two_elsewhere() -> None:
    assert _verdict("press four to mark", "this message as urgent", *WHOLE[1:]).doubled == 1
    begin, rest = LEADER.split(" when ")
    assert _verdict(URGENT, begin, f"when {rest} {FEATURE}", QUEUE).doubled == 1


def test_it_may_not_come_in_two_because_the_client_ended_it() -> None:
    """As when the loss of a stream ended a turn, and its rest was told as another one."""
    cut = (URGENT, LEADER, FEATURE, QUEUE)
    assert judge(_ended_by_client(1, *cut), SAID).broken == 1
    assert judge(_ended_by_client(3, *cut), SAID).is_good


def test_a_run_is_over_when_its_last_turn_has_ended_however_many_came_before() -> None:
    told = _told(URGENT, LEADER, FEATURE, QUEUE)
    assert not is_over((), (), last_begins=3.0)
    assert not is_over(told.order, told.turns[:3], last_begins=3.0)
    assert not is_over(told.order[:-1], told.turns, last_begins=3.0)
    assert is_over(told.order, told.turns, last_begins=3.0)


def test_turns_that_overlap_are_bad() -> None:
    told = _told(URGENT, LEADER, FEATURE, QUEUE)
    turns = list(told.turns)
    turns[2] = replace(turns[2], start=1.5)
    assert judge(replace(told, turns=tuple(turns)), SAID).overlapping == 1


def test_a_turn_that_does_not_come_is_lost() -> None:
    assert _verdict(f"{LEADER} {FEATURE}", QUEUE).lost == 1
    assert _verdict(URGENT, LEADER, FEATURE).lost == 1


@pytest.mark.parametrize("again", [0, 1, 2])
def test_a_turn_that_comes_again_is_doubled(again: int) -> None:
    assert not _verdict(*WHOLE[: again + 1], *WHOLE[again:]).is_good
    assert not _verdict(*WHOLE, WHOLE[again]).is_good
    assert not _verdict(URGENT, LEADER, WHOLE[1], QUEUE).is_good


def test_two_turns_that_come_as_one_are_bad() -> None:
    assert _verdict(f"{URGENT} {LEADER} {FEATURE}", QUEUE).lost == 1
    assert not _verdict(f"{URGENT} {LEADER}", FEATURE, QUEUE).is_good
    assert not _verdict(URGENT, LEADER, f"{FEATURE} {QUEUE}").is_good


def test_turns_in_another_order_are_bad() -> None:
    assert not _verdict(URGENT, FEATURE, LEADER, QUEUE).is_good


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
    assert _verdict(*WHOLE, order=order).dangling >= 1


def test_words_too_many_too_few_and_other_ones_count() -> None:
    few, many, other = URGENT[6:], f"{FEATURE} now", QUEUE.replace("call", "cat")
    assert _verdict(URGENT, LEADER.removesuffix(" arrives"), FEATURE, QUEUE).word_errors == 1
    verdict = _verdict(few, LEADER, many, other)
    assert verdict.word_errors == 3
    assert not verdict.is_good


def test_what_the_recogniser_mishears_without_a_fault_is_not_the_faults() -> None:
    """Seed 75: without its fault, too, one turn comes misheard and the next one in two."""
    misheard = "press four to mark this message as a urgent"
    cut = (misheard, LEADER, FEATURE, QUEUE)
    assert _verdict(*cut, undisturbed=cut).is_good
    assert _verdict(*cut, undisturbed=(misheard, *WHOLE[1:])).is_good
    assert _verdict(misheard, *WHOLE[1:], undisturbed=cut).is_good
    assert _verdict(*WHOLE, undisturbed=cut).is_good
    assert _verdict(f"{misheard} so", *WHOLE[1:], undisturbed=cut).word_errors == 1
    assert _verdict(*cut, QUEUE, undisturbed=cut).doubled == 1
    assert _verdict(*cut[:-1], undisturbed=cut).lost == 1


def test_where_the_recogniser_cuts_a_turn_without_a_fault_is_not_the_faults() -> None:
    cut = ("press four", "to mark this message as urgent", *WHOLE[1:])
    assert _verdict(*cut, undisturbed=cut).is_good
    assert _verdict(*cut, undisturbed=WHOLE).doubled == 1


def test_what_is_lost_or_comes_again_without_a_fault_too_is_bad() -> None:
    assert not _verdict(*WHOLE[1:], undisturbed=WHOLE[1:]).is_good
    again = (*WHOLE, QUEUE)
    assert not _verdict(*again, undisturbed=again).is_good


def test_a_run_that_stands_still_or_tells_of_an_error_is_bad() -> None:
    assert _verdict(*WHOLE, is_frozen=True).frozen == 1
    assert _verdict(*WHOLE, errors=("no",)).errors == 1

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Random conversations over random cuts: every word in one final, in order, turns alternating."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)

from .flux_container import Call, monologue, plain, speech, with_numerals

LISTEN, CUT, CHANGE, WAIT, REQUEST = "listen", "cut", "change", "wait", "request"
UNTOUCHED = (LISTEN,) * 6 + (CUT,)
ENDED_HERE = (*UNTOUCHED, CUT, CHANGE, WAIT, REQUEST)


def _hold(seed: int, steps: list[str], *, is_timed: bool, long_turn: float) -> Call:
    random = Random(seed)
    words = speech(random, random.randrange(0, 30))
    call = Call(random, words, is_timed=is_timed, long_turn=long_turn)
    for step in steps:
        match step:
            case "listen":
                for _ in range(random.randrange(1, 12)):
                    call.listen()
            case "cut":
                call.cut()
            case "change":
                call.change()
            case "wait":
                call.wait(random.choice((0.5, 3.0, 20.0)))
            case "request":
                call.request_end()
    call.listen_to_the_end()
    return call


def _assert_sound(call: Call) -> None:
    assert call.finals == [word.text for word in call.words]
    is_open = is_predicted = False
    for step in call.steps:
        match step:
            case TurnStarted():
                assert not is_open
                is_open = True
            case TurnEnded():
                assert is_open
                is_open = is_predicted = False
            case EndPredicted():
                assert is_open
                assert not is_predicted
                is_predicted = True
            case TurnResumed():
                assert is_predicted
                is_predicted = False
            case TurnUpdated():
                assert is_open
            case _:
                pass
    assert not is_open
    assert call.conversation.gaps == 0


@pytest.mark.parametrize("is_timed", [True, False], ids=["timed", "untimed"])
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(UNTOUCHED), max_size=30))
def test_cuts_and_replays_change_nothing(is_timed: bool, seed: int, steps: list[str]) -> None:
    _assert_sound(_hold(seed, steps, is_timed=is_timed, long_turn=30.0))


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(UNTOUCHED), max_size=30))
def test_a_long_turn_is_replayed_in_part(seed: int, steps: list[str]) -> None:
    """Words that lie long enough back stay, the new stream's are appended."""
    _assert_sound(_hold(seed, steps, is_timed=True, long_turn=2.0))


@pytest.mark.parametrize("is_timed", [True, False], ids=["timed", "untimed"])
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(ENDED_HERE), max_size=30))
def test_turns_may_be_ended_on_this_side(is_timed: bool, seed: int, steps: list[str]) -> None:
    """What was given out as a final is not given out again, whatever the container says of it."""
    _assert_sound(_hold(seed, steps, is_timed=is_timed, long_turn=30.0))


# Turns that are longer than what is kept of their audio


def _monologue(
    seed: int,
    count: int,
    *,
    is_timed: bool,
    write: Callable[[Sequence[str]], str] = " ".join,
    step: float = 1.0,
) -> Call:
    """One turn without an end, of which streams are lost every now and then."""
    random = Random(seed)
    call = Call(
        random,
        monologue(random, count),
        is_timed=is_timed,
        long_turn=20.0,
        max_replay=40.0,
        ends_turns=False,
        write=write,
        step=step,
    )
    for at in range(60, int(call.length), 60):
        while call.stream.heard_to < at + random.uniform(0.0, 50.0):
            call.listen()
        call.cut()
    call.listen_to_the_end()
    return call


def _assert_said_once(call: Call) -> None:
    assert plain(call.finals) == plain([word.text for word in call.words])
    assert len([step for step in call.steps if isinstance(step, TurnEnded)]) == 1
    assert call.acknowledged > 0.0


@pytest.mark.parametrize("is_timed", [True, False], ids=["timed", "untimed"])
@settings(max_examples=6, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), has_numerals=st.booleans())
def test_a_turn_longer_than_a_replay_loses_and_repeats_nothing(
    is_timed: bool, has_numerals: bool, seed: int
) -> None:
    write = with_numerals if has_numerals else " ".join
    _assert_said_once(_monologue(seed, 250, is_timed=is_timed, write=write))


@pytest.mark.parametrize("is_timed", [True, False], ids=["timed", "untimed"])
def test_ten_minutes_of_a_turn_lose_and_repeat_nothing(is_timed: bool) -> None:
    call = _monologue(7, 1900, is_timed=is_timed, write=with_numerals, step=2.0)
    assert call.length > 600.0
    _assert_said_once(call)


def test_a_turn_written_without_spaces_is_put_together_without_any() -> None:
    random = Random(1)
    words = [replace(word, text=chr(0x4E00 + at)) for at, word in enumerate(monologue(random, 200))]
    call = Call(random, words, is_timed=True, long_turn=5.0, ends_turns=False, write="".join)
    for _ in range(10):
        for _ in range(20):
            call.listen()
        call.cut()
    call.listen_to_the_end()
    assert call.finals == ["".join(word.text for word in words)]

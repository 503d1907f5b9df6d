# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Random conversations over random cuts: every word in one final, in order, turns alternating."""

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

from .flux_container import Call, speech

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

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
)

from .flux_container import Conversation, speech

LISTEN, CUT, WAIT, END, REQUEST = "listen", "cut", "wait", "end", "request"
UNTOUCHED = (LISTEN,) * 6 + (CUT,)
ENDED_HERE = (*UNTOUCHED, CUT, END, REQUEST)


def _hold(seed: int, steps: list[str], *, is_timed: bool, long_turn: float) -> Conversation:
    random = Random(seed)
    conversation = Conversation(
        random, speech(random, random.randrange(0, 30)), is_timed=is_timed, long_turn=long_turn
    )
    for step in steps:
        match step:
            case "listen":
                for _ in range(random.randrange(1, 12)):
                    conversation.listen()
            case "cut":
                conversation.cut()
            case "wait":
                conversation.wait(random.choice((0.5, 3.0)))
            case "end":
                conversation.end_here()
            case "request":
                conversation.request_end()
    conversation.listen_to_the_end()
    return conversation


def _assert_sound(conversation: Conversation) -> None:
    assert conversation.finals == [word.text for word in conversation.words]
    is_open = is_predicted = False
    for event in conversation.told:
        match event:
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
            case _:
                assert is_open
    assert not is_open
    assert conversation.machine.gaps == 0


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

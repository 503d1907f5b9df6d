# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long an application's wish that a turn ends is waited for."""

from pipecat_sagemaker_deepgram.deepgram.v2.end_request import ANSWER_TIMEOUT, EndRequest


def test_it_concerns_a_turn_that_began_before_it() -> None:
    request = EndRequest(2.0, is_sent=True)
    assert request.concerns(2.0)
    assert not request.concerns(2.1)


def test_only_where_the_container_is_not_asked_may_the_turn_end_on_this_side() -> None:
    assert EndRequest(2.0, is_sent=False).is_covered(2.0)
    assert not EndRequest(2.0, is_sent=False).is_covered(1.9)
    assert not EndRequest(2.0, is_sent=True).is_covered(3.0)


def test_the_time_begins_anew_with_every_step_towards_it() -> None:
    request = EndRequest(2.0, is_sent=False)
    request.wait_from(10.0)
    request.heard(1.5, 10.5)
    assert request.by == 10.5 + ANSWER_TIMEOUT
    request.heard(2.5, 11.0)
    assert request.by == 10.5 + ANSWER_TIMEOUT


def test_while_no_stream_is_there_no_time_passes() -> None:
    request = EndRequest(2.0, is_sent=True)
    request.wait_from(10.0)
    request.stream_lost()
    request.heard(1.5, 10.5)
    assert request.by is None
    request.stream_began(20.0, replayed_seconds=3.0)
    assert request.by == 23.0 + ANSWER_TIMEOUT

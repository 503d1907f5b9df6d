# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One ``Configure`` in flight, the rest coalesced behind it."""

from pipecat_sagemaker_deepgram.deepgram.v2.configure import ANSWER_TIMEOUT, ConfigureQueue


def test_the_first_goes_at_once_and_the_next_ones_wait_together() -> None:
    queue = ConfigureQueue()
    assert queue.submit(["a"], 0.0) == {"a"}
    assert queue.submit(["b"], 0.1) == frozenset()
    assert queue.submit(["c", "b"], 0.2) == frozenset()
    assert queue.names == {"a", "b", "c"}
    assert queue.answered(1.0) == ({"a"}, {"b", "c"})
    assert queue.sent == {"b", "c"}
    assert queue.answered(2.0) == ({"b", "c"}, frozenset())
    assert queue.get_timer() is None


def test_a_setting_that_changes_while_it_is_under_way_goes_again() -> None:
    queue = ConfigureQueue()
    queue.submit(["a"], 0.0)
    queue.submit(["a"], 0.1)
    assert queue.answered(1.0) == ({"a"}, {"a"})


def test_an_answer_that_does_not_come_is_overdue() -> None:
    queue = ConfigureQueue()
    queue.submit(["a"], 10.0)
    assert queue.get_timer() == 10.0 + ANSWER_TIMEOUT
    assert not queue.is_overdue(14.9)
    assert queue.is_overdue(15.0)


def test_another_stream_knows_of_nothing() -> None:
    queue = ConfigureQueue()
    queue.submit(["a"], 0.0)
    queue.submit(["b"], 0.0)
    assert queue.clear() == {"a", "b"}
    assert queue.get_timer() is None
    assert queue.submit(["c"], 1.0) == {"c"}


def test_a_stray_answer_changes_nothing() -> None:
    assert ConfigureQueue().answered(0.0) == (frozenset(), frozenset())

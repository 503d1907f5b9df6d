# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Jobs are claimed in order, for a time, and end once; on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest

from pipecat_sagemaker_deepgram.gateway.jobs.claims import JobClaims
from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.decisions import AttemptFailure
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedJob
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore

from .jobs import new_job
from .time_machine import TimeMachine

PASSING = AttemptFailure("SERVICE_UNAVAILABLE", "later", is_final=False)


class Queue:
    """A queue, and a worker's hands."""

    def __init__(self, database: Database, **options: float) -> None:
        given = JobOptions(database="", **options)  # pyright: ignore[reportArgumentType]
        self.store = JobStore(database, retention=given.retention)
        self.claims = JobClaims(database, given)

    def take(self) -> ClaimedJob:
        job = self.claims.claim()
        assert job is not None
        return job


@pytest.fixture
def make_queue(
    open_database: Callable[..., Database], time_machine: TimeMachine
) -> Callable[..., Queue]:
    return lambda **options: Queue(open_database(clock=time_machine), **options)


@pytest.fixture
def queue(make_queue: Callable[..., Queue]) -> Queue:
    return make_queue()


def test_the_highest_priority_comes_first_and_then_the_oldest(
    queue: Queue, time_machine: TimeMachine
):
    for name, priority in (("late", 0), ("later", 0), ("urgent", 5), ("idle", -5)):
        queue.store.submit(new_job(name, priority=priority))
        time_machine.now += 1
    assert [queue.take().request_id for _ in range(4)] == ["urgent", "late", "later", "idle"]
    assert queue.claims.claim() is None


def test_a_job_has_one_result_and_then_no_audio(queue: Queue):
    queue.store.submit(new_job("a"))
    job = queue.take()
    assert queue.claims.audio("a") == b"sound"
    assert queue.claims.complete(job, b"{}")
    assert not queue.claims.complete(job, b'{"again": true}')
    assert queue.store.result("a") == b"{}"
    assert queue.claims.audio("a") is None


def test_a_worker_that_is_lost_loses_its_job_to_another(queue: Queue, time_machine: TimeMachine):
    queue.store.submit(new_job("a"))
    lost = queue.take()
    time_machine.now += 29
    assert queue.claims.claim() is None
    time_machine.now += 2
    found = queue.take()
    assert (found.request_id, found.attempt) == ("a", 2)
    assert not queue.claims.renew(lost)
    assert not queue.claims.complete(lost, b"late")
    assert queue.claims.complete(found, b"found")
    assert queue.store.result("a") == b"found"


def test_a_worker_that_was_thought_lost_may_still_finish(queue: Queue, time_machine: TimeMachine):
    queue.store.submit(new_job("a"))
    job = queue.take()
    time_machine.now += 100
    assert queue.claims.complete(job, b"slow")


def test_a_lease_is_renewed(queue: Queue, time_machine: TimeMachine):
    queue.store.submit(new_job("a"))
    job = queue.take()
    for _ in range(10):
        time_machine.now += 20
        assert queue.claims.renew(job)
    assert queue.claims.claim() is None


def test_a_job_that_takes_every_worker_with_it_fails(queue: Queue, time_machine: TimeMachine):
    queue.store.submit(new_job("poison", callback="http://receiver.example"))
    queue.store.submit(new_job("good", priority=-1))
    for _ in range(3):
        assert queue.take().request_id == "poison"
        time_machine.now += 31
    assert queue.take().request_id == "good"
    record = queue.store.find("poison", "key")
    assert record is not None
    assert (record.status, record.attempts) == ("failed", 3)
    assert record.failure is not None
    assert "The worker ended" in record.failure.message
    assert queue.claims.audio("poison") is None


def test_a_failed_attempt_is_followed_by_others_and_then_by_none(
    queue: Queue, time_machine: TimeMachine
):
    queue.store.submit(new_job("a"))
    for wait in (5.0, 10.0):
        assert queue.claims.fail(queue.take(), PASSING) == wait
        time_machine.now += wait - 0.5
        assert queue.claims.claim() is None
        time_machine.now += 1
    assert queue.claims.fail(queue.take(), PASSING) is None
    time_machine.now += 1000
    assert queue.claims.claim() is None
    record = queue.store.find("a", "key")
    assert record is not None
    assert (record.status, record.failure) == (
        "failed",
        AttemptFailure("SERVICE_UNAVAILABLE", "later", True),
    )


def test_a_job_that_is_given_back_is_taken_at_once_and_has_lost_no_attempt(queue: Queue):
    queue.store.submit(new_job("a"))
    queue.claims.release(queue.take())
    assert queue.take().attempt == 1


def test_an_endpoint_gets_so_many_jobs_at_a_time_and_others_pass(
    make_queue: Callable[..., Queue],
):
    queue = make_queue(concurrency_per_endpoint=2)
    for number in range(3):
        queue.store.submit(new_job(f"nova-{number}", priority=9))
    queue.store.submit(new_job("flux", endpoint="flux"))
    first = queue.take()
    assert [queue.take().request_id for _ in range(2)] == ["nova-1", "flux"]
    assert queue.claims.claim() is None
    queue.claims.complete(first, b"{}")
    assert queue.take().request_id == "nova-2"


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_a_clock_that_is_changed_delays_no_job(
    queue: Queue, time_machine: TimeMachine, jump: float
):
    queue.store.submit(new_job("lost", priority=1))
    queue.store.submit(new_job("failed"))
    queue.take()
    queue.claims.fail(queue.take(), PASSING)
    time_machine.now += jump
    assert [queue.take().request_id for _ in range(2)] == ["lost", "failed"]


def test_a_job_that_is_deleted_is_let_go_and_leaves_nothing(queue: Queue):
    queue.store.submit(new_job("a", callback="http://receiver.example"))
    job = queue.take()
    assert not queue.store.delete("a", "another key")
    assert queue.store.delete("a", "key")
    assert not queue.claims.renew(job)
    assert not queue.claims.complete(job, b"{}")
    assert queue.claims.fail(job, PASSING) is None
    assert (queue.store.result("a"), queue.claims.audio("a")) == (None, None)
    assert queue.store.find("a", "key") is None


def test_results_are_deleted_after_a_time(
    make_queue: Callable[..., Queue], time_machine: TimeMachine
):
    queue = make_queue(retention=3600.0)
    for name, callback in (("plain", None), ("called", "http://receiver.example")):
        queue.store.submit(new_job(name, callback=callback))
        queue.claims.complete(queue.take(), b"{}")
    queue.store.submit(new_job("waiting"))
    time_machine.now += 3599
    assert queue.store.expire() == 0
    time_machine.now += 2
    assert queue.store.expire() == 1
    assert {job.request_id for job in queue.store.listed("key")} == {"waiting", "called"}


def test_depth_and_age(queue: Queue, time_machine: TimeMachine):
    assert queue.store.depth().oldest == 0.0
    for name in ("a", "b", "c"):
        queue.store.submit(new_job(name))
        time_machine.now += 10
    queue.take()
    depth = queue.store.depth()
    assert (depth.queued, depth.running, depth.oldest) == (2, 1, 20.0)


def test_a_key_sees_its_own_jobs_alone(queue: Queue, time_machine: TimeMachine):
    for number in range(3):
        queue.store.submit(new_job(f"mine-{number}", key_id="me"))
        time_machine.now += 1
    queue.store.submit(new_job("theirs", key_id="them"))
    assert [job.request_id for job in queue.store.listed("me", limit=2)] == ["mine-2", "mine-1"]
    assert queue.store.listed("me", status="failed") == []
    assert queue.store.find("theirs", "me") is None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Workers in virtual time: outages, failures, and a day of operation."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from itertools import pairwise
from typing import Any

from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedJob
from pipecat_sagemaker_deepgram.web.errors import RequestError

from .jobs import new_job
from .office import Office, answer_at_once
from .time_machine import TimeMachine
from .virtual_time import run_in_virtual_time

CALLBACK = "http://receiver.example/done"


def run(main: Callable[[TimeMachine], Awaitable[None]]) -> None:
    """Run a scene whose event loop and database have one clock."""
    clock = TimeMachine(1_800_000_000.0)

    def jump(seconds: float) -> None:
        clock.now += seconds

    async def scene() -> None:
        await main(clock)

    run_in_virtual_time(scene(), jump)


def test_what_is_queued_is_run_at_once_and_called_back():
    async def scene(clock: TimeMachine) -> None:
        office = Office(clock)
        began = clock.now
        async with office.open():
            await office.queue.submit(new_job("a", callback=CALLBACK))
            await asyncio.sleep(0.5)
            assert office.store.result("a") == b'{"metadata": {"request_id": "a"}}'
            assert office.sent == [("a", 1, began)]
            record = office.store.find("a", "key")
        assert record is not None
        assert record.callback == "delivered"

    run(scene)


def test_a_job_that_always_fails_is_tried_three_times_and_its_error_called_back():
    bodies: list[bytes] = []

    async def refuse(job: ClaimedJob) -> bytes:
        raise RequestError(HTTPStatus.SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "later")

    async def scene(clock: TimeMachine) -> None:
        office = Office(clock, refuse, poll=0.25)
        office.takes_callbacks = lambda callback: bodies.append(callback.body) is None
        async with office.open():
            await office.queue.submit(new_job("a", callback=CALLBACK))
            await asyncio.sleep(60)
            assert [ended.status for ended in office.ended] == ["retried", "retried", "failed"]
            assert office.statuses() == {"failed": 1}

    run(scene)
    assert bodies == [b'{"err_code": "SERVICE_UNAVAILABLE", "err_msg": "later", "request_id": "a"}']


def test_a_receiver_that_is_down_is_tried_ten_times_30_s_apart():
    async def scene(clock: TimeMachine) -> None:
        office = Office(clock, retention=600.0, poll=5.0)
        office.takes_callbacks = lambda callback: False
        async with office.open():
            await office.queue.submit(new_job("a", callback=CALLBACK))
            await asyncio.sleep(3600)
            assert [attempt for _, attempt, _ in office.sent] == list(range(1, 11))
            times = [at for *_, at in office.sent]
            gaps = [later - sooner for sooner, later in pairwise(times)]
            assert all(30 <= gap < 36 for gap in gaps)
            assert office.statuses() == {}

    run(scene)


def test_no_job_is_lost_while_the_database_is_away_for_30_s():
    async def slowly(job: ClaimedJob) -> bytes:
        await asyncio.sleep(10)
        return await answer_at_once(job)

    async def scene(clock: TimeMachine) -> None:
        office = Office(clock, slowly, concurrency=2)
        async with office.open():
            for name in "abcd":
                await office.queue.submit(new_job(name, callback=CALLBACK))
            await asyncio.sleep(5)
            office.is_away = True
            await asyncio.sleep(30)
            office.is_away = False
            await asyncio.sleep(120)
            assert office.statuses() == {"completed": 4}
            assert sorted(name for name, *_ in office.sent) == list("abcd")

    run(scene)


def test_a_job_that_is_deleted_while_it_runs_is_cancelled():
    cancelled: list[str] = []

    async def endless(job: ClaimedJob) -> bytes:
        try:
            await asyncio.sleep(10**9)
        except asyncio.CancelledError:
            cancelled.append(job.request_id)
            raise
        return b""

    async def scene(clock: TimeMachine) -> None:
        office = Office(clock, endless)
        async with office.open():
            await office.queue.submit(new_job("a"))
            await asyncio.sleep(5)
            assert await office.queue.delete("a", "key")
            await asyncio.sleep(11)
            assert cancelled == ["a"]
            assert [ended.status for ended in office.ended] == ["lost"]

    run(scene)


def test_workers_that_end_give_their_jobs_back():
    async def endless(job: ClaimedJob) -> bytes:
        await asyncio.sleep(10**9)
        return b""

    async def scene(clock: TimeMachine) -> None:
        office = Office(clock, endless)
        working = asyncio.create_task(office.workers.run())
        await office.queue.submit(new_job("a"))
        await asyncio.sleep(5)
        assert office.statuses() == {"running": 1}
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        record = office.store.find("a", "key")
        assert record is not None
        assert (record.status, record.attempts) == ("queued", 0)

    run(scene)


def test_a_day_of_operation_keeps_every_job_and_grows_by_nothing():
    """A job each ten minutes; some fail for good, some at first; receivers are down at times."""

    async def answer(job: ClaimedJob) -> bytes:
        number = int(job.request_id)
        await asyncio.sleep(number % 50)
        if number % 10 == 3:
            raise RequestError(HTTPStatus.BAD_REQUEST, "Bad Request", "no audio")
        if number % 10 == 7 and job.attempt < 3:
            raise ConnectionError
        return await answer_at_once(job)

    def objects() -> int:
        gc.collect()
        return sum(isinstance(each, ClaimedJob | asyncio.Task) for each in gc.get_objects())

    async def scene(clock: TimeMachine) -> None:
        office = Office(clock, answer, retention=7200.0, poll=120.0, lease=150.0)
        office.takes_callbacks = lambda callback: clock.now % 7200 > 900
        kept: list[int] = []
        living: list[int] = []
        async with office.open():
            for number in range(24 * 6):
                await office.queue.submit(new_job(f"{number}", callback=CALLBACK))
                await asyncio.sleep(600)
                if number % 36 == 35:
                    kept.append(sum(office.statuses().values()))
                    living.append(objects() - len(office.ended))
            await asyncio.sleep(4 * 3600)
            assert office.statuses() == {}
        check(office)
        assert max(kept) < 30
        assert max(living) - min(living) < 30

    def check(office: Office) -> None:
        last = {ended.job.request_id: ended.status for ended in office.ended}
        failed = {name for name, status in last.items() if status == "failed"}
        assert len(last) == 24 * 6
        assert failed == {f"{number}" for number in range(24 * 6) if number % 10 == 3}
        done: list[Any] = [e for e in office.ended if e.status in ("completed", "failed")]
        assert len(done) == 24 * 6
        assert {name for name, *_ in office.sent} == set(last)

    run(scene)

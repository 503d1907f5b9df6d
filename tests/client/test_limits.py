# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How many streams one process opens and keeps at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pipecat_sagemaker_deepgram.client.limits import Gate, process_gates, stream_slot
from pipecat_sagemaker_deepgram.exceptions import ConnectError


class Visitor:
    """Goes through a gate in a task and stays inside until told to leave."""

    def __init__(self, gate: Gate, limit: int, log: list[str], name: str) -> None:
        self.may_leave = asyncio.Event()
        self.is_inside = False
        self.task = asyncio.create_task(self._visit(gate, limit, log, name))

    async def _visit(self, gate: Gate, limit: int, log: list[str], name: str) -> None:
        async with gate.enter(limit):
            self.is_inside = True
            log.append(name)
            try:
                await self.may_leave.wait()
            finally:
                self.is_inside = False


class Visitors:
    """Visitors of one gate, and the order in which they got in."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.log: list[str] = []
        self.all: dict[str, Visitor] = {}

    async def come(self, names: str, limit: int) -> None:
        for name in names:
            self.all[name] = Visitor(self.gate, limit, self.log, name)
        await settle()

    def leave(self, name: str) -> None:
        self.all[name].may_leave.set()

    def cancel(self, name: str) -> None:
        self.all[name].task.cancel()

    @property
    def inside(self) -> str:
        return "".join(name for name, visitor in self.all.items() if visitor.is_inside)


async def settle() -> None:
    """Let everything happen that can."""
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def visiting() -> AsyncIterator[Visitors]:
    visitors = Visitors()
    try:
        yield visitors
    finally:
        for visitor in visitors.all.values():
            visitor.task.cancel()
        await asyncio.gather(*(v.task for v in visitors.all.values()), return_exceptions=True)


async def test_no_more_than_the_limit_are_inside() -> None:
    async with visiting() as visitors:
        await visitors.come("abcde", 2)
        assert visitors.inside == "ab"
        visitors.leave("a")
        await settle()
        assert visitors.inside == "bc"


async def test_they_get_in_in_the_order_they_came() -> None:
    async with visiting() as visitors:
        await visitors.come("abcdef", 1)
        for name in "abcdef":
            visitors.leave(name)
            await settle()
        assert visitors.log == list("abcdef")


async def test_a_newcomer_does_not_overtake_one_whose_turn_has_come() -> None:
    async with visiting() as visitors:
        await visitors.come("abc", 1)
        late = asyncio.create_task(visitors.come("d", 1))
        visitors.leave("a")
        await late
        for name in "bcd":
            visitors.leave(name)
            await settle()
        assert visitors.log == list("abcd")


async def test_one_who_fails_inside_makes_room() -> None:
    async with visiting() as visitors:
        await visitors.come("ab", 1)
        visitors.cancel("a")
        await settle()
        assert visitors.inside == "b"


async def test_one_who_gives_up_waiting_takes_nobodys_place() -> None:
    async with visiting() as visitors:
        await visitors.come("abc", 1)
        visitors.cancel("b")
        await settle()
        assert visitors.inside == "a"
        visitors.leave("a")
        await settle()
        assert visitors.inside == "c"


async def test_one_who_is_cancelled_before_stream_slot_is_free_is_passed_over() -> None:
    async with visiting() as visitors:
        await visitors.come("abc", 1)
        visitors.cancel("b")
        visitors.leave("a")
        await settle()
        assert visitors.inside == "c"


async def test_cancellations_at_any_moment_lose_no_place() -> None:
    for steps in range(8):
        async with visiting() as visitors:
            await visitors.come("abcd", 1)
            visitors.leave("a")
            for _ in range(steps):
                await asyncio.sleep(0)
            visitors.cancel("b")
            visitors.cancel("c")
            await settle()
            assert visitors.inside == "d", steps


async def test_a_smaller_limit_keeps_its_turn_before_a_greater_one() -> None:
    async with visiting() as visitors:
        await visitors.come("ab", 2)
        await visitors.come("c", 1)
        await visitors.come("d", 2)
        visitors.leave("a")
        await settle()
        assert visitors.inside == "b"
        visitors.leave("b")
        await settle()
        assert visitors.inside == "cd"
        assert visitors.log == list("abcd")


async def test_one_who_gives_up_lets_those_behind_with_a_greater_limit_in() -> None:
    async with visiting() as visitors:
        await visitors.come("a", 2)
        await visitors.come("b", 1)
        await visitors.come("c", 2)
        assert visitors.inside == "a"
        visitors.cancel("b")
        await settle()
        assert visitors.inside == "ac"


async def test_stream_slot_is_held_until_the_block_ends() -> None:
    async with stream_slot(1, timeout=1.0):
        with pytest.raises(ConnectError):
            async with stream_slot(1, timeout=0.01):
                raise AssertionError("there was no place")
    async with stream_slot(1, timeout=0.01):
        pass


async def test_no_place_in_time_is_an_error_that_says_what_to_do() -> None:
    async with stream_slot(1, timeout=1.0):
        with pytest.raises(ConnectError, match=r"1 streams are open .* 0\.01 s.*max_concurrency"):
            async with stream_slot(1, timeout=0.01):
                pass


async def test_the_blocks_own_timeout_is_not_taken_for_a_missing_place() -> None:
    with pytest.raises(TimeoutError, match="its own"):
        async with stream_slot(1, timeout=0.01):
            raise TimeoutError("its own")


async def test_all_clients_of_one_loop_share_the_gates() -> None:
    assert process_gates() is process_gates()


def test_each_loop_has_gates_of_its_own() -> None:
    async def gates() -> object:
        return process_gates()

    assert asyncio.run(gates()) is not asyncio.run(gates())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A flag lets those go on who wait for it, and keeps nothing of them."""

import asyncio

import pytest

from pipecat_sagemaker_deepgram.client.flag import Flag


async def waiting_for(flag: Flag) -> asyncio.Task[None]:
    """A task that waits for the flag by now."""
    task = asyncio.create_task(flag.wait())
    await asyncio.sleep(0)
    return task


async def test_nobody_waits_for_a_flag_that_is_set() -> None:
    flag = Flag()
    assert not flag.is_set()
    flag.set()
    assert flag.is_set()
    async with asyncio.timeout(5):
        await flag.wait()


async def test_all_who_wait_go_on_even_if_it_is_cleared_at_once() -> None:
    flag = Flag()
    tasks = [await waiting_for(flag) for _ in range(3)]
    flag.set()
    flag.set()
    flag.clear()
    late = await waiting_for(flag)
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks)
    assert not late.done()
    flag.set()
    await late


async def test_one_who_gives_up_does_not_keep_the_others_waiting() -> None:
    flag = Flag()
    given_up, other = [await waiting_for(flag) for _ in range(2)]
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    flag.set()
    async with asyncio.timeout(5):
        await other

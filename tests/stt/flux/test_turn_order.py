# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A start of a turn waits for the end of the turn before it to come back from the pipeline."""

import asyncio

from pipecat_sagemaker_deepgram.stt.flux.turn_order import END_TIMEOUT, TurnOrder

from ...skipping_loop import skipping_waits


def _now() -> float:
    return asyncio.get_running_loop().time()


async def test_without_an_end_nothing_is_waited_for() -> None:
    order = TurnOrder()
    began = _now()
    await order.wait_for_the_end()
    assert _now() - began < END_TIMEOUT


async def test_an_end_is_waited_for_until_it_has_come_back() -> None:
    order = TurnOrder()
    order.end_proposed()
    waiting = asyncio.create_task(order.wait_for_the_end())
    await asyncio.sleep(0)
    assert not waiting.done()
    order.end_confirmed()
    async with asyncio.timeout(END_TIMEOUT / 2):
        await waiting


@skipping_waits
async def test_an_end_that_nobody_answers_is_not_waited_for_for_ever() -> None:
    order = TurnOrder()
    order.end_proposed()
    proposed = _now()
    await order.wait_for_the_end()
    assert _now() - proposed >= END_TIMEOUT - 0.01
    began = _now()
    await order.wait_for_the_end()
    assert _now() - began < END_TIMEOUT


@skipping_waits
async def test_the_time_counts_from_the_end() -> None:
    order = TurnOrder()
    order.end_proposed()
    await asyncio.sleep(END_TIMEOUT)
    began = _now()
    await order.wait_for_the_end()
    assert _now() - began < END_TIMEOUT / 2

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The emulated clock."""

import asyncio

from pipecat_sagemaker_deepgram.emulator.settings import EmulatorSettings
from pipecat_sagemaker_deepgram.emulator.stream.clock import StreamClock


async def test_emulated_time_runs_faster_by_the_scale():
    clock = StreamClock(EmulatorSettings(time_scale=1000))
    begun, fired = clock.now(), asyncio.Event()
    clock.call_at(begun + 20, fired.set)
    await fired.wait()
    assert clock.now() - begun >= 19.9


async def test_another_moment_replaces_the_one_before():
    clock = StreamClock(EmulatorSettings())
    fired: list[str] = []
    done = asyncio.Event()
    clock.call_at(clock.now(), lambda: fired.append("replaced"))
    clock.call_at(clock.now() + 0.01, done.set)
    await done.wait()
    assert fired == []


async def test_a_stopped_clock_does_not_fire():
    stopped, other = StreamClock(EmulatorSettings()), StreamClock(EmulatorSettings())
    fired: list[str] = []
    done = asyncio.Event()
    moment = stopped.now()
    stopped.call_at(moment, lambda: fired.append("late"))
    stopped.stop()
    other.call_at(moment + 0.01, done.set)
    await done.wait()
    assert fired == []


async def test_the_same_moment_can_be_armed_again_after_it_came():
    clock = StreamClock(EmulatorSettings())
    moment = clock.now()
    for _ in range(2):
        fired = asyncio.Event()
        clock.call_at(moment, fired.set)
        async with asyncio.timeout(10):
            await fired.wait()

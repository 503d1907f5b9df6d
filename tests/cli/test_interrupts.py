# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import asyncio
import os
import signal

import pytest

from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_first_signal_asks(number: signal.Signals):
    asked = asyncio.Event()
    with Interrupts(asked.set) as interrupts:
        assert not interrupts.received
        os.kill(os.getpid(), number)
        await asyncio.wait_for(asked.wait(), 1)
        assert interrupts.received


async def test_the_second_signal_cancels_the_task():
    async def work() -> None:
        asked = asyncio.Event()
        with Interrupts(asked.set):
            os.kill(os.getpid(), signal.SIGINT)
            await asked.wait()
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.create_task(work()), 1)


async def test_the_third_signal_reaches_a_loop_that_is_stuck():
    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with Interrupts(lambda: None):
        interrupt()
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            interrupt()


async def test_afterwards_signals_do_what_they_did():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with Interrupts(lambda: None):
        assert signal.getsignal(signal.SIGINT) not in before
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before

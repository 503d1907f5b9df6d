# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import asyncio
import threading

import pytest

from pipecat_sagemaker_deepgram.gateway.jobs.claiming import in_thread


@pytest.mark.parametrize("fails", [False, True])
async def test_whoever_is_cancelled_waits_until_the_thread_is_done(fails: bool):
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def block() -> None:
        begun.set()
        may_end.wait(60)
        ended.set()
        if fails:
            raise ValueError

    calling = asyncio.create_task(in_thread(block))
    await asyncio.to_thread(begun.wait, 60)
    calling.cancel()
    await asyncio.sleep(0)
    assert not calling.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert ended.is_set()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import asyncio
import gc
import sys

import pytest
import uvloop

from pipecat_sagemaker_deepgram.cli.event_loop import frozen_heap, run


async def loop_in_use() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_commands_run_on_uvloop_where_it_is_installed():
    assert isinstance(run(loop_in_use()), uvloop.Loop)


def test_commands_run_without_uvloop(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert not isinstance(run(loop_in_use()), uvloop.Loop)


def test_the_heap_is_frozen_only_for_a_while():
    with frozen_heap():
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What runs beside a test."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pipecat_sagemaker_deepgram.testing.background import in_background


@asynccontextmanager
async def thing(events: list[str], *, fails_at: str = "") -> AsyncIterator[str]:
    for event in ("open", "close"):
        events.append(event)
        if event == fails_at:
            raise OSError(event)
        if event == "open":
            yield threading.current_thread().name


def test_it_runs_on_another_thread_and_is_gone_afterwards():
    events: list[str] = []
    before = threading.active_count()
    with in_background(lambda: thing(events)) as background:
        assert background.value == "sagemaker-endpoint"
        assert background.call(lambda _: threading.current_thread().name) == background.value
        assert background.call(lambda _: asyncio.get_running_loop().is_running())
        with pytest.raises(ZeroDivisionError):
            background.call(lambda _: 1 // 0)
    assert events == ["open", "close"]
    assert threading.active_count() == before


@pytest.mark.parametrize("fails_at", ["open", "close"])
def test_its_failure_is_the_callers(fails_at: str):
    with pytest.raises(OSError, match=fails_at):
        with in_background(lambda: thing([], fails_at=fails_at)):
            assert fails_at == "close"


def test_a_failure_of_the_test_closes_it():
    events: list[str] = []
    with pytest.raises(ZeroDivisionError):
        with in_background(lambda: thing(events)):
            raise ZeroDivisionError
    assert events == ["open", "close"]

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Waiting for a container."""

import pytest

from pipecat_sagemaker_deepgram.emulator import ContainerNotReadyError, wait_until_healthy

from ..pinged_container import pinged_container


async def test_each_change_on_the_way_is_reported():
    reported: list[str] = []
    async with pinged_container(503, 503, 500, 200) as url:
        await wait_until_healthy(url, interval=0, on_unhealthy=reported.append)
    assert reported == ["GET /ping says 503", "GET /ping says 500"]


async def test_a_container_that_is_ready_is_not_waited_for():
    async with pinged_container(200) as url:
        await wait_until_healthy(url, on_unhealthy=pytest.fail)


async def test_one_that_never_gets_ready_says_what_it_does():
    async with pinged_container(503) as url:
        with pytest.raises(ContainerNotReadyError, match=r"within 0.1 s: GET /ping says 503\."):
            await wait_until_healthy(url, timeout=0.1, interval=0.01)


async def test_nobody_listening_is_said_too():
    with pytest.raises(ContainerNotReadyError, match=r"GET /ping fails: .*127\.0\.0\.1"):
        await wait_until_healthy("ws://127.0.0.1:1", timeout=0.1, interval=0.01)

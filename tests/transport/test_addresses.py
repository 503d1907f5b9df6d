# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whichever address of a name answers first is taken, and no other is kept."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager

import pytest

from pipecat_sagemaker_deepgram.transport import addresses
from pipecat_sagemaker_deepgram.transport.addresses import connect_first, look_up
from pipecat_sagemaker_deepgram.transport.endpoint import Address

from .tcp_peers import hanging, listening, refusing, unreachable


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_an_ip_address_needs_no_name_server(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise AssertionError("asked a name server")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    ((_, _, _, _, address),) = await look_up(Address(host, 8443))
    assert address[:2] == (host, 8443)


@pytest.mark.parametrize(
    "before", [(), (refusing,), (hanging,), (refusing, hanging), (hanging, hanging)]
)
async def test_an_address_that_answers_is_found_behind_those_that_do_not(
    before: tuple[Callable[[], contextmanager], ...],  # type: ignore[type-arg]
) -> None:
    with ExitStack() as stack:
        candidates = [stack.enter_context(each()) for each in before]
        target = stack.enter_context(listening())
        started = time.monotonic()
        connection = await connect_first([*candidates, target])
        with connection:
            assert connection.getpeername() == target[4]
        assert time.monotonic() - started < 0.25 * len(before) + 0.5


async def test_an_ipv6_network_that_leads_nowhere_costs_one_delay_at_most() -> None:
    """IPv4 is tried second, however many IPv6 addresses stand before it."""
    with listening() as target:
        started = time.monotonic()
        with await connect_first([unreachable()] * 8 + [target]) as connection:
            assert connection.getpeername() == target[4]
        assert time.monotonic() - started < 0.25 + 0.5


async def test_when_no_address_answers_the_callers_deadline_ends_the_race(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[socket.socket] = []
    original = socket.socket

    def recorded(*arguments: int, **named: int) -> socket.socket:
        made.append(original(*arguments, **named))
        return made[-1]

    with hanging() as one, hanging() as two:
        monkeypatch.setattr(addresses.socket, "socket", recorded)
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.4):
                await connect_first([one, two])
        assert time.monotonic() - started < 1
        monkeypatch.undo()
    assert len(made) == 2
    assert all(each.fileno() == -1 for each in made)
    assert len(asyncio.all_tasks()) == 1


async def test_when_all_refuse_that_is_the_error() -> None:
    with refusing() as one, refusing() as two, pytest.raises(ConnectionRefusedError):
        await connect_first([one, two])


async def test_when_several_answer_at_once_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next attempt starts before the first has been noticed; its socket is closed."""
    monkeypatch.setattr(addresses, "ATTEMPT_DELAY", 1e-9)
    made: list[socket.socket] = []
    original = socket.socket

    def recorded(*arguments: int, **named: int) -> socket.socket:
        made.append(original(*arguments, **named))
        return made[-1]

    with listening() as one, listening() as two, listening() as three:
        monkeypatch.setattr(addresses.socket, "socket", recorded)
        connection = await connect_first([one, two, three])
        monkeypatch.undo()
        assert [each for each in made if each.fileno() != -1] == [connection]
        assert len(made) > 1
        connection.close()


@pytest.mark.parametrize("steps", range(6))
async def test_a_cancelled_race_keeps_no_socket(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[socket.socket] = []
    original = socket.socket

    def recorded(*arguments: int, **named: int) -> socket.socket:
        made.append(original(*arguments, **named))
        return made[-1]

    with hanging() as one, listening() as two, listening() as three:
        monkeypatch.setattr(addresses, "ATTEMPT_DELAY", 1e-9)
        monkeypatch.setattr(addresses.socket, "socket", recorded)
        racing = asyncio.create_task(connect_first([one, two, three]))
        for _ in range(steps):
            await asyncio.sleep(0)
        racing.cancel()
        (outcome,) = await asyncio.gather(racing, return_exceptions=True)
        monkeypatch.undo()
        if isinstance(outcome, socket.socket):
            outcome.close()
        assert all(each.fileno() == -1 for each in made)
        assert len(asyncio.all_tasks()) == 1

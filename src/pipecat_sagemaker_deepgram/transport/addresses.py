# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From a host name to a connected TCP socket, whichever of its addresses answers first."""

import asyncio
import socket
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from pipecat_sagemaker_deepgram.transport.endpoint import Address

type AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]

ATTEMPT_DELAY = 0.25
"""Seconds before the next address of a name is tried beside the first (RFC 8305)."""


async def look_up(address: Address) -> list[AddressInfo]:
    """Resolve a name to socket addresses, in the order in which to try them.

    Raises:
        OSError: It cannot be resolved.
    """
    try:
        found = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except socket.gaierror:
        found = await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )
    return interleaved(found)


def interleaved(found: Iterable[AddressInfo]) -> list[AddressInfo]:
    """Let the address families take turns, so that a dead one costs one delay. Pure."""
    families: dict[int, list[AddressInfo]] = {}
    for info in found:
        families.setdefault(info[0], []).append(info)
    return [info for turn in zip_longest(*families.values()) for info in turn if info is not None]


async def connect_first(candidates: Sequence[AddressInfo]) -> socket.socket:
    """Connect to the first address that answers, trying the next one when it takes its time.

    Raises:
        OSError: None of them could be connected to; what the first one said.
    """
    if len(candidates) == 1:
        return await _connect(candidates[0])
    attempts: list[asyncio.Task[socket.socket]] = []
    try:
        winner = await _race(candidates, attempts)
    except BaseException:
        await _give_up(attempts)
        raise
    attempts.remove(winner)
    try:
        await _give_up(attempts)
    except BaseException:
        winner.result().close()
        raise
    return winner.result()


async def _race(
    candidates: Sequence[AddressInfo], attempts: list[asyncio.Task[socket.socket]]
) -> asyncio.Task[socket.socket]:
    waiting = deque(candidates)
    while True:
        if waiting:
            attempts.append(asyncio.create_task(_connect(waiting.popleft())))
        pending = [each for each in attempts if not each.done()]
        if not pending:
            return attempts[0]
        done, _ = await asyncio.wait(
            pending,
            timeout=ATTEMPT_DELAY if waiting else None,
            return_when=asyncio.FIRST_COMPLETED,
        )
        for each in done:
            if each.exception() is None:
                return each


async def _give_up(attempts: Sequence[asyncio.Task[socket.socket]]) -> None:
    for each in attempts:
        each.add_done_callback(_close_connection)
        each.cancel()
    await asyncio.gather(*attempts, return_exceptions=True)


def _close_connection(attempt: asyncio.Task[socket.socket]) -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()


async def _connect(info: AddressInfo) -> socket.socket:
    family, kind, protocol, _, address = info
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Closing WebSockets in bounded time, whatever their clients do.

A closing handshake has a time limit of its own, but its close frame first waits for a client
that does not read.
"""

import asyncio
from collections.abc import Collection

from loguru import logger
from websockets.asyncio.server import Server, ServerConnection

CLOSE_TIMEOUT = 2.0
"""Seconds that a client has to finish the closing handshake."""

_ABORT_AFTER = CLOSE_TIMEOUT + 1.0


async def close_connection(
    connection: ServerConnection, code: int | None, reason: str = ""
) -> None:
    """Close one connection; abort it when the client lets neither close frame through.

    Args:
        connection: The connection.
        code: The status to tell; None for a close frame without one, which shows as 1005.
        reason: Why.
    """
    try:
        async with asyncio.timeout(_ABORT_AFTER):
            # The protocol underneath takes None for a frame without a status.
            await connection.close(code, reason)  # pyright: ignore[reportArgumentType]
    except TimeoutError:
        abort_connection(connection)


def abort_connection(connection: ServerConnection) -> None:
    """Drop the TCP connection; whoever reads or writes is told at once."""
    logger.warning("{}: the client does not read; dropping the connection", connection.id)
    connection.transport.abort()


async def close_server(server: Server, connections: Collection[ServerConnection]) -> None:
    """Close a server and wait until its handlers have returned.

    Args:
        server: The server.
        connections: Those that are being handled, as they are when the time limit is reached;
            they are aborted then.
    """
    server.close()
    try:
        async with asyncio.timeout(_ABORT_AFTER):
            await server.wait_closed()
    except TimeoutError:
        for connection in list(connections):
            abort_connection(connection)
        await server.wait_closed()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From a host name to a connected TCP socket, whichever of its addresses answers first."""

import asyncio
import socket
from collections.abc import Sequence

from aiohappyeyeballs import AddrInfoType, start_connection

from pipecat_sagemaker_deepgram.transport.endpoint import Address

ATTEMPT_DELAY = 0.25
"""Seconds before the next address of a name is tried beside the first (RFC 8305)."""


async def look_up(address: Address) -> Sequence[AddrInfoType]:
    """Resolve a name to socket addresses; an IP address needs no name server.

    Raises:
        OSError: It cannot be resolved.
    """
    try:
        return socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except socket.gaierror:
        return await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )


async def connect_first(candidates: Sequence[AddrInfoType]) -> socket.socket:
    """Connect to the first address that answers; address families take turns (RFC 8305).

    Args:
        candidates: Socket addresses, at least one, in the order of the resolver.

    Returns:
        The connected socket, which does not block.

    Raises:
        OSError: None of them could be connected to.
    """
    return await start_connection(candidates, happy_eyeballs_delay=ATTEMPT_DELAY)

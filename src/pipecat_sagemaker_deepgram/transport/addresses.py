# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From a host name to a TCP socket, connected to whichever address answers first.

The race between the addresses is ``aiohappyeyeballs``'; what is left here keeps IP addresses out of
the resolver's threads, and fixes the delay.
"""

import asyncio
import socket
from collections.abc import Sequence

from aiohappyeyeballs import AddrInfoType, start_connection

from pipecat_sagemaker_deepgram.transport.endpoint import Address

ATTEMPT_DELAY = 0.25
"""Seconds after which the next address is tried as well (RFC 8305 section 5)."""


async def look_up(address: Address) -> Sequence[AddrInfoType]:
    """Resolve a host name to socket addresses; an IP address needs no name server.

    Args:
        address: The host name or IP address, and the port.

    Returns:
        At least one socket address, in the resolver's order.

    Raises:
        OSError: The name cannot be resolved (``socket.gaierror``).
        UnicodeError: The name is not possible in DNS.
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
    """Connect to the first address that answers; families alternate (RFC 8305 section 4).

    There is no deadline here: the caller's covers name resolution and TLS as well.

    Args:
        candidates: Socket addresses, at least one, in the order of the resolver.

    Returns:
        The connected socket, which does not block.

    Raises:
        OSError: None of them could be connected to.
    """
    return await start_connection(candidates, happy_eyeballs_delay=ATTEMPT_DELAY)

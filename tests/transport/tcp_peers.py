# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""TCP peers that answer, refuse or stay silent, each as a socket address to connect to."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from aiohappyeyeballs import AddrInfoType


def info(address: str, port: int = 1, family: int = socket.AF_INET) -> AddrInfoType:
    return (family, socket.SOCK_STREAM, 0, "", (address, port))


@contextmanager
def listening() -> Iterator[AddrInfoType]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield info(*listener.getsockname())


@contextmanager
def refusing() -> Iterator[AddrInfoType]:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield info(*reserved.getsockname())


@contextmanager
def hanging() -> Iterator[AddrInfoType]:
    """Listens with a full backlog, so that no connection is ever completed."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield info(*listener.getsockname())


def unreachable() -> AddrInfoType:
    """An IPv6 address of the range for documentation (RFC 3849), which leads nowhere."""
    return (socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("2001:db8::1", 443, 0, 0))

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The ports of one emulator: a required one, and optional ones."""

import errno
import os
import socket
from collections.abc import Sequence

from pipecat_sagemaker_deepgram.emulator.errors import AddressInUseError


class Listeners:
    """Open listening sockets on one address.

    Attributes:
        sockets: The sockets, the required one first.
        missing: Optional ports that are not available, with the reason.
    """

    def __init__(self, host: str, port: int, optional_ports: Sequence[int]) -> None:
        """Listens.

        Args:
            host: The address.
            port: The required port; 0 for a free one.
            optional_ports: Further ports, if they are available.

        Raises:
            AddressInUseError: Another program uses ``port``.
            OSError: The host is not an address of this machine, or ``port`` is not allowed.
        """
        self.sockets = [_listen(host, port)]
        self.missing: dict[int, str] = {}
        for further in optional_ports:
            try:
                self.sockets.append(_listen(host, further))
            except OSError as error:
                self.missing[further] = os.strerror(error.errno) if error.errno else str(error)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the required socket."""
        return self.sockets[0].getsockname()[:2]

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that is listened on."""
        return tuple(each.getsockname()[1] for each in self.sockets)

    def close(self) -> None:
        """Stops listening."""
        for each in self.sockets:
            each.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} on {host} is in use; stop the program there, or use another."
            raise AddressInUseError(error.errno, message) from error
        raise
    listener.setblocking(False)
    return listener

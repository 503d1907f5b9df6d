# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One module per client library; each has ``make``, which makes a ``Driver``.

A driver is as thin as possible, and runs in an environment that contains only its library.
"""

from typing import Protocol


class Driver(Protocol):
    """One stream of a client library."""

    async def open(self) -> None:
        """Open the stream; return when the endpoint has accepted it."""

    async def send(self, audio: bytes) -> None:
        """Send audio, in one event if the library does not decide otherwise."""

    async def receive(self) -> str | None:
        """Wait for the next message; ``None`` when the library says that the stream has ended."""

    async def close(self) -> None:
        """Close the stream, as an application would."""

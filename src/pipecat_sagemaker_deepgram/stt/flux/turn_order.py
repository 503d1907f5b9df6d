# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A turn begins behind the end of the one before it, in the whole pipeline."""

import asyncio

END_TIMEOUT = 0.3
"""Seconds that the next turn waits for the pipeline to have ended the one before."""


class TurnOrder:
    """Keeps the proposal of a start from overtaking the frames of the turn before it.

    Pipecat lets a proposed start pass all that waits, and a replay may bring an end and a start
    at the same moment. Whoever decides the user's turns in the pipeline says that one has ended
    by a ``UserStoppedSpeakingFrame``, which comes back to the service: until then a start waits,
    or until there is nobody to say so.
    """

    def __init__(self) -> None:
        self._has_come_back = asyncio.Event()
        self._has_come_back.set()
        self._wait_until = 0.0

    def end_proposed(self) -> None:
        """The end of a turn is about to be proposed."""
        self._has_come_back.clear()
        self._wait_until = asyncio.get_running_loop().time() + END_TIMEOUT

    def end_came_back(self) -> None:
        """The pipeline has ended the user's turn."""
        self._has_come_back.set()

    async def wait_for_the_end(self) -> None:
        """Wait until the end that was proposed last is through, for ``END_TIMEOUT`` at most."""
        try:
            async with asyncio.timeout_at(self._wait_until):
                await self._has_come_back.wait()
        except TimeoutError:
            self._has_come_back.set()

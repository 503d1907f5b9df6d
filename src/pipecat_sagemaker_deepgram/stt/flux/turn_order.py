# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Makes sure that, in the whole pipeline, a turn begins only after the previous one has ended."""

import asyncio

END_TIMEOUT = 0.3
"""Most seconds that the next turn waits until the pipeline has ended the previous one."""


class TurnOrder:
    """Keeps a proposed start of turn from overtaking the frames of the previous turn.

    In Pipecat a proposed start passes all queued frames, and a replay may produce an end and a
    start at the same moment. The processor that decides about turns confirms an end by a
    ``UserStoppedSpeakingFrame``, which travels back to the service. A start waits for that frame,
    or for ``END_TIMEOUT`` if no processor sends it.
    """

    def __init__(self) -> None:
        self._has_come_back = asyncio.Event()
        self._has_come_back.set()
        self._wait_until = 0.0

    def end_proposed(self) -> None:
        """Note that the end of a turn is about to be proposed."""
        self._has_come_back.clear()
        self._wait_until = asyncio.get_running_loop().time() + END_TIMEOUT

    def end_confirmed(self) -> None:
        """Note that the pipeline has ended the user's turn."""
        self._has_come_back.set()

    async def wait_for_the_end(self) -> None:
        """Wait until the last proposed end is confirmed, for ``END_TIMEOUT`` at most."""
        try:
            async with asyncio.timeout_at(self._wait_until):
                await self._has_come_back.wait()
        except TimeoutError:
            self._has_come_back.set()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Limits of concurrent requests, for each key and in total."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from pipecat_sagemaker_deepgram.gateway.access.options import AccessOptions
from pipecat_sagemaker_deepgram.gateway.refusals import too_many_requests


class Places:
    """Counts the requests in progress.

    Args:
        options: The limits.
    """

    def __init__(self, options: AccessOptions) -> None:
        self._options = options
        self._taken: Counter[str] = Counter()
        self._freed = asyncio.Event()

    @property
    def taken(self) -> int:
        """Number of places that are taken."""
        return self._taken.total()

    async def wait_until_free(self) -> None:
        """Wait until no place is taken."""
        while self._taken:
            self._freed.clear()
            await self._freed.wait()

    @contextmanager
    def take(self, key_id: str) -> Iterator[None]:
        """Hold a place.

        Raises:
            RequestError: There is no free place.
        """
        own, in_all = self._options.streams, self._options.streams_in_all
        is_full = in_all is not None and self.taken >= in_all
        if is_full or (own is not None and self._taken[key_id] >= own):
            raise too_many_requests()
        self._taken[key_id] += 1
        try:
            yield
        finally:
            self._taken[key_id] -= 1
            if not self._taken[key_id]:
                del self._taken[key_id]
            self._freed.set()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The records of a session on their way to the reader."""

from collections import deque

from pipecat_sagemaker_deepgram.client.flag import Flag
from pipecat_sagemaker_deepgram.client.records import Message, Record

MAX_QUEUED_MESSAGES = 1000
"""Number of waiting messages above which the client stops reading its streams."""

MAX_QUEUED_LENGTH = 16 * 1024 * 1024
"""Total length of the waiting messages, in bytes or characters, above which it also stops."""


class RecordQueue:
    """Holds records, in order, until they are received."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque()
        self._messages = 0
        self._length = 0
        self._is_closed = False
        self._news = Flag()
        self._room = Flag()

    def put(self, record: Record) -> None:
        """Add a record; never waits."""
        self._records.append(record)
        if isinstance(record, Message):
            self._messages += 1
            self._length += len(record.data)
        self._news.set()

    def close(self) -> None:
        """Accept no further records."""
        self._is_closed = True
        self._news.set()
        self._room.set()

    async def get(self) -> Record | None:
        """Wait for the next record; cancelling the wait loses nothing.

        Returns:
            The record; ``None`` after the last one.
        """
        while not self._records:
            if self._is_closed:
                return None
            self._news.clear()
            await self._news.wait()
        record = self._records.popleft()
        if isinstance(record, Message):
            self._messages -= 1
            self._length -= len(record.data)
            self._room.set()
        return record

    @property
    def is_full(self) -> bool:
        """Whether so much is waiting that reading has to stop."""
        is_much = self._messages > MAX_QUEUED_MESSAGES or self._length > MAX_QUEUED_LENGTH
        return is_much and not self._is_closed

    async def wait_for_room(self) -> None:
        """Wait while the queue is full."""
        while self.is_full:
            self._room.clear()
            await self._room.wait()

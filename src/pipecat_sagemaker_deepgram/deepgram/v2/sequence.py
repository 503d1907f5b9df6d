# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Detects missing messages by their numbers, which grow by 1 on each stream. Pure."""


class SequenceCheck:
    """Counts missing messages, stream by stream."""

    def __init__(self) -> None:
        self.gaps = 0
        """Number of messages that are missing."""
        self._next: tuple[int, int] | None = None

    def note(self, stream: int, number: int | None) -> None:
        """Note a message.

        Args:
            stream: Number of its stream.
            number: Its number there; ``None`` if it has none.
        """
        if number is None:
            return
        expected = number
        if self._next is not None and self._next[0] == stream:
            expected = self._next[1]
        self.gaps += max(0, number - expected)
        self._next = (stream, max(expected, number + 1))

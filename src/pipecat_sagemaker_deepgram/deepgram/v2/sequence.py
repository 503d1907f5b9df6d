# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages that are missing by their numbers, which grow by 1 on a stream. Pure."""


class SequenceCheck:
    """Counts what is missing, stream by stream."""

    def __init__(self) -> None:
        self.gaps = 0
        """Messages that were missing."""
        self._next: tuple[int, int] | None = None

    def note(self, stream: int, number: int | None) -> None:
        """Take note of a message.

        Args:
            stream: Number of its stream.
            number: Its number there; ``None`` when it has none.
        """
        if number is None:
            return
        expected = number
        if self._next is not None and self._next[0] == stream:
            expected = self._next[1]
        self.gaps += max(0, number - expected)
        self._next = (stream, max(expected, number + 1))

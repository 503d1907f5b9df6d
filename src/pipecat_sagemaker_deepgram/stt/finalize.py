# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A ``Finalize`` from the moment it is asked for until it is answered, or taken as such. Pure.

Deepgram does not promise an answer (Deepgram docs, "Finalize"); whoever waits for one must not
wait for ever.
"""

FINALIZE_TIMEOUT = 1.0
"""Seconds for an answer, from when ``Finalize`` was sent with all the audio before it."""


class Finalizing:
    """Which channels have not answered the latest ``Finalize``, and until when they may.

    Args:
        channels: How many channels are transcribed each by itself.
        timeout: Seconds for the answers; ``None`` waits for ever.
    """

    def __init__(self, *, channels: int = 1, timeout: float | None = FINALIZE_TIMEOUT) -> None:
        self._channels = range(channels)
        self._timeout = timeout
        self._unanswered: set[int] = set()
        self.deadline: float | None = None
        """The time at which ``expire`` wants to be called."""

    def request(self) -> None:
        """``Finalize`` has been handed to the client."""
        self._unanswered = set(self._channels)
        self.deadline = None

    def sent(self, now: float) -> None:
        """It is being written to a stream, with all the audio before it."""
        if self._unanswered and self._timeout is not None:
            self.deadline = now + self._timeout

    def lost(self) -> None:
        """The stream was lost; ``Finalize`` is sent again where it is not answered."""
        self.deadline = None

    def forget(self) -> None:
        """Nobody waits for an answer any more."""
        self._unanswered.clear()
        self.deadline = None

    def give_up(self, now: float) -> None:
        """No answer will come, on any channel."""
        self.request()
        self.deadline = now

    def answered(self, channel: int, channels: int) -> bool:
        """A channel's answer has come.

        Args:
            channel: Index of the channel.
            channels: How many the container says there are.

        Returns:
            Whether it was the last one waited for.
        """
        was_awaited = channel in self._unanswered
        self._unanswered &= set(range(channels)) - {channel}
        if not self._unanswered:
            self.deadline = None
        return was_awaited and not self._unanswered

    def expire(self) -> set[int]:
        """Take it as answered.

        Returns:
            The channels that have not answered.
        """
        unanswered = set(self._unanswered)
        self.forget()
        return unanswered

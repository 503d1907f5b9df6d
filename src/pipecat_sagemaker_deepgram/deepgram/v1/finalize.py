# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A ``Finalize`` from the moment it is asked for until it is answered, or taken as such. Pure.

Deepgram does not promise an answer (Deepgram docs, "Finalize"); whoever waits for one must not
wait for ever. Where everything said before it has come in finals, there is nothing to wait for.
"""

from math import inf

FINALIZE_TIMEOUT = 1.0
"""Seconds for an answer, from when ``Finalize`` was sent with all the audio before it."""

TOO_SHORT = 0.02
"""Seconds of audio that hold no word: by so much may the end of a result be rounded."""


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
        self._position = self._position_before = -inf
        self._heard_to: dict[int, float] = {}
        self.deadline: float | None = None
        """The time at which ``expire`` wants to be called."""

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._unanswered)

    def request(self, position: float) -> bool:
        """``Finalize`` is handed to the client.

        Args:
            position: Session seconds of the audio given before it.

        Returns:
            Whether there is nothing to wait for: of that audio everything has been heard.
        """
        self._position_before, self._position = self._position, position
        self._unanswered = {channel for channel in self._channels if not self._has_heard(channel)}
        self.deadline = None
        return not self._unanswered

    def heard(self, channel: int, channels: int, *, to: float) -> bool:
        """A channel's results have said all there is to say of the audio before a time.

        Args:
            channel: Index of the channel.
            channels: How many the container says there are.
            to: Session seconds.

        Returns:
            Whether it was the last one waited for.
        """
        self._heard_to[channel] = max(to, self._heard_to.get(channel, 0.0))
        return self._has_heard(channel) and self._wait_no_more(channel, channels)

    def _has_heard(self, channel: int) -> bool:
        return self._heard_to.get(channel, 0.0) >= self._position - TOO_SHORT

    def sent(self, now: float) -> None:
        """It is being written to a stream, with all the audio before it."""
        if self._unanswered and self._timeout is not None:
            self.deadline = now + self._timeout

    def lost(self) -> None:
        """The stream was lost; ``Finalize`` is sent again where it is not answered."""
        self.deadline = None

    def forget(self) -> None:
        """Nobody waits for an answer any more, or none will come."""
        self._unanswered.clear()
        self.deadline = None

    def answered(self, channel: int, channels: int, *, to: float) -> bool:
        """A channel's answer has come, to the latest ``Finalize`` or to the one before.

        Args:
            channel: Index of the channel.
            channels: How many the container says there are.
            to: Session seconds at which the answer ends: where its ``Finalize`` was, or near.

        Returns:
            Whether it was the last one waited for.
        """
        if abs(to - self._position_before) < abs(to - self._position):
            return False
        return self._wait_no_more(channel, channels)

    def _wait_no_more(self, channel: int, channels: int) -> bool:
        was_awaited = channel in self._unanswered
        self._unanswered = {
            each for each in self._unanswered if each < channels and each != channel
        }
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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tracks a ``Finalize`` from its request until it is answered or counts as answered. Pure.

Deepgram does not promise an answer (Deepgram docs, "Finalize"), so nothing may wait for one
forever. If everything said before it has already arrived in finals, there is nothing to wait for.
An answer is missing once it has taken several times as long as answers usually do, and no results
of earlier audio arrive any more.
"""

from collections import defaultdict
from math import inf
from typing import Literal

from pipecat_sagemaker_deepgram.deepgram.v1.answer_times import AnswerTimes

type FinalizeTimeout = float | None | Literal["learned"]
"""Seconds to wait for an answer once ``Finalize`` and all audio before it are sent. ``None`` waits
forever, ``"learned"`` several times as long as answers usually take."""

TOO_SHORT = 0.02
"""Seconds of audio too short for a word: the end of a result may be rounded by this much."""


class Finalizing:
    """Knows which channels have not answered the latest ``Finalize``, and their deadline.

    Args:
        channels: Number of channels that are transcribed separately.
        timeout: How long to wait for the answers.
    """

    def __init__(self, *, channels: int = 1, timeout: FinalizeTimeout = "learned") -> None:
        self._channels = range(channels)
        self._timeout = timeout
        self._times = AnswerTimes()
        self._unanswered: set[int] = set()
        self._position = self._position_before = -inf
        # Session seconds up to which results are complete, and up to which there are any
        self._heard_to: dict[int, float] = {}
        self._listened_to: defaultdict[int, float] = defaultdict(float)
        # When it was sent, while its answer would show how long answers take
        self._sent_at: float | None = None
        self._patience = 0.0
        self.deadline: float | None = None
        """The time at which to call ``expire``."""

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still due."""
        return bool(self._unanswered)

    def request(self, position: float) -> bool:
        """Note that ``Finalize`` was passed to the client.

        Args:
            position: Session seconds of the audio given before it.

        Returns:
            Whether there is nothing to wait for, because all words of that audio have arrived.
        """
        self._position_before, self._position = self._position, position
        self._unanswered = {channel for channel in self._channels if not self._has_heard(channel)}
        self._sent_at = self.deadline = None
        return not self._unanswered

    def heard(self, channel: int, channels: int, *, to: float) -> bool:
        """Note that a channel's results are complete for the audio before a time.

        Args:
            channel: Index of the channel.
            channels: Number of channels that the container reports.
            to: The time, in session seconds.

        Returns:
            Whether it was the last channel that was awaited.
        """
        self._heard_to[channel] = max(to, self._heard_to.get(channel, 0.0))
        return self._has_heard(channel) and self._wait_no_more(channel, channels)

    def _has_heard(self, channel: int) -> bool:
        return self._heard_to.get(channel, 0.0) >= self._position - TOO_SHORT

    def listened(self, channel: int, now: float, *, to: float) -> None:
        """Note that results of a channel have arrived.

        While they concern audio before ``Finalize``, the answer is still on its way after them.

        Args:
            channel: Index of the channel.
            now: The time.
            to: The end of their audio, in session seconds.
        """
        is_before = to < self._position - TOO_SHORT
        self._listened_to[channel] = max(to, self._listened_to[channel])
        is_waited_for = self.deadline is not None and channel in self._unanswered
        if is_before and is_waited_for and self._timeout == "learned":
            self.deadline = max(self.deadline or 0.0, now + self._patience)

    def sent(self, now: float) -> None:
        """Note that ``Finalize`` is being written to a stream, after all the audio before it."""
        if not self._unanswered or self._timeout is None:
            return
        self._sent_at = now
        if isinstance(self._timeout, str):
            behind = self._position - min(self._listened_to[each] for each in self._unanswered)
            self._patience = self._times.patience(behind=behind)
        else:
            self._patience = self._timeout
        self.deadline = now + self._patience

    def lost(self) -> None:
        """Note that the stream was lost; an unanswered ``Finalize`` is sent again."""
        self._sent_at = self.deadline = None

    def start_over(self) -> None:
        """Forget the answer times, because another container answers from now on."""
        self._times = AnswerTimes()

    def forget(self) -> None:
        """Stop waiting for an answer."""
        self._unanswered.clear()
        self.deadline = None

    def answered(self, channel: int, channels: int, now: float, *, to: float) -> bool:
        """Process a channel's answer, to the latest ``Finalize`` or to the previous one.

        Args:
            channel: Index of the channel.
            channels: Number of channels that the container reports.
            now: The time.
            to: The end of the answer in session seconds: at or near its ``Finalize``.

        Returns:
            Whether it was the last channel that was awaited.
        """
        if abs(to - self._position_before) < abs(to - self._position):
            return False
        if self._sent_at is not None:
            self._times.note(now - self._sent_at)
            self._sent_at = None
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
        """Treat the ``Finalize`` as answered.

        Returns:
            The channels that have not answered.
        """
        unanswered = set(self._unanswered)
        self._times.missed()
        self.forget()
        return unanswered

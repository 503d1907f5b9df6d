# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A ``Finalize`` from the moment it is asked for until it is answered, or taken as such. Pure.

Deepgram does not promise an answer (Deepgram docs, "Finalize"); whoever waits for one must not
wait for ever. Where everything said before it has come in finals, there is nothing to wait for.
An answer is missing once it has taken several times as long as answers do, and nothing of the
audio before it comes any more.
"""

from collections import defaultdict
from math import inf
from typing import Literal

from pipecat_sagemaker_deepgram.deepgram.v1.answer_times import AnswerTimes

type FinalizeTimeout = float | None | Literal["learned"]
"""Seconds for an answer, from when ``Finalize`` was sent with all the audio before it; ``None``
waits for ever, ``"learned"`` several times as long as answers take."""

TOO_SHORT = 0.02
"""Seconds of audio that hold no word: by so much may the end of a result be rounded."""


class Finalizing:
    """Which channels have not answered the latest ``Finalize``, and until when they may.

    Args:
        channels: How many channels are transcribed each by itself.
        timeout: How long to wait for the answers.
    """

    def __init__(self, *, channels: int = 1, timeout: FinalizeTimeout = "learned") -> None:
        self._channels = range(channels)
        self._timeout = timeout
        self._times = AnswerTimes()
        self._unanswered: set[int] = set()
        self._position = self._position_before = -inf
        # Session seconds that results have said all of, and that they have listened to
        self._heard_to: dict[int, float] = {}
        self._listened_to: defaultdict[int, float] = defaultdict(float)
        # When it was sent, while its answer would tell how long answers take
        self._sent_at: float | None = None
        self._patience = 0.0
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
        self._sent_at = self.deadline = None
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

    def listened(self, channel: int, now: float, *, to: float) -> None:
        """Results of a channel have come.

        While they are of audio before ``Finalize`` the answer is on its way, behind them.

        Args:
            channel: Index of the channel.
            now: The time.
            to: Session seconds at which they end.
        """
        is_before = to < self._position - TOO_SHORT
        self._listened_to[channel] = max(to, self._listened_to[channel])
        is_waited_for = self.deadline is not None and channel in self._unanswered
        if is_before and is_waited_for and self._timeout == "learned":
            self.deadline = max(self.deadline or 0.0, now + self._patience)

    def sent(self, now: float) -> None:
        """It is being written to a stream, with all the audio before it."""
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
        """The stream was lost; ``Finalize`` is sent again where it is not answered."""
        self._sent_at = self.deadline = None

    def start_over(self) -> None:
        """Another container answers from here on."""
        self._times = AnswerTimes()

    def forget(self) -> None:
        """Nobody waits for an answer any more, or none will come."""
        self._unanswered.clear()
        self.deadline = None

    def answered(self, channel: int, channels: int, now: float, *, to: float) -> bool:
        """A channel's answer has come, to the latest ``Finalize`` or to the one before.

        Args:
            channel: Index of the channel.
            channels: How many the container says there are.
            now: The time.
            to: Session seconds at which the answer ends: where its ``Finalize`` was, or near.

        Returns:
            Whether it was the last one waited for.
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
        """Take it as answered.

        Returns:
            The channels that have not answered.
        """
        unanswered = set(self._unanswered)
        self._times.missed()
        self.forget()
        return unanswered

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How far the streams of a session have advanced on one channel of v1/listen. Pure."""

from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results

_TOLERANCE = 1e-3
"""Seconds by which the times of two streams for the same moment may differ."""


class StreamProgress:
    """How far a session's streams have advanced with one kind of message, in session seconds.

    Attributes:
        reached: The furthest position of any stream; -1 before the first message.
    """

    def __init__(self) -> None:
        self.reached = -1.0
        self._stream = 0
        self._before = -1.0

    def reach(self, at: float, stream: int) -> None:
        """Note that a stream has reached a moment."""
        if stream > self._stream:
            self._before, self._stream = self.reached, stream
        self.reached = max(self.reached, at)

    def of_others(self, stream: int) -> float:
        """The position of the other streams when this one began to report; -1 if there was none."""
        return self._before if stream == self._stream else self.reached


class ChannelTrack:
    """What was passed on of one channel."""

    def __init__(self) -> None:
        self._heard = StreamProgress()
        self._started = StreamProgress()
        self._ended = StreamProgress()
        self._settled_to = 0.0

    @property
    def heard_to(self) -> float:
        """How far the container has processed the audio, in session seconds."""
        return max(0.0, self._heard.reached)

    def hear(self, results: Results, stream: int) -> bool:
        """Process results.

        Returns:
            Whether they are final, or go beyond what another stream had heard.
        """
        is_behind = results.end < self._heard.of_others(stream) - _TOLERANCE
        self._heard.reach(results.end, stream)
        return results.is_final or not is_behind

    def settle(self, body: dict[str, Any]) -> None:
        """Change a final's times so that it does not begin before the previous one has ended."""
        start, end = body["start"], body["start"] + body["duration"]
        if start < self._settled_to - _TOLERANCE:
            body["start"] = start = min(self._settled_to, end)
            body["duration"] = end - start
        self._settled_to = max(self._settled_to, end)

    def begins_speech(self, at: float, stream: int) -> bool:
        """Whether no other stream had reported this start of speech, or heard audio beyond it."""
        is_again = at < self._heard.of_others(stream) - _TOLERANCE
        return self._is_first(self._started, at, stream) and not is_again

    def ends_utterance(self, last_word_end: float, stream: int) -> bool:
        """Whether no other stream had reported that the utterance ended."""
        return self._is_first(self._ended, last_word_end, stream)

    def _is_first(self, reported: StreamProgress, at: float, stream: int) -> bool:
        is_again = 0 <= at <= reported.of_others(stream) + _TOLERANCE
        reported.reach(at, stream)
        return not is_again

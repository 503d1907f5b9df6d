# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client of v1/listen was sent of one channel. Pure."""

from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results

_TOLERANCE = 1e-3
"""Seconds by which times of two streams may differ and mean the same moment."""


class ChannelTrack:
    """What a client was sent of one channel, in session seconds."""

    def __init__(self) -> None:
        self.finalizes = 0
        self.heard_to = 0.0
        self._stream = 0
        self._settled_to = 0.0
        self._is_speaking = False
        self._heard_before = 0.0
        self._utterance_end = -1.0

    def has_heard_more(self, results: Results, stream: int) -> bool:
        """Whether another stream had heard more than these results, which settle nothing."""
        is_again = stream != self._stream
        return is_again and not results.is_final and results.end < self.heard_to - _TOLERANCE

    def take(self, results: Results, stream: int) -> None:
        """Take results in."""
        if stream > self._stream:
            self._heard_before = self.heard_to
            self._stream = stream
        self.heard_to = max(self.heard_to, results.end)
        if results.alternative.transcript:
            self._is_speaking = True
        if results.speech_final:
            self._is_speaking = False

    def settle(self, body: dict[str, Any]) -> None:
        """Have a final begin where the one before has ended, at the earliest."""
        start, end = body["start"], body["start"] + body["duration"]
        if start < self._settled_to - _TOLERANCE:
            body["start"] = start = min(self._settled_to, end)
            body["duration"] = end - start
        self._settled_to = max(self._settled_to, end)

    def take_finalize(self) -> bool:
        """Whether the client has asked for what is answered."""
        is_asked = self.finalizes > 0
        self.finalizes -= is_asked
        return is_asked

    def begins_speech(self, timestamp: float, stream: int) -> bool:
        """Whether the beginning of speech was not reported by a stream before."""
        before = self.heard_to if stream > self._stream else self._heard_before
        is_again = self._is_speaking and timestamp < before - _TOLERANCE
        self._is_speaking = True
        return not is_again

    def ends_utterance(self, last_word_end: float) -> bool:
        """Whether the end of an utterance was not reported before."""
        if 0 <= last_word_end <= self._utterance_end + _TOLERANCE:
            return False
        self._utterance_end = max(self._utterance_end, last_word_end)
        return True

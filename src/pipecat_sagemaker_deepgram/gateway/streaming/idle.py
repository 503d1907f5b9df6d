# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Detecting that a client has been silent for too long. Pure: time is an argument."""


class IdleClock:
    """Measures the time without input.

    Until the first audio, the clock is not reset by any message; after it, by every message or by
    audio only (Deepgram docs, "Audio Keep Alive").

    Args:
        timeout: Seconds.
        now: When the connection was opened.
        audio_only: Whether only audio counts.

    Attributes:
        deadline: When the client will have been silent for too long; ``None`` once it has sent
            everything.
    """

    def __init__(self, timeout: float, now: float, *, audio_only: bool = False) -> None:
        self._timeout = timeout
        self._audio_only = audio_only
        self._has_audio = False
        self.deadline: float | None = now + timeout

    def received(self, now: float, *, is_audio: bool) -> None:
        """Record a message."""
        self._has_audio = self._has_audio or is_audio
        if self.deadline is not None and (is_audio or (self._has_audio and not self._audio_only)):
            self.deadline = now + self._timeout

    def stop(self) -> None:
        """Stop the clock: the client has sent everything."""
        self.deadline = None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When a client has been silent too long. Pure: time is an argument."""


class IdleClock:
    """Counts the time without input.

    Until audio has come nothing counts; then every message does, or audio only (Deepgram docs,
    "Audio Keep Alive").

    Args:
        timeout: Seconds.
        now: When the connection was opened.
        audio_only: Whether only audio counts.

    Attributes:
        deadline: When the client has been silent too long; ``None`` once it has sent all.
    """

    def __init__(self, timeout: float, now: float, *, audio_only: bool = False) -> None:
        self._timeout = timeout
        self._audio_only = audio_only
        self._has_audio = False
        self.deadline: float | None = now + timeout

    def received(self, now: float, *, is_audio: bool) -> None:
        """Take note of a message."""
        self._has_audio = self._has_audio or is_audio
        if self.deadline is not None and (is_audio or (self._has_audio and not self._audio_only)):
            self.deadline = now + self._timeout

    def stop(self) -> None:
        """The client has sent all: nothing more is expected of it."""
        self.deadline = None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream's time and the session's. Pure.

A stream's clock counts the audio it was sent, from 0. The session's clock counts the audio that
was given. They differ by where a stream began, by audio that a cap dropped, and by silence that
was sent and never given.
"""

from bisect import bisect_right


class StreamTimeline:
    """Maps seconds of one stream to seconds of the session.

    Args:
        bytes_per_second: Bytes of one second of audio.
    """

    def __init__(self, *, bytes_per_second: int) -> None:
        self._bytes_per_second = bytes_per_second
        # Runs of audio: where each begins on the stream and in the session, in bytes. Silence
        # makes a run that stands still in the session.
        self._stream_starts = [0]
        self._session_starts = [0]
        self._is_silence = [False]
        self._stream_end = 0
        self._session_end = 0

    @property
    def sent_bytes(self) -> int:
        """Bytes the stream was sent, silence included."""
        return self._stream_end

    def begin(self, position: int) -> None:
        """The stream is given the session's audio from this position on."""
        self._begin_run(position, is_silence=False)

    def add_audio(self, position: int, length: int) -> None:
        """The stream was sent ``length`` bytes of the session's audio from ``position`` on."""
        if self._is_silence[-1] or position != self._session_end:
            self._begin_run(position, is_silence=False)
        self._stream_end += length
        self._session_end = position + length

    def add_silence(self, length: int) -> None:
        """The stream was sent ``length`` bytes of silence that nobody gave."""
        if not self._is_silence[-1]:
            self._begin_run(self._session_end, is_silence=True)
        self._stream_end += length

    def to_session(self, seconds: float) -> float:
        """Session seconds of a time on the stream."""
        return self.to_position(seconds) / self._bytes_per_second

    def to_position(self, seconds: float) -> float:
        """Session position of a time on the stream, in bytes, not rounded."""
        at = seconds * self._bytes_per_second
        run = bisect_right(self._stream_starts, at, lo=1) - 1
        if self._is_silence[run]:
            return self._session_starts[run]
        return self._session_starts[run] + at - self._stream_starts[run]

    def _begin_run(self, position: int, *, is_silence: bool) -> None:
        if self._stream_starts[-1] == self._stream_end:
            self._session_starts[-1] = position
            self._is_silence[-1] = is_silence
        else:
            self._stream_starts.append(self._stream_end)
            self._session_starts.append(position)
            self._is_silence.append(is_silence)
        self._session_end = position

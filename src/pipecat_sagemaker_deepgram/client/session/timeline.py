# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream's time and the session's. Pure.

A stream's clock counts the audio it was sent, from 0. The session's clock counts the audio that
was given. They differ by where a stream began, by audio that a limit let go, and by silence that
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

    def begin_run(self, stream_position: int, session_position: int, *, is_silence: bool) -> None:
        """From here on the stream is sent another run of audio.

        Args:
            stream_position: Bytes that the stream was sent before.
            session_position: Where the run begins in the session, in bytes.
            is_silence: Whether it is silence, which takes no time of the session's.
        """
        if self._stream_starts[-1] == stream_position:
            self._session_starts[-1] = session_position
            self._is_silence[-1] = is_silence
        else:
            self._stream_starts.append(stream_position)
            self._session_starts.append(session_position)
            self._is_silence.append(is_silence)

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

    def shift_between(self, start: float, end: float) -> float | None:
        """Seconds by which every time between two times on the stream is moved, if they are one.

        Returns:
            What to add to a time on the stream; ``None`` where a run begins in between, or the
            two lie in silence, so that each time has to be mapped by itself.
        """
        rate = self._bytes_per_second
        run = bisect_right(self._stream_starts, start * rate, lo=1) - 1
        if self._is_silence[run] or bisect_right(self._stream_starts, end * rate, lo=1) - 1 != run:
            return None
        return (self._session_starts[run] - self._stream_starts[run]) / rate

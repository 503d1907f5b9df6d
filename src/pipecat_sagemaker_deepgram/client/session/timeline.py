# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The conversion of one stream's time to the session's. Pure.

A stream's clock counts the audio sent on it, from 0. The session's clock counts the audio that the
caller gave. They differ because a stream may begin later, because a limit may drop audio, and
because silence may be sent that the caller did not give.
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
        """Begin another run of audio on the stream.

        Args:
            stream_position: Bytes sent on the stream before it.
            session_position: Where the run begins in the session, in bytes.
            is_silence: Whether it is silence, which takes no session time.
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
        """The single offset of all times between two times on the stream, if there is one.

        Returns:
            Seconds to add to a time on the stream; ``None`` if a run begins in between, or the
            two lie in silence, so that each time has to be converted by itself.
        """
        rate = self._bytes_per_second
        run = bisect_right(self._stream_starts, start * rate, lo=1) - 1
        if self._is_silence[run] or bisect_right(self._stream_starts, end * rate, lo=1) - 1 != run:
            return None
        return (self._session_starts[run] - self._stream_starts[run]) / rate

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Files that FFmpeg reads, through PyAV: Ogg, WebM, MP3, AAC, MP4.

FFmpeg pulls its input, so it runs in a thread of its own. ``feed`` hands the thread bytes and waits
until it asks for more: when ``feed`` returns, all bytes have been read and the thread is idle. The
core's ``in_daemon_thread`` does not fit, because it runs a single call; this thread lives as long
as the file.
"""

import io
import threading
from typing import Any

import av
from av.error import FFmpegError

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.opus import interleaved, joined
from pipecat_sagemaker_deepgram.audio.pcm import Samples

_READ_BYTES = 512
_OPTIONS = {"probesize": "32", "analyzeduration": "0", "fflags": "nobuffer"}
_LONGEST_WAIT = 30.0


class _Pipe:
    """Passes bytes to the thread; the file object that ``av.open`` reads."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._condition = threading.Condition()
        self._is_ended = False
        self._is_waiting = False
        self._is_left = False

    def read(self, size: int) -> bytes:
        """Return bytes; an empty string at the end. The thread calls this."""
        with self._condition:
            while not self._data and not self._is_ended:
                self._is_waiting = True
                self._condition.notify_all()
                self._condition.wait()
            data = bytes(self._data[:size])
            del self._data[:size]
            return data

    def leave(self) -> None:
        """Note that the thread has stopped reading."""
        with self._condition:
            self._is_left = True
            self._condition.notify_all()

    def write(self, data: bytes, *, is_last: bool = False) -> None:
        """Pass bytes to the thread and wait until it has read them."""
        with self._condition:
            self._data += data
            self._is_ended = is_last
            self._is_waiting = False
            self._condition.notify_all()
            self._condition.wait_for(
                lambda: self._is_left or (self._is_waiting and not is_last), _LONGEST_WAIT
            )


class DemuxingDecoder:
    """Decodes a file fed in pieces.

    Args:
        format: FFmpeg's name for its format.
    """

    def __init__(self, format: str) -> None:
        self._format = format
        self._pipe = _Pipe()
        self._pieces: list[Samples] = []
        self._failure: FFmpegError | None = None
        self._thread: threading.Thread | None = None
        self.sample_rate = 0
        self.channels = 0

    def feed(self, data: bytes) -> Samples:
        """Read bytes, split anywhere; return the samples that are complete.

        Raises:
            AudioError: The bytes are not a file of this format.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="demuxer", daemon=True)
            self._thread.start()
        self._pipe.write(data)
        return self._take()

    def end(self) -> Samples:
        """Return the remaining samples.

        Raises:
            AudioError: The file is truncated.
        """
        self.close()
        return self._take()

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._pipe.write(b"", is_last=True)
            self._thread.join()
            self._thread = None

    def _take(self) -> Samples:
        if self._failure is not None:
            raise AudioError(
                f"the {self._format} file cannot be read ({self._failure.strerror})"
            ) from self._failure
        pieces, self._pieces = self._pieces, []
        return joined(pieces, self.channels)

    def _run(self) -> None:
        try:
            with _open(self._pipe, self._format, buffer_size=_READ_BYTES) as container:
                for frame in container.decode(audio=0):
                    self._take_frame(frame)
        except FFmpegError as error:
            self._failure = error
        except IndexError:
            self._failure = FFmpegError(0, "there is no audio in it")
        finally:
            self._pipe.leave()

    def _take_frame(self, frame: av.AudioFrame) -> None:
        samples = interleaved(frame)
        self.sample_rate = self.sample_rate or frame.sample_rate
        self.channels = self.channels or samples.shape[1]
        if frame.sample_rate != self.sample_rate or samples.shape[1] != self.channels:
            raise FFmpegError(0, "its sample rate or its channels change")
        self._pieces.append(samples)


def decode_whole(data: bytes, format: str) -> tuple[Samples, int]:
    """Decode a whole file; return its samples and their rate in Hz.

    Raises:
        AudioError: The file is damaged or contains no audio.
    """
    pieces: list[Samples] = []
    rate = 0
    try:
        with _open(io.BytesIO(data), format) as container:
            for frame in container.decode(audio=0):
                pieces.append(interleaved(frame))
                rate = frame.sample_rate
    except (FFmpegError, IndexError) as error:
        raise AudioError(f"the {format} file cannot be read ({error})") from error
    if not pieces:
        raise AudioError(f"there is no audio in the {format} file")
    return joined(pieces, pieces[0].shape[1]), rate


def _open(source: Any, format: str, **more: Any) -> Any:
    return av.open(source, mode="r", format=format, options=_OPTIONS if more else {}, **more)

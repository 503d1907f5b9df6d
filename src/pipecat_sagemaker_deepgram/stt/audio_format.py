# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Converting audio to the format that is sent, by resampling and mixing, without holding any back.

Pure.

A resampler holds some of what it was given, 20 to 60 ms as a rule and never 120, until more comes.
``flush`` gives that out, so that nothing stays inside where audio ends or an answer is asked for.
"""

from dataclasses import dataclass, replace

import numpy as np
import soxr
from numpy.typing import NDArray
from pipecat.frames.frames import InputAudioRawFrame

QUALITY = "HQ"
"""Of soxr's qualities the one without aliasing that holds back least."""


@dataclass(frozen=True, slots=True)
class Linear16Format:
    """What the bytes of linear16 audio are.

    Attributes:
        sample_rate: Hz.
        channels: Channels, interleaved.
    """

    sample_rate: int
    channels: int

    def __str__(self) -> str:
        """As the user reads it."""
        return f"{self.sample_rate} Hz and {self.channels} channel{'s' * (self.channels != 1)}"


class AudioConverter:
    """Turns linear16 of one format into another, piece by piece.

    Where there are fewer channels to be, those too many are mixed into the last one; where there
    are more, they stay silent, so that no word is in two of them.

    Args:
        given: Format of what is given.
        wanted: Format of what comes out.
    """

    def __init__(self, given: Linear16Format, wanted: Linear16Format) -> None:
        self.given = given
        self._wanted = wanted
        self._rest = b""
        self._frames_in = self._frames_out = 0
        self._resampler = (
            soxr.ResampleStream(
                given.sample_rate, wanted.sample_rate, wanted.channels, "int16", QUALITY
            )
            if given.sample_rate != wanted.sample_rate
            else None
        )

    @property
    def held_seconds(self) -> float:
        """Seconds of audio that were given and have not come out yet."""
        given = self._frames_in / self.given.sample_rate
        return max(0.0, given - self._frames_out / self._wanted.sample_rate)

    def convert(self, audio: bytes) -> bytes:
        """Convert the next piece.

        Args:
            audio: The piece; a part of a sample frame at its end is kept for the next.

        Returns:
            What comes out, which may be nothing yet.
        """
        audio = self._rest + audio
        size = 2 * self.given.channels
        whole = len(audio) - len(audio) % size
        self._rest = audio[whole:]
        samples = np.frombuffer(audio[:whole], "<i2").reshape(-1, self.given.channels)
        self._frames_in += len(samples)
        return self._resample(_mix(samples, self._wanted.channels))

    def flush(self) -> bytes:
        """Give out what is left of all that was given.

        Returns:
            What comes out; the next piece begins anew.
        """
        if self._resampler is None or not self._frames_in:
            return b""
        silent = np.empty((0, self._wanted.channels), np.int16)
        rest = self._resample(silent, is_last=True)
        self._resampler.clear()
        self._frames_in = self._frames_out = 0
        return rest

    def _resample(self, samples: NDArray[np.int16], *, is_last: bool = False) -> bytes:
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=is_last)
        self._frames_out += len(samples)
        return samples.astype("<i2").tobytes()


class AudioInput:
    """The audio of one pipeline, whose frames may each have another format.

    Attributes:
        wanted: Format of what comes out.
    """

    def __init__(self, wanted: Linear16Format) -> None:
        self.wanted = wanted
        self._converter: AudioConverter | None = None
        self._known = {wanted}

    @property
    def held_seconds(self) -> float:
        """Seconds of audio that were taken and have not come out yet."""
        return 0.0 if self._converter is None else self._converter.held_seconds

    def news_of(self, frame: InputAudioRawFrame) -> str:
        """What is to be reported of a frame's format; empty for nothing, or nothing new.

        Args:
            frame: The frame.
        """
        given = _format_of(frame, self.wanted)
        if given in self._known:
            return ""
        self._known.add(given)
        done = "resampled" if given.sample_rate != self.wanted.sample_rate else "mixed"
        return (
            f"Audio comes with {given} and is sent with {self.wanted}: it is {done}. Give the "
            "pipeline's audio_in_sample_rate, or the service's sample_rate and channels, the "
            "transport's values to send it as it is."
        )

    def convert(self, frame: InputAudioRawFrame) -> InputAudioRawFrame | None:
        """Give a frame's audio in the format that is wanted, behind what was held before.

        Args:
            frame: The frame; it stays as it is.

        Returns:
            The same frame where it has that format already; ``None`` where nothing comes out yet.
        """
        given = _format_of(frame, self.wanted)
        before = b""
        if self._converter is not None and self._converter.given != given:
            before, self._converter = self.flush(), None
        if given == self.wanted and not before:
            return frame
        audio = before + self._convert(frame.audio, given)
        rate, channels = self.wanted.sample_rate, self.wanted.channels
        return (
            replace(frame, audio=audio, sample_rate=rate, num_channels=channels) if audio else None
        )

    def _convert(self, audio: bytes, given: Linear16Format) -> bytes:
        if given == self.wanted:
            return audio
        if self._converter is None:
            self._converter = AudioConverter(given, self.wanted)
        return self._converter.convert(audio)

    def flush(self) -> bytes:
        """Give out what is held, in the format that is wanted."""
        return b"" if self._converter is None else self._converter.flush()


def _format_of(frame: InputAudioRawFrame, otherwise: Linear16Format) -> Linear16Format:
    """A frame's format, or another where it has none that can be."""
    is_sound = frame.sample_rate > 0 and frame.num_channels > 0
    return Linear16Format(frame.sample_rate, frame.num_channels) if is_sound else otherwise


def _mix(samples: NDArray[np.int16], channels: int) -> NDArray[np.int16]:
    """The same sample frames with so many channels."""
    given = samples.shape[1]
    if given == channels:
        return samples
    if given < channels:
        wider = np.zeros((len(samples), channels), np.int16)
        wider[:, :given] = samples
        return wider
    last = samples[:, channels - 1 :].mean(axis=1).round().astype(np.int16)
    return np.column_stack([samples[:, : channels - 1], last])

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Converts audio to the format that is sent, by resampling and mixing, without losing its end.

Pure.

A resampler holds back the last part of its input, usually 20 to 60 ms and always less than 120,
until more arrives. ``flush`` returns that part, so that nothing is missing when audio ends or an
answer is requested.
"""

from dataclasses import dataclass, replace

import numpy as np
import soxr
from numpy.typing import NDArray
from pipecat.frames.frames import InputAudioRawFrame

QUALITY = "HQ"
"""The quality of soxr's that holds back least among those without aliasing."""


@dataclass(frozen=True, slots=True)
class Linear16Format:
    """The format of linear16 audio.

    Attributes:
        sample_rate: Sample rate in Hz.
        channels: Number of interleaved channels.
    """

    sample_rate: int
    channels: int

    def __str__(self) -> str:
        """The format in words for the user."""
        return f"{self.sample_rate} Hz and {self.channels} channel{'s' * (self.channels != 1)}"


class AudioConverter:
    """Converts linear16 from one format to another, piece by piece.

    If the output has fewer channels, the surplus ones are mixed into the last one. If it has more,
    the additional ones are silent, so that no word is in two channels.

    Args:
        given: Format of the input.
        wanted: Format of the output.
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
        """Seconds of audio that were given and have not been returned yet."""
        given = self._frames_in / self.given.sample_rate
        return max(0.0, given - self._frames_out / self._wanted.sample_rate)

    def convert(self, audio: bytes) -> bytes:
        """Convert the next piece.

        Args:
            audio: The piece; an incomplete sample frame at its end is kept for the next call.

        Returns:
            The converted audio; may be empty.
        """
        audio = self._rest + audio
        size = 2 * self.given.channels
        whole = len(audio) - len(audio) % size
        self._rest = audio[whole:]
        samples = np.frombuffer(audio[:whole], "<i2").reshape(-1, self.given.channels)
        self._frames_in += len(samples)
        return self._resample(_mix(samples, self._wanted.channels))

    def flush(self) -> bytes:
        """Return the part that is still held back.

        Returns:
            The rest of the converted audio; the next piece starts from a fresh state.
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
    """Converts the audio of one pipeline, in which the format may change from frame to frame.

    Attributes:
        wanted: Format of the output.
    """

    def __init__(self, wanted: Linear16Format) -> None:
        self.wanted = wanted
        self._converter: AudioConverter | None = None
        self._known = {wanted}

    @property
    def held_seconds(self) -> float:
        """Seconds of audio that were given and have not been returned yet."""
        return 0.0 if self._converter is None else self._converter.held_seconds

    def news_of(self, frame: InputAudioRawFrame) -> str:
        """Return what to report about a frame's format; empty if it needs no report or had one.

        Args:
            frame: The frame.
        """
        given = _format_of(frame, self.wanted)
        if given in self._known:
            return ""
        self._known.add(given)
        done = "resampled" if given.sample_rate != self.wanted.sample_rate else "mixed"
        return (
            f"Audio arrives with {given} and is sent with {self.wanted}, so it is {done}. To send "
            "it unchanged, set the pipeline's audio_in_sample_rate, or the service's sample_rate "
            "and channels, to the transport's values."
        )

    def convert(self, frame: InputAudioRawFrame) -> InputAudioRawFrame | None:
        """Convert a frame's audio to the wanted format, after any audio held back before.

        Args:
            frame: The frame, which is not changed.

        Returns:
            The same frame if it already has that format; ``None`` if there is no output yet.
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
        """Return the audio that is held back, in the wanted format."""
        return b"" if self._converter is None else self._converter.flush()


def _format_of(frame: InputAudioRawFrame, otherwise: Linear16Format) -> Linear16Format:
    """A frame's format, or ``otherwise`` if the frame's values are impossible."""
    is_sound = frame.sample_rate > 0 and frame.num_channels > 0
    return Linear16Format(frame.sample_rate, frame.num_channels) if is_sound else otherwise


def _mix(samples: NDArray[np.int16], channels: int) -> NDArray[np.int16]:
    """Return the same sample frames with this number of channels."""
    given = samples.shape[1]
    if given == channels:
        return samples
    if given < channels:
        wider = np.zeros((len(samples), channels), np.int16)
        wider[:, :given] = samples
        return wider
    last = samples[:, channels - 1 :].mean(axis=1).round().astype(np.int16)
    return np.column_stack([samples[:, : channels - 1], last])

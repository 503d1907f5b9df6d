# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decodes recordings of any format to mono linear16, through FFmpeg (PyAV).

Lengths in headers are not trusted: in a WAV file that was piped, the length is 0 or all ones. What
a file lacks is known once it has been read (``Recording.damage``).
"""

import io
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError, InvalidDataError
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.mixing import ChannelMixer
from pipecat_sagemaker_deepgram.recorded.ogg_end import ends_inside_a_page
from pipecat_sagemaker_deepgram.recorded.raw_format import ENCODINGS, RawFormat
from pipecat_sagemaker_deepgram.recorded.samples import Resampler, grouped, linear16, scaled
from pipecat_sagemaker_deepgram.recorded.wav_length import missing_share

BLOCK_SECONDS = 0.5
"""Approximate length of a block."""

_FORMATS = (
    "wav,w64,aiff,au,caf,flac,mp3,ogg,aac,ac3,eac3,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,amr,"
    "amrnb,amrwb,asf,avi,mpeg,mpegts,flv,gsm,wv,ape,tta,s16le,f32le,mulaw,alaw"
)
"""Formats that FFmpeg may detect: no playlists or scripts, which can name other files."""

_PACKET_BYTES = "32768"
"""Bytes of a WAV file to read at a time: FFmpeg's default of 4096 takes eight times the work."""

_WAV_PROBE_PACKETS = "8"
"""How much of a WAV file FFmpeg searches for DTS audio: its default of 5 MB is most of the cost of
a short recording."""

_SLACK = 0.5
"""Seconds by which the length in a header may be wrong."""


@dataclass
class Recording:
    """A recording that can be read; ``open_recording`` returns one.

    Attributes:
        name: Its name in messages.
        sample_rate: Its own sample rate, in Hz.
        channels: Its own number of channels.
        seconds: Its length in seconds; ``None`` if that is unknown before it is read.
        damage: What it lacks, as part of a sentence, once it has been read; empty for nothing.
    """

    name: str
    sample_rate: int
    channels: int
    seconds: float | None
    _source: Path | bytes = field(repr=False)
    _raw: RawFormat | None = field(repr=False)
    damage: str = ""

    def blocks(self, *, sample_rate: int, channel: int | None = None) -> Generator[bytes]:
        """Read it, in blocks of about half a second.

        Args:
            sample_rate: Sample rate of the result, in Hz.
            channel: Index of the channel to read; ``None`` mixes all of them, so that none
                cancels another.

        Yields:
            Mono linear16, in whole samples.

        Raises:
            RecordingError: It contains no audio, or can no longer be opened.
        """
        self.damage = ""
        mixer = ChannelMixer()
        resampler = Resampler(self.sample_rate, sample_rate)
        only = 0 if self.channels == 1 else channel
        is_as_wanted = only is not None and sample_rate == self.sample_rate
        frames = 0
        for block in self._read():
            frames += len(block)
            if is_as_wanted and block.dtype == np.int16:
                yield block[:, only].astype("<i2", copy=False).tobytes()
                continue
            samples = scaled(block)
            mono = mixer.mix(samples) if channel is None else samples[:, channel]
            yield linear16(resampler.take(mono))
        if not frames:
            raise _no_audio(self.name)
        yield linear16(resampler.finish())
        self._note_damage(frames / self.sample_rate)

    def _note_damage(self, seconds: float) -> None:
        if self._raw is None and (cut := self._cut(seconds)):
            self.damage = f"{cut}, and {self.damage}" if self.damage else cut

    def _cut(self, seconds: float) -> str:
        """What of a file with a header is missing at its end; empty for nothing."""
        missing = missing_share(self._source)
        declared = seconds / (1 - missing) if missing else self.seconds or 0.0
        if declared - seconds > _SLACK and seconds < 0.98 * declared:
            return f"is cut off: it contains {seconds:.1f} s of {declared:.1f} s"
        if ends_inside_a_page(self._source):
            return f"is cut off after {seconds:.1f} s, inside a page of Ogg"
        return ""

    def _read(self) -> Iterator[NDArray[Any]]:
        """Samples by channel, as FFmpeg decodes them, in blocks.

        What cannot be decoded is skipped.
        """
        size = round(self.sample_rate * BLOCK_SECONDS)
        with _open(self._source, self.name, self._raw) as container:
            yield from grouped(self._decode(container), size)

    def _decode(self, container: Any) -> Iterator[NDArray[Any]]:
        """Samples by channel, as FFmpeg decodes them."""
        for frame in self._frames(container):
            channels = len(frame.layout.channels)
            if frame.sample_rate == self.sample_rate and channels == self.channels:
                yield _by_channels(frame)
            else:
                self.damage = "changes its sample rate or its channels"

    def _frames(self, container: Any) -> Iterator[av.AudioFrame]:
        stream = container.streams.audio[0]
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                frames = [] if packet is None else packet.decode()
            except (FFmpegError, ValueError) as error:
                self.damage = f"is damaged: {_reason(error)}"
                if _is_over(error):
                    return
                continue
            if packet is None:
                return
            yield from frames


def open_recording(
    source: Path | bytes, *, name: str = "", raw: RawFormat | None = None
) -> Recording:
    """Open a recording. This reads the file; call it in a thread if that matters.

    Args:
        source: A file, or its content.
        name: Its name in messages; by default the path of the file, or ``the audio``.
        raw: Its format if it has no header.

    Raises:
        RecordingError: It is not a recording, or it is empty; the message says which.
        ImportError: The extra ``recorded`` is not installed.
    """
    name = name or (str(source) if isinstance(source, Path) else "the audio")
    _require_content(source, name)
    with _open(source, name, raw) as container:
        if not container.streams.audio:
            raise _not_audio(name, "it contains no audio")
        stream = container.streams.audio[0]
        rate, channels = stream.rate or 0, stream.codec_context.channels
        if not rate or not channels:
            raise _not_audio(name, "the format of its audio is missing")
        return Recording(name, rate, channels, _seconds(container, stream), source, raw)


def decode(
    source: Path | bytes,
    *,
    sample_rate: int = 16_000,
    channel: int | None = None,
    raw: RawFormat | None = None,
) -> bytes:
    """Read a whole recording.

    Args:
        source: A file, or its content.
        sample_rate: Sample rate of the result, in Hz.
        channel: Index of the channel to read; ``None`` mixes all of them.
        raw: Its format if it has no header.

    Returns:
        Mono linear16.

    Raises:
        RecordingError: It is not a recording, it is empty, or a part of it is missing.
        ImportError: The extra ``recorded`` is not installed.
    """
    recording = open_recording(source, raw=raw)
    audio = b"".join(recording.blocks(sample_rate=sample_rate, channel=channel))
    if recording.damage:
        raise RecordingError(f"{recording.name} {recording.damage}")
    return audio


def _open(source: Path | bytes, name: str, raw: RawFormat | None) -> Any:
    # A path is marked as one: FFmpeg takes "http:..." and "concat:..." for something else.
    where = io.BytesIO(source) if isinstance(source, bytes) else f"file:{source.absolute()}"
    format = None if raw is None else ENCODINGS[raw.encoding]
    try:
        return av.open(where, format=format, options=_options(source, raw))
    except FFmpegError as error:
        raise _not_audio(name, _reason(error)) from error
    except OSError as error:
        raise RecordingError(f"{name} cannot be opened: {error.strerror or error}") from error


def _options(source: Path | bytes, raw: RawFormat | None) -> dict[str, str]:
    options = {"format_whitelist": _FORMATS, "max_size": _PACKET_BYTES}
    if raw is not None:
        options |= {"sample_rate": str(raw.sample_rate), "ch_layout": f"{raw.channels}c"}
    if _is_wav(source):
        options["max_probe_packets"] = _WAV_PROBE_PACKETS
    return options


def _is_wav(source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        head = source[:12]
    else:
        with source.open("rb") as file:
            head = file.read(12)
    return head.startswith(b"RIFF") and head.endswith(b"WAVE")


def _require_content(source: Path | bytes, name: str) -> None:
    size = len(source) if isinstance(source, bytes) else _size_of(source, name)
    if size == 0:
        raise RecordingError(f"{name} is empty (0 bytes)")


def _size_of(path: Path, name: str) -> int:
    """The size of a regular file that can be opened."""
    try:
        size = path.stat().st_size
        if path.is_file():
            path.open("rb").close()
    except OSError as error:
        raise RecordingError(f"{name} cannot be opened: {error.strerror}") from error
    if path.is_dir():
        raise RecordingError(f"{name} is a directory", advice="Give the name of a recording in it.")
    if not path.is_file():
        raise RecordingError(f"{name} is not a regular file", advice="Save the audio to one first.")
    return size


def _seconds(container: Any, stream: Any) -> float | None:
    if stream.duration:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _not_audio(name: str, reason: str) -> RecordingError:
    return RecordingError(
        f"{name} is not a readable recording ({reason})",
        advice="WAV, FLAC, Ogg, MP3, M4A, WebM and videos can be read; for samples without a "
        "header, give --encoding, --sample-rate and --channels.",
    )


def _no_audio(name: str) -> RecordingError:
    return RecordingError(f"{name} contains no audio: it has a header, but no samples")


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:].rstrip(".")


def _is_over(error: Exception) -> bool:
    """Whether nothing can follow an error: the container is broken, not just a packet of it."""
    return isinstance(error, EOFError) or not isinstance(error, InvalidDataError)


def _by_channels(frame: av.AudioFrame) -> NDArray[Any]:
    array = frame.to_ndarray()
    channels = len(frame.layout.channels)
    return array.T if frame.format.is_planar else array.reshape(-1, channels)

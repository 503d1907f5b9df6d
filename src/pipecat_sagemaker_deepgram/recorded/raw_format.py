# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The format of files without a header. Pure."""

from dataclasses import dataclass
from pathlib import PurePath

from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError

ENCODINGS = {"linear16": "s16le", "linear32": "f32le", "mulaw": "mulaw", "alaw": "alaw"}
"""FFmpeg's name of each encoding, by Deepgram's name (Deepgram docs, "Encoding")."""

RAW_SUFFIXES = {
    ".raw": "linear16",
    ".pcm": "linear16",
    ".ulaw": "mulaw",
    ".ul": "mulaw",
    ".mulaw": "mulaw",
    ".alaw": "alaw",
    ".al": "alaw",
}
"""The encoding of each file suffix."""

_TELEPHONE = ("mulaw", "alaw")
_TELEPHONE_RATE = 8000
_RATES = range(1000, 384_001)
_CHANNELS = range(1, 65)


@dataclass(frozen=True, kw_only=True)
class RawFormat:
    """The format of samples without a header.

    Attributes:
        encoding: ``linear16`` (little-endian), ``linear32`` (floating point), ``mulaw`` or
            ``alaw``.
        sample_rate: Sample rate, in Hz.
        channels: Number of channels, which are interleaved.

    Raises:
        RecordingError: A value is invalid.
    """

    encoding: str = "linear16"
    sample_rate: int
    channels: int = 1

    def __post_init__(self) -> None:
        if self.encoding not in ENCODINGS:
            advice = f"It must be one of {', '.join(ENCODINGS)}."
            raise RecordingError(f"encoding is {self.encoding!r}", advice=advice)
        if self.sample_rate not in _RATES:
            advice = "It must be between 1000 and 384000 Hz."
            raise RecordingError(f"sample_rate is {self.sample_rate}", advice=advice)
        if self.channels not in _CHANNELS:
            advice = "It must be between 1 and 64."
            raise RecordingError(f"channels is {self.channels}", advice=advice)


def raw_format_of(
    name: str,
    *,
    encoding: str | None = None,
    sample_rate: int | None = None,
    channels: int | None = None,
) -> RawFormat | None:
    """Find the format of a file without a header, from its name and from what the user says.

    Args:
        name: Name of the file; ``-`` for standard input.
        encoding: Encoding of files without a header; by default, that of the name's suffix.
        sample_rate: Their sample rate, in Hz; by default 8000 for mulaw and alaw.
        channels: Their number of channels; by default 1.

    Returns:
        The format; ``None`` for a file with a header.

    Raises:
        RecordingError: The sample rate is missing, or a value is invalid.
    """
    by_name = RAW_SUFFIXES.get(PurePath(name).suffix.lower())
    is_nameless = not PurePath(name).suffix
    if by_name is None and not (encoding and is_nameless):
        return None
    encoding = encoding or by_name or ""
    if sample_rate is None and encoding not in _TELEPHONE:
        raise RecordingError(
            f"{name} has no header that says what its samples are",
            advice="Give their sample rate (--sample-rate 16000) and, unless it is linear16, their "
            "encoding (--encoding mulaw).",
        )
    return RawFormat(
        encoding=encoding, sample_rate=sample_rate or _TELEPHONE_RATE, channels=channels or 1
    )

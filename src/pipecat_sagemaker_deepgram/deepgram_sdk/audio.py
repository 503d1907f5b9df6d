# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads the audio format from a query: bytes per second, and the bytes of silence. Pure.

Sources: ITU-T Recommendation G.711; Deepgram docs, "Encoding".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.audio.pcm import SAMPLE_BYTES, SILENCE


@dataclass(frozen=True, kw_only=True)
class QueriedAudio:
    """A format in which a number of bytes is a length of time.

    Attributes:
        bytes_per_second: Bytes per second.
        frame_size: Bytes of one sample of every channel.
        silence: The byte that silence consists of.
    """

    bytes_per_second: int
    frame_size: int
    silence: int = 0

    @property
    def flip(self) -> Callable[[bytes], bytes] | None:
        """Converts audio between zero as silence, as the session injects it, and this format.

        ``None`` if zero bytes are silence in this format.
        """
        if not self.silence:
            return None
        table = bytes(value ^ self.silence for value in range(256))
        return lambda audio: audio.translate(table)


def audio_format(query: Mapping[str, Sequence[str]]) -> QueriedAudio | None:
    """Read the format of the audio from a query.

    Returns:
        The format; ``None`` for audio in a container, or in an encoding whose bytes do not
        measure time.
    """
    width = SAMPLE_BYTES.get(_last(query, "encoding"))
    rate, channels = _number(query, "sample_rate", 0), _number(query, "channels", 1)
    if width is None or not rate or not channels:
        return None
    return QueriedAudio(
        bytes_per_second=rate * width * channels,
        frame_size=width * channels,
        silence=SILENCE.get(_last(query, "encoding"), 0),
    )


def speech_rate(query: Mapping[str, Sequence[str]]) -> int:
    """Bytes per second of the speech that a query requests."""
    encoding = _last(query, "encoding") or "linear16"
    default = 8_000 if encoding in SILENCE else 24_000
    return SAMPLE_BYTES.get(encoding, 2) * (_number(query, "sample_rate", 0) or default)


def is_on(query: Mapping[str, Sequence[str]], name: str) -> bool:
    """Whether a parameter is true."""
    return _last(query, name) == "true"


def milliseconds(query: Mapping[str, Sequence[str]], name: str, default: float) -> float:
    """The value of a parameter in milliseconds, in seconds."""
    return _number(query, name, round(default * 1000)) / 1000


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    return next(reversed(query.get(name, ())), "")


def _number(query: Mapping[str, Sequence[str]], name: str, default: int) -> int:
    text = _last(query, name)
    return int(text) if text.isascii() and text.isdigit() else default

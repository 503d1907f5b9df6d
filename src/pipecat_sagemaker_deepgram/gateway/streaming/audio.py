# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A client's audio, and what of it a session is given: bytes whose number says their seconds. Pure.

A session gives audio again after a loss, so it has to know which bytes are which seconds. Raw
audio goes on as it came; a file, or packets, are decoded to linear16 first.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pipecat_sagemaker_deepgram.audio.pcm import PACKED, SAMPLE_BYTES, SILENCE, AudioFormat
from pipecat_sagemaker_deepgram.gateway.query import Parameters, one
from pipecat_sagemaker_deepgram.gateway.refusals import bad_query

DECODED_RATE = 16_000
"""Hz of decoded audio, which Deepgram advises for speech (Deepgram docs, "Sample Rate")."""


class ClientAudio(Protocol):
    """The audio of one client.

    Attributes:
        parameters: What the endpoint's query says of it.
        bytes_per_second: Bytes of one second, as the session is given them.
        frame_size: Bytes of one moment of all channels.
        encode: What the session does with bytes before they go out; ``None`` for nothing.
    """

    parameters: Mapping[str, Sequence[str]]
    bytes_per_second: int
    frame_size: int
    encode: Callable[[bytes], bytes] | None

    def read(self, data: bytes) -> bytes:
        """Take bytes of the client; return what the session is to be given.

        Raises:
            AudioError: They are not audio.
        """
        ...

    def end(self) -> bytes:
        """Return what is held back.

        Raises:
            AudioError: The audio is cut short.
        """
        ...

    def close(self) -> None:
        """Free what is held."""
        ...


def client_audio(parameters: Parameters) -> ClientAudio:
    """Read what a client's audio is from its query.

    Args:
        parameters: The query.

    Raises:
        RequestError: The query says too little of it, or it cannot be read.
    """
    encoding = one(parameters, "encoding")
    if encoding in SAMPLE_BYTES:
        return _raw_audio(encoding, parameters)
    if encoding and encoding not in PACKED:
        raise bad_query(
            f"encoding={encoding} is not available: its bytes do not say how long the audio is, "
            "and it cannot be decoded here",
            code="Bad Request",
        )
    if one(parameters, "multichannel") == "true":
        raise bad_query(
            "multichannel=true needs raw audio on a stream: give encoding and sample_rate",
            code="Bad Request",
        )
    channels = int(one(parameters, "channels", "1"))
    return DecodedAudio(AudioFormat(encoding or None, DECODED_RATE, channels))


def _raw_audio(encoding: str, parameters: Parameters) -> "RawAudio":
    if "sample_rate" not in parameters:
        raise bad_query(f"encoding={encoding} requires sample_rate", code="Bad Request")
    channels = int(one(parameters, "channels", "1"))
    return RawAudio(encoding, int(one(parameters, "sample_rate")), channels)


class RawAudio:
    """Audio each of whose samples has its own bytes; it goes on as it is.

    Args:
        encoding: As Deepgram names it.
        sample_rate: Hz.
        channels: Interleaved channels.
    """

    def __init__(self, encoding: str, sample_rate: int, channels: int) -> None:
        self.parameters: Mapping[str, Sequence[str]] = {}
        self.frame_size = SAMPLE_BYTES[encoding] * channels
        self.bytes_per_second = self.frame_size * sample_rate
        code = SILENCE.get(encoding)
        self.encode = None if code is None else lambda audio: _silenced(audio, code)

    def read(self, data: bytes) -> bytes:
        """Take bytes of the client; return what the session is to be given."""
        return data

    def end(self) -> bytes:
        """Return nothing: nothing is held back."""
        return b""

    def close(self) -> None:
        """Do nothing: nothing is held."""


class DecodedAudio:
    """Audio of a file or in packets, decoded to one channel of linear16.

    Args:
        audio: What it is.
    """

    def __init__(self, audio: AudioFormat) -> None:
        from pipecat_sagemaker_deepgram.audio.reader import AudioReader

        self.frame_size = 2
        self.bytes_per_second = 2 * DECODED_RATE
        self.encode: Callable[[bytes], bytes] | None = None
        self.parameters: Mapping[str, Sequence[str]] = {
            "encoding": ["linear16"],
            "sample_rate": [str(DECODED_RATE)],
            "channels": [],
        }
        self._reader = AudioReader(audio, multichannel=False, wanted_rate=lambda rate: DECODED_RATE)

    def read(self, data: bytes) -> bytes:
        """Take bytes of the client; return what the session is to be given.

        Raises:
            AudioError: They are not audio.
        """
        return b"".join(self._reader.read(data))

    def end(self) -> bytes:
        """Return what is held back.

        Raises:
            AudioError: The audio is cut short.
        """
        return b"".join(self._reader.end())

    def close(self) -> None:
        """Free what is held."""
        self._reader.close()


class Digest:
    """What ``Metadata`` says of the bytes that a client has sent."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def take(self, data: bytes) -> None:
        """Take bytes in."""
        self._sha256.update(data)

    @property
    def text(self) -> str:
        """The digest so far, as hexadecimal digits."""
        return self._sha256.hexdigest()


def _silenced(audio: bytes, code: int) -> bytes:
    """Zero bytes alone are the silence of the session's, which has another code here."""
    return audio if any(audio) else bytes([code]) * len(audio)

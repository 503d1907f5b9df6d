# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Converting a client's audio to a constant number of bytes per second. Pure.

A session sends audio again after a loss, so it must know which bytes are which seconds. Raw audio
is passed on unchanged; files and packets are decoded to linear16 first.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pipecat_sagemaker_deepgram.audio.pcm import PACKED, SAMPLE_BYTES, SILENCE, AudioFormat
from pipecat_sagemaker_deepgram.gateway.query import Parameters, one
from pipecat_sagemaker_deepgram.gateway.refusals import bad_query

DECODED_RATE = 16_000
"""Sample rate of decoded audio in Hz, as Deepgram recommends for speech (Deepgram docs, "Sample
Rate")."""


class ClientAudio(Protocol):
    """The audio of one client.

    Attributes:
        parameters: The audio parameters of the endpoint's query.
        bytes_per_second: Bytes per second of the session's audio.
        frame_size: Bytes of one sample of all channels.
        encode: Conversion before the session sends bytes; ``None`` for none.
    """

    parameters: Mapping[str, Sequence[str]]
    bytes_per_second: int
    frame_size: int
    encode: Callable[[bytes], bytes] | None

    def read(self, data: bytes) -> bytes:
        """Convert bytes of the client to audio for the session.

        Raises:
            AudioError: They are not audio.
        """
        ...

    def end(self) -> bytes:
        """Return the audio that is still buffered.

        Raises:
            AudioError: The audio is truncated.
        """
        ...

    def close(self) -> None:
        """Release resources."""
        ...


def client_audio(parameters: Parameters) -> ClientAudio:
    """Read the format of a client's audio from its query.

    Args:
        parameters: The query.

    Raises:
        RequestError: The format is incomplete or not supported.
    """
    encoding = one(parameters, "encoding")
    if encoding in SAMPLE_BYTES:
        return _raw_audio(encoding, parameters)
    if encoding and encoding not in PACKED:
        raise bad_query(
            f"encoding={encoding} is not available: its duration cannot be derived from its "
            "size, and the gateway cannot decode it",
            code="Bad Request",
        )
    if one(parameters, "multichannel") == "true":
        raise bad_query(
            "multichannel=true requires raw audio on a stream: give encoding and sample_rate",
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
    """Audio with a constant number of bytes per sample; it is passed on unchanged.

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
        """Convert bytes of the client to audio for the session."""
        return data

    def end(self) -> bytes:
        """Return nothing: nothing is buffered."""
        return b""

    def close(self) -> None:
        """Do nothing: there are no resources."""


class DecodedAudio:
    """Audio of a file or in packets, decoded to one channel of linear16.

    Args:
        audio: Its format.
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
        """Convert bytes of the client to audio for the session.

        Raises:
            AudioError: They are not audio.
        """
        return b"".join(self._reader.read(data))

    def end(self) -> bytes:
        """Return the audio that is still buffered.

        Raises:
            AudioError: The audio is truncated.
        """
        return b"".join(self._reader.end())

    def close(self) -> None:
        """Release resources."""
        self._reader.close()


class Digest:
    """The duration and the digest of a client's bytes, for ``Metadata``."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def take(self, data: bytes) -> None:
        """Add bytes."""
        self._sha256.update(data)

    @property
    def text(self) -> str:
        """The digest so far, as hexadecimal digits."""
        return self._sha256.hexdigest()


def _silenced(audio: bytes, code: int) -> bytes:
    """Blocks of zero bytes are the session's silence, which is another byte in this encoding."""
    return audio if any(audio) else bytes([code]) * len(audio)

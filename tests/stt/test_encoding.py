# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""linear16 in other encodings."""

import warnings
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.audio.pcm import SAMPLE_BYTES, decode
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamState, Write
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, StreamIdentity
from pipecat_sagemaker_deepgram.stt.encoding import COMPRESSED, encoder

SAMPLES = np.arange(-32768, 32768, dtype=np.int16)
EVERY_SAMPLE = SAMPLES.astype("<i2").tobytes()
EVERY_CODE = bytes(range(256))


def _audioop() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pytest.importorskip("audioop", reason="left the standard library with Python 3.13")


def _encoded(audio: bytes, encoding: str) -> bytes:
    encode = encoder(encoding)
    return audio if encode is None else encode(audio)


@pytest.mark.parametrize(("encoding", "function"), [("mulaw", "lin2ulaw"), ("alaw", "lin2alaw")])
def test_every_sample_is_encoded_as_pythons_own_codec_did(encoding: str, function: str) -> None:
    convert: Callable[[bytes, int], bytes] = getattr(_audioop(), function)
    assert _encoded(EVERY_SAMPLE, encoding) == convert(EVERY_SAMPLE, 2)


@pytest.mark.parametrize("encoding", ["mulaw", "alaw"])
def test_a_level_of_the_code_is_encoded_as_that_code(encoding: str) -> None:
    levels = decode(EVERY_CODE, encoding)
    codes = _encoded(levels.astype("<i2").tobytes(), encoding)
    assert decode(codes, encoding).tolist() == levels.tolist()


@pytest.mark.parametrize(("encoding", "bias", "least"), [("mulaw", 132, 4), ("alaw", 0, 8)])
def test_every_sample_is_encoded_within_half_a_step(encoding: str, bias: int, least: int) -> None:
    """A step is a sixteenth of the segment's lowest level, at least 8 or 16 (ITU-T G.711)."""
    heard = decode(_encoded(EVERY_SAMPLE, encoding), encoding).astype(np.int32)
    samples = SAMPLES.astype(np.int32)
    unheard = 3
    lowest = 2 ** np.floor(np.log2(np.abs(samples) + bias + unheard))
    half_a_step = np.maximum(lowest / 32, least)
    clipped = np.abs(samples) > np.abs(heard).max()
    assert (clipped | (np.abs(heard - samples) <= half_a_step + unheard)).all()
    assert (np.diff(heard) >= 0).all()


def test_linear32_is_floating_point_from_minus_one_to_one_and_loses_nothing() -> None:
    encoded = _encoded(EVERY_SAMPLE, "linear32")
    values = np.frombuffer(encoded, "<f4")
    assert (values[0], values[32768], values[49152]) == (-1.0, 0.0, 0.5)
    assert decode(encoded, "linear32").tolist() == SAMPLES.tolist()


def test_linear16_goes_out_as_it_came() -> None:
    assert encoder("linear16") is None


@pytest.mark.parametrize(
    ("encoding", "silence"),
    [("linear16", b"\0\0"), ("linear32", b"\0\0\0\0"), ("mulaw", b"\xff"), ("alaw", b"\xd5")],
)
def test_silence(encoding: str, silence: bytes) -> None:
    assert _encoded(bytes(6), encoding) == silence * 3


def test_the_silence_that_opens_a_stream_is_encoded_like_the_audio() -> None:
    protocol = nova_protocol(
        query=str,
        bytes_per_second=lambda: 16_000,
        frame_size=2,
        has_interims=lambda: True,
        encode=encoder("mulaw"),
    )
    injections: deque[Write] = deque()
    stream = StreamState(1, 0, protocol, injections, now=0.0, rotate_at=None)
    stream.opened(StreamIdentity(), 0.0)
    stream.keep_alive(5.0)
    assert injections == deque([Write(1, b"\xff" * 800, is_text=False)])


@pytest.mark.parametrize("encoding", SAMPLE_BYTES)
def test_a_sample_has_as_many_bytes_as_the_container_reads(encoding: str) -> None:
    assert len(_encoded(bytes(640), encoding)) == 320 * SAMPLE_BYTES[encoding]
    assert _encoded(b"", encoding) == b""


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_an_encoding_whose_bytes_are_not_seconds_is_refused(encoding: str) -> None:
    with pytest.raises(ConfigurationError, match=r"bytes do not show .* Use linear16"):
        encoder(encoding)


@pytest.mark.parametrize("encoding", ["", "pcm", "LINEAR16", "linear24"])
def test_an_encoding_that_nobody_knows_is_refused(encoding: str) -> None:
    with pytest.raises(ConfigurationError, match="has no such encoding"):
        encoder(encoding)

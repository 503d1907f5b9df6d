# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""linear16 in other encodings."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.client.stream_state import StreamState, Write
from pipecat_sagemaker_deepgram.container.audio.pcm import SAMPLE_BYTES, decode
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, StreamIdentity
from pipecat_sagemaker_deepgram.stt.encoding import COMPRESSED, encoder
from pipecat_sagemaker_deepgram.stt.nova_protocol import nova_protocol

SAMPLES = np.arange(-32768, 32768, dtype=np.int16)
EVERY_SAMPLE = SAMPLES.astype("<i2").tobytes()
EVERY_CODE = bytes(range(256))


def _audioop() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pytest.importorskip("audioop", reason="left the standard library with Python 3.13")


@pytest.mark.parametrize(("encoding", "function"), [("mulaw", "lin2ulaw"), ("alaw", "lin2alaw")])
def test_every_sample_is_encoded_as_pythons_own_codec_did(encoding: str, function: str) -> None:
    convert: Callable[[bytes, int], bytes] = getattr(_audioop(), function)
    assert encoder(encoding)(EVERY_SAMPLE) == convert(EVERY_SAMPLE, 2)


@pytest.mark.parametrize("encoding", ["mulaw", "alaw"])
def test_a_level_of_the_code_is_encoded_as_that_code(encoding: str) -> None:
    levels = decode(EVERY_CODE, encoding)
    codes = encoder(encoding)(levels.astype("<i2").tobytes())
    assert decode(codes, encoding).tolist() == levels.tolist()


@pytest.mark.parametrize(("encoding", "bias", "least"), [("mulaw", 132, 4), ("alaw", 0, 8)])
def test_every_sample_is_encoded_within_half_a_step(encoding: str, bias: int, least: int) -> None:
    """A step is a sixteenth of the segment's lowest level, at least 8 or 16 (ITU-T G.711)."""
    heard = decode(encoder(encoding)(EVERY_SAMPLE), encoding).astype(np.int32)
    samples = SAMPLES.astype(np.int32)
    unheard = 3
    lowest = 2 ** np.floor(np.log2(np.abs(samples) + bias + unheard))
    half_a_step = np.maximum(lowest / 32, least)
    clipped = np.abs(samples) > np.abs(heard).max()
    assert (clipped | (np.abs(heard - samples) <= half_a_step + unheard)).all()
    assert (np.diff(heard) >= 0).all()


def test_linear32_is_floating_point_from_minus_one_to_one_and_loses_nothing() -> None:
    encoded = encoder("linear32")(EVERY_SAMPLE)
    values = np.frombuffer(encoded, "<f4")
    assert (values[0], values[32768], values[49152]) == (-1.0, 0.0, 0.5)
    assert decode(encoded, "linear32").tolist() == SAMPLES.tolist()


def test_linear16_goes_out_as_it_came() -> None:
    assert encoder("linear16")(EVERY_SAMPLE) is EVERY_SAMPLE


@pytest.mark.parametrize(
    ("encoding", "silence"),
    [("linear16", b"\0\0"), ("linear32", b"\0\0\0\0"), ("mulaw", b"\xff"), ("alaw", b"\xd5")],
)
def test_silence(encoding: str, silence: bytes) -> None:
    assert encoder(encoding)(bytes(6)) == silence * 3


def test_the_silence_that_opens_a_stream_is_encoded_like_the_audio() -> None:
    protocol = nova_protocol(
        query=str,
        bytes_per_second=lambda: 16_000,
        frame_size=2,
        has_interims=lambda: True,
        encode=encoder("mulaw"),
    )
    stream = StreamState(1, 0, protocol, now=0.0, rotate_at=None)
    stream.opened(StreamIdentity(), 0.0)
    stream.keep_alive(5.0)
    assert stream.take_injection(5.0) == Write(b"\xff" * 800, is_text=False)


@pytest.mark.parametrize("encoding", SAMPLE_BYTES)
def test_a_sample_has_as_many_bytes_as_the_container_reads(encoding: str) -> None:
    assert len(encoder(encoding)(bytes(640))) == 320 * SAMPLE_BYTES[encoding]
    assert encoder(encoding)(b"") == b""


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_an_encoding_whose_bytes_are_not_seconds_is_refused(encoding: str) -> None:
    with pytest.raises(ConfigurationError, match=r"bytes do not tell .* Use linear16"):
        encoder(encoding)


@pytest.mark.parametrize("encoding", ["", "pcm", "LINEAR16", "linear24"])
def test_an_encoding_that_nobody_knows_is_refused(encoding: str) -> None:
    with pytest.raises(ConfigurationError, match="names no such encoding"):
        encoder(encoding)

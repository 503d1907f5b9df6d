# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whether audio could hold speech."""

import struct

import pytest

from pipecat_sagemaker_deepgram.client.session.voice import PEAK, is_voiced


def samples(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}h", *values)


@pytest.mark.parametrize("audio", [b"", b"\xff", samples(0), bytes(1000)])
def test_nothing_and_silence_hold_no_speech(audio: bytes) -> None:
    assert not is_voiced(audio)


@pytest.mark.parametrize("value", [PEAK - 1, 1 - PEAK])
def test_noise_below_the_level_holds_no_speech(value: int) -> None:
    assert not is_voiced(samples(*[value] * 100))


@pytest.mark.parametrize("value", [PEAK, -PEAK, 32767, -32768])
def test_one_loud_sample_could_be_speech(value: int) -> None:
    assert is_voiced(samples(0, 0, value, 0))


def test_a_byte_too_many_is_no_sample() -> None:
    assert not is_voiced(samples(0, 0) + b"\x7f")
    assert is_voiced(samples(0, PEAK) + b"\x7f")


def test_the_answer_is_a_plain_bool() -> None:
    assert is_voiced(samples(32767)) is True
    assert is_voiced(samples(0)) is False

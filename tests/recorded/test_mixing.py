# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import pytest

from pipecat_sagemaker_deepgram.recorded.mixing import ChannelMixer

from .files import tone

A, B = tone(400).astype("float32"), tone(650).astype("float32")
QUIET = np.zeros_like(A)


def mixed(*channels: np.ndarray) -> np.ndarray:
    return ChannelMixer().mix(np.stack(channels, axis=1))


def test_channels_that_say_different_things_are_averaged():
    assert mixed(A, B) == pytest.approx((A + B) / 2, abs=1e-6)


def test_a_channel_alone_is_left_as_it_is():
    assert (mixed(A) == A).all()


@pytest.mark.parametrize("channels", [(A, -A), (A, A), (-A, A, -A), (QUIET, A, -A)])
def test_channels_that_say_the_same_are_as_loud_together_whatever_their_phases(channels):
    share = sum(1 for each in channels if each is not QUIET) / len(channels)
    assert np.abs(mixed(*channels)) == pytest.approx(np.abs(A) * share, abs=1e-6)


def test_a_phase_that_changes_is_followed_without_a_click():
    mixer = ChannelMixer()
    first = mixer.mix(np.stack([A, A], axis=1))
    second = mixer.mix(np.stack([A, -A], axis=1))
    third = mixer.mix(np.stack([A, -A], axis=1))
    assert first == pytest.approx(A, abs=1e-6)
    assert third == pytest.approx(A, abs=1e-6)
    assert np.abs(np.diff(second)).max() <= 2 * np.abs(np.diff(A)).max()


def test_silence_and_an_empty_block_decide_nothing():
    mixer = ChannelMixer()
    mixer.mix(np.stack([A, -A], axis=1))
    mixer.mix(np.empty((0, 2), "float32"))
    mixer.mix(np.stack([QUIET, QUIET], axis=1))
    assert mixer.mix(np.stack([A, -A], axis=1)) == pytest.approx(A, abs=1e-6)

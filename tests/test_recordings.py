# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The recordings that come with the recogniser."""

import pytest

from pipecat_sagemaker_deepgram.recordings import SoundFile, short_sayings, two_cities


@pytest.mark.parametrize(
    ("recording", "shortest", "longest", "words"),
    [(two_cities(), 40, 50, 120), (short_sayings(), 9, 12, 12)],
)
def test_each_is_as_long_as_its_text(
    recording: SoundFile, shortest: float, longest: float, words: int
):
    for rate in (8000, 16000):
        assert shortest < len(recording.linear16(rate)) / (2 * rate) < longest
    assert len(recording.text.split()) == words

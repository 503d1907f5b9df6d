# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import numpy as np

from pipecat_sagemaker_deepgram.recorded.waveform import PeakMeter


def test_the_highest_sample_of_each_tenth_is_kept_however_the_audio_is_cut():
    samples = np.zeros(4000, "<i2")
    samples[100], samples[1700], samples[3900] = 16384, -32768, 3277
    meter = PeakMeter(16_000)
    for at in range(0, 4000, 700):
        meter.take(samples[at : at + 700].tobytes())
    assert meter.peaks() == [0.5, 1.0, 0.1]


def test_no_audio_has_no_peaks():
    assert PeakMeter(8_000).peaks() == []

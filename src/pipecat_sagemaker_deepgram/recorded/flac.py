# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Encodes mono linear16 as FLAC: lossless, at half the size."""

import io
from collections.abc import Iterable

import av
import numpy as np

CONTENT_TYPE = "audio/flac"

_FRAME = 4096


def encode_flac(blocks: Iterable[bytes], sample_rate: int) -> tuple[bytes, float]:
    """Encode a file.

    Args:
        blocks: Mono linear16, in whole samples.
        sample_rate: Its sample rate, in Hz.

    Returns:
        The file, and its length in seconds.
    """
    target, count = io.BytesIO(), 0
    with av.open(target, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=sample_rate, layout="mono")
        for block in blocks:
            samples = np.frombuffer(block, "<i2")
            for at in range(0, len(samples), _FRAME):
                piece = samples[None, at : at + _FRAME]
                frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="mono")
                frame.sample_rate, frame.pts = sample_rate, count
                count += piece.shape[1]
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue(), count / sample_rate

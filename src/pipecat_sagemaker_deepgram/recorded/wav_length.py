# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Finds how much of a WAV file is missing, according to its header.

FFmpeg goes by the samples that are there. That is right for headers that were never completed, but
it hides that a file was cut off.
"""

import io
import struct
from pathlib import Path
from typing import BinaryIO

from pipecat_sagemaker_deepgram.audio.wav import OPEN_ENDED

_NEAREST_OPEN_END = 0x7FFFF000
"""A length from here on is a placeholder, less the size of a header."""


def missing_share(source: Path | bytes) -> float:
    """The share of the samples in the header of a WAV file that are missing.

    Args:
        source: A file, or its content.

    Returns:
        From 0 to less than 1; 0 if it is not a WAV file or its header has no length.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        riff = file.read(12)
        if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
            return 0.0
        while len(head := file.read(8)) == 8:
            name, length = struct.unpack("<4sI", head)
            if name == b"data":
                return _missing(length, _rest(file))
            file.seek(length + length % 2, io.SEEK_CUR)
    return 0.0


def _rest(file: BinaryIO) -> int:
    at = file.tell()
    return file.seek(0, io.SEEK_END) - at


def _missing(length: int, there: int) -> float:
    if length in OPEN_ENDED or length >= _NEAREST_OPEN_END or not there or there >= length:
        return 0.0
    return 1 - there / length

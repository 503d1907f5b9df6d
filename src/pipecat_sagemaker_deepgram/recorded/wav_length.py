# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How much of a WAV file is missing, by its header.

FFmpeg goes by what is there, which is right for headers that were never finished, and hides that
a file was cut off.
"""

import io
import struct
from pathlib import Path
from typing import BinaryIO

from pipecat_sagemaker_deepgram.audio.wav import OPEN_ENDED

_NEAREST_OPEN_END = 0x7FFFF000
"""From here on a length is one of those, less a header."""


def missing_share(source: Path | bytes) -> float:
    """The share of a WAV file's samples that its header has and that are not there.

    Args:
        source: A file, or its content.

    Returns:
        From 0 to less than 1; 0 for what is no WAV file, or does not say.
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

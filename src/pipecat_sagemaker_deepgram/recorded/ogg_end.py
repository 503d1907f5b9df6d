# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Finds whether an Ogg file ends inside a page, which FFmpeg drops without a word.

A page is ``"OggS" | version 0 | ... | number of segments (byte 26) | their lengths | segments``
(RFC 3533 section 6). A missing end-of-stream flag shows nothing: live recordings often lack it.
"""

import io
from pathlib import Path

_CAPTURE = b"OggS\0"
_HEADER = 27
_LONGEST_PAGE = _HEADER + 255 + 255 * 255


def ends_inside_a_page(source: Path | bytes) -> bool:
    """Whether the last page of an Ogg file is incomplete; ``False`` for files of other formats.

    Args:
        source: A file, or its content.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        if not file.read(len(_CAPTURE)).startswith(_CAPTURE):
            return False
        file.seek(max(0, file.seek(0, io.SEEK_END) - _LONGEST_PAGE))
        end = file.read()
    page = end[end.rfind(_CAPTURE) :] if _CAPTURE in end else b""
    return len(page) < _length(page)


def _length(page: bytes) -> int:
    """The length of a page by its header, as far as that is there."""
    segments = page[_HEADER - 1] if len(page) >= _HEADER else 0
    return _HEADER + segments + sum(page[_HEADER : _HEADER + segments])

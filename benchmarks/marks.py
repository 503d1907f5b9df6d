# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio that identifies its session and position. Pure; used on both ends, in every environment.

A frame is 20 ms of 16 kHz linear16 audio whose first eight bytes are its session and its number.
Each frame that completes 100 ms carries a word, so that a missing or repeated one shows.
"""

import re
import struct

SAMPLE_RATE = 16_000
FRAME_SECONDS = 0.02
FRAME_BYTES = 640
FRAMES_PER_WORD = 5
WORD_SECONDS = FRAME_SECONDS * FRAMES_PER_WORD

MARK = struct.Struct("<II")

_REST = struct.pack("<h", 0x2000) * ((FRAME_BYTES - MARK.size) // 2)
_WORD = '"word":"w'
_EVERY_WORD = re.compile(r'"word":"w(\d+)"')
_FINAL = '"is_final":true'
_REQUEST_ID = re.compile(r'"request_id":"([^"]*)"')


def frame(session: int, number: int) -> bytes:
    """Make one frame, loud enough to count as speech."""
    return MARK.pack(session, number) + _REST


def completes_word(number: int) -> bool:
    """Whether a frame completes 100 ms; digital silence is frame 0 and never does."""
    return number % FRAMES_PER_WORD == FRAMES_PER_WORD - 1


def word_of(number: int) -> int:
    """The word that a frame belongs to."""
    return number // FRAMES_PER_WORD


def last_word_in(message: str) -> int | None:
    """The last word of a result, found without parsing it; ``None`` when it has none."""
    at = message.rfind(_WORD)
    if at < 0:
        return None
    start = at + len(_WORD)
    return int(message[start : message.index('"', start)])


def final_words_in(message: str) -> list[int]:
    """The words of a final; none when it is something else."""
    if _FINAL not in message:
        return []
    return [int(word) for word in _EVERY_WORD.findall(message)]


def stream_of(message: str) -> str:
    """Which stream a result came on; empty when it does not say."""
    found = _REQUEST_ID.search(message)
    return found[1] if found else ""


def message_of(text: str, *, is_final: bool) -> str:
    """Wrap a transcript in the part of a result that is read here."""
    words = ",".join(f'{{"word":"{word}"}}' for word in text.split())
    return f"{{{_FINAL if is_final else ''}{words}}}"

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Removes the words said during a mute from a turn. Pure."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from pipecat_sagemaker_deepgram.deepgram.mutes import Mutes
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import HeardTurn
from pipecat_sagemaker_deepgram.deepgram.writing import text_of


def without_muted(heard: HeardTurn, mutes: Mutes) -> HeardTurn:
    """Remove from a turn what was said during a mute.

    Word times decide; a turn without them is removed if its window lies in a mute.

    Args:
        heard: What was heard of the turn.
        mutes: When the user was muted.

    Returns:
        The turn without those words; if there were any, ``muted`` is true in its ``body``.
    """
    info = heard.info
    if not info.transcript:
        return heard
    if not info.is_timed:
        is_muted = mutes.hide_all(info.audio_window_start, info.audio_window_end)
        return _only(heard, []) if is_muted else heard
    kept = [
        index
        for index, word in enumerate(info.words)
        if not mutes.hide_word(word.start or 0.0, word.end or 0.0)
    ]
    return heard if len(kept) == len(info.words) else _only(heard, kept)


def _only(heard: HeardTurn, kept: Sequence[int]) -> HeardTurn:
    info = heard.info
    words = tuple(info.words[index] for index in kept)
    said = heard.body.get("words") or ()
    text = text_of(info.transcript, [word.word for word in info.words], kept)
    body = dict(heard.body) | {
        "muted": True,
        "transcript": text,
        "words": [said[index] for index in kept],
    }
    return replace(
        heard, info=msgspec.structs.replace(info, transcript=text, words=words), body=body
    )

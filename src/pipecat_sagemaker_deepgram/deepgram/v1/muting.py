# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Removes the words said during a mute from v1/listen results. Pure."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from pipecat_sagemaker_deepgram.deepgram.mutes import Mutes
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results
from pipecat_sagemaker_deepgram.deepgram.writing import text_of


def without_muted(
    results: Results, body: dict[str, Any], mutes: Mutes
) -> tuple[Results, dict[str, Any]]:
    """Remove from results what was said during a mute.

    Word times decide; results without them are removed if they lie entirely in a mute.

    Args:
        results: The results, in session time.
        body: The message they were read from.
        mutes: When the user was muted.

    Returns:
        Both, without those words and with ``muted`` set in the message; unchanged if there are no
        such words.
    """
    best = results.alternative
    words = best.words
    if not words:
        is_muted = bool(best.transcript) and mutes.hide_all(results.start, results.end)
        return _only(results, body, []) if is_muted else (results, body)
    kept = [i for i, word in enumerate(words) if not mutes.hide_word(word.start, word.end)]
    return (results, body) if len(kept) == len(words) else _only(results, body, kept)


def _only(
    results: Results, body: dict[str, Any], kept: Sequence[int]
) -> tuple[Results, dict[str, Any]]:
    """The same results with only some of their words, and only with the best alternative."""
    best = results.alternative
    text = text_of(best.transcript, [word.text for word in best.words], kept)
    channel = body["channel"]
    first = channel["alternatives"][0]
    said = first.get("words") or []
    first = first | {"transcript": text, "words": [said[index] for index in kept]}
    alternative = replace(best, transcript=text, words=tuple(best.words[index] for index in kept))
    return (
        replace(results, alternative=alternative),
        body | {"muted": True, "channel": channel | {"alternatives": [first]}},
    )

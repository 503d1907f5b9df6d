# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova's results as Pipecat's frames. Pure."""

from itertools import groupby
from typing import Any

from pipecat.frames.frames import InterimTranscriptionFrame, TranscriptionFrame
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.messages import Results, Word


def language_of(results: Results) -> Language | None:
    """The language spoken; ``None`` when none is named, or one that Pipecat does not know."""
    for code in results.alternative.languages[:1]:
        try:
            return Language(code)
        except ValueError:
            return None
    return None


def transcription_frames(
    results: Results, body: dict[str, Any], *, user_id: str, timestamp: str, by_speaker: bool
) -> list[TranscriptionFrame]:
    """A final's frames: one, or one for each run of words of one speaker.

    Args:
        results: The final.
        body: The message it was read from.
        user_id: Who is speaking, as the transport says.
        timestamp: When it came.
        by_speaker: Whether to give each speaker a frame; the speaker's number then stands
            behind the user's id, as in ``"alice:1"``.
    """
    language = language_of(results)
    if not by_speaker:
        text = results.alternative.transcript
        return [TranscriptionFrame(text, user_id, timestamp, language, result=body)]
    return [
        TranscriptionFrame(
            " ".join(word.punctuated_word for word in words),
            user_id if speaker is None else f"{user_id}:{speaker}",
            timestamp,
            language,
            result=body,
        )
        for speaker, words in _runs(results.alternative.words)
    ]


def _runs(words: tuple[Word, ...]) -> list[tuple[int | None, list[Word]]]:
    return [(speaker, list(run)) for speaker, run in groupby(words, lambda word: word.speaker)]


def interim_frame(
    results: Results, body: dict[str, Any], *, user_id: str, timestamp: str
) -> InterimTranscriptionFrame:
    """An interim's frame."""
    return InterimTranscriptionFrame(
        results.alternative.transcript, user_id, timestamp, language_of(results), result=body
    )

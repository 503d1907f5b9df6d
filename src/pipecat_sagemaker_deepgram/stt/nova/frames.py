# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova's transcripts as Pipecat's frames. Pure."""

from collections.abc import Callable, Sequence
from itertools import groupby

from pipecat.frames.frames import InterimTranscriptionFrame, TranscriptionFrame
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results, Word
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript
from pipecat_sagemaker_deepgram.deepgram.writing import text_of


def language_of(results: Results, asked: str | None = None) -> Language | None:
    """The language spoken: the one the container names, else the one that was asked for.

    Args:
        results: What was recognised.
        asked: Deepgram's code of the language that was asked for, if one was.

    Returns:
        The language; ``None`` when there is none, or one that Pipecat does not know.
    """
    code = next(iter(results.alternative.languages), asked)
    try:
        return None if code is None else Language(code)
    except ValueError:
        return None


def speaker_id(
    user_id: str, *, channel: int | None = None, speaker: int | str | None = None
) -> str:
    """Who is speaking, as a frame's ``user_id`` tells: ``alice``, ``alice:channel1``, ``alice:2``.

    Args:
        user_id: Who it is, as the transport says; may be empty.
        channel: Index of the channel, where channels are distinguished.
        speaker: Number of the speaker, where speakers are distinguished.
    """
    parts = [user_id] if user_id else []
    if channel is not None:
        parts.append(f"channel{channel}")
    if speaker is not None:
        parts.append(str(speaker))
    return ":".join(parts)


def transcription_frames(
    transcript: FreshTranscript,
    *,
    user_at: Callable[[float], str],
    timestamp: str,
    language: str | None = None,
    by_speaker: bool,
    by_channel: bool,
) -> list[TranscriptionFrame]:
    """A final's frames: one, or one for each run of words of one speaker; one at least.

    Args:
        transcript: The final.
        user_at: Gives whose audio lies at a session time, as the transport says. A frame is of
            the user who said its first word.
        timestamp: When it came.
        language: Deepgram's code of the language that was asked for, if one was.
        by_speaker: Whether to give each speaker a frame, and a ``user_id``.
        by_channel: Whether to give each channel a ``user_id``.
    """
    results = transcript.results
    channel = results.channel if by_channel else None
    return [
        TranscriptionFrame(
            text,
            speaker_id(user_at(time), channel=channel, speaker=speaker),
            timestamp,
            language_of(results, language),
            result=transcript.body,
        )
        for speaker, text, time in _texts(results, by_speaker=by_speaker)
    ]


def interim_frame(
    transcript: FreshTranscript,
    *,
    user_at: Callable[[float], str],
    timestamp: str,
    language: str | None = None,
    by_channel: bool,
) -> InterimTranscriptionFrame:
    """Make an interim's frame, without speakers, which may still change.

    Args:
        transcript: The interim.
        user_at: Gives whose audio lies at a session time, as the transport says.
        timestamp: When it came.
        language: Deepgram's code of the language that was asked for, if one was.
        by_channel: Whether to give each channel a ``user_id``.
    """
    results = transcript.results
    user_id = user_at(_time_of(results, results.alternative.words))
    return InterimTranscriptionFrame(
        results.alternative.transcript,
        speaker_id(user_id, channel=results.channel if by_channel else None),
        timestamp,
        language_of(results, language),
        result=transcript.body,
    )


def _texts(results: Results, *, by_speaker: bool) -> list[tuple[int | str | None, str, float]]:
    """The texts with their speakers, and when each was said."""
    best = results.alternative
    if not by_speaker or not best.words:
        return [(None, best.transcript, _time_of(results, best.words))]
    numbers = range(len(best.words))
    runs = groupby(numbers, lambda number: best.words[number].speaker)
    return [(speaker, *_said(results, tuple(run))) for speaker, run in runs]


def _said(results: Results, numbers: Sequence[int]) -> tuple[str, float]:
    """What some of the words say, as the container writes it, and when the first was said."""
    best = results.alternative
    text = text_of(best.transcript, [word.text for word in best.words], numbers)
    return text, _time_of(results, [best.words[number] for number in numbers])


def _time_of(results: Results, words: Sequence[Word]) -> float:
    """The middle of the first word, which belongs where that is; without words, of it all."""
    first = words[0] if words else results
    return (first.start + first.end) / 2

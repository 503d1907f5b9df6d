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
    """The language spoken: the one that the container names, else the requested one.

    Args:
        results: What was recognised.
        asked: Deepgram's code of the requested language; ``None`` (the default) if there is none.

    Returns:
        The language; ``None`` if there is none, or if Pipecat does not know it.
    """
    code = next(iter(results.alternative.languages), asked)
    try:
        return None if code is None else Language(code)
    except ValueError:
        return None


def speaker_id(
    user_id: str, *, channel: int | None = None, speaker: int | str | None = None
) -> str:
    """Write a frame's ``user_id``, such as ``alice``, ``alice:channel1`` or ``alice:2``.

    Args:
        user_id: The user, according to the transport; may be empty.
        channel: Index of the channel, if channels are distinguished.
        speaker: Number of the speaker, if speakers are distinguished.
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
    """Build a final's frames: one, or one for each run of words by the same speaker.

    Args:
        transcript: The final.
        user_at: Returns the user whose audio lies at a session time, according to the transport.
            A frame belongs to the user who said its first word.
        timestamp: When the final arrived.
        language: Deepgram's code of the requested language; ``None`` (the default) if there is
            none.
        by_speaker: Whether each speaker gets separate frames and a separate ``user_id``.
        by_channel: Whether each channel gets a separate ``user_id``.

    Returns:
        At least one frame.
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
    """Build an interim's frame, which names no speaker because speakers may still change.

    Args:
        transcript: The interim.
        user_at: Returns the user whose audio lies at a session time, according to the transport.
        timestamp: When the interim arrived.
        language: Deepgram's code of the requested language; ``None`` (the default) if there is
            none.
        by_channel: Whether each channel gets a separate ``user_id``.
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
    """The texts, each with its speaker and the time when it was said."""
    best = results.alternative
    if not by_speaker or not best.words:
        return [(None, best.transcript, _time_of(results, best.words))]
    numbers = range(len(best.words))
    runs = groupby(numbers, lambda number: best.words[number].speaker)
    return [(speaker, *_said(results, tuple(run))) for speaker, run in runs]


def _said(results: Results, numbers: Sequence[int]) -> tuple[str, float]:
    """The text of some of the words, as the container writes it, and the time of the first one."""
    best = results.alternative
    text = text_of(best.transcript, [word.text for word in best.words], numbers)
    return text, _time_of(results, [best.words[number] for number in numbers])


def _time_of(results: Results, words: Sequence[Word]) -> float:
    """The middle of the first word, or of the whole result if there are no words."""
    first = words[0] if words else results
    return (first.start + first.end) / 2

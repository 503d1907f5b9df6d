# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads the answer to a request with a whole recording. Pure.

Source: Deepgram API reference, "Transcribe and analyze pre-recorded audio": utterances if they were
requested and are there, otherwise each channel as one segment.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from pipecat_sagemaker_deepgram.exceptions import StreamError
from pipecat_sagemaker_deepgram.recorded.transcript import Segment, SpokenWord


class _Word(msgspec.Struct):
    word: str
    start: float
    end: float
    confidence: float | None = None
    punctuated_word: str | None = None
    speaker: int | None = None


class _Alternative(msgspec.Struct):
    transcript: str = ""
    words: list[_Word] = []


class _PrerecordedChannel(msgspec.Struct):
    alternatives: list[_Alternative] = []


class _Utterance(msgspec.Struct):
    transcript: str
    start: float
    end: float
    words: list[_Word] = []


class _Results(msgspec.Struct):
    channels: list[_PrerecordedChannel] = []
    utterances: list[_Utterance] | None = None


class _Answer(msgspec.Struct):
    results: _Results
    metadata: Mapping[str, Any] = {}


def read_answer(body: bytes, *, channel: int | None, arrived: float) -> list[Segment]:
    """Read an answer.

    Args:
        body: Its JSON.
        channel: Index of the channel that was sent; ``None`` if the channels were mixed.
        arrived: Seconds from the beginning of the transcription to its arrival.

    Raises:
        StreamError: It is not an answer of Deepgram.
    """
    try:
        answer = msgspec.json.decode(body, type=_Answer, strict=False)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise StreamError(
            "The container's answer is not a transcript of a recording",
            advice="Check that the endpoint serves Deepgram's v1/listen.",
        ) from error
    if answer.results.utterances:
        pieces = [(each.transcript, each.words) for each in answer.results.utterances]
    else:
        best = [each.alternatives[0] for each in answer.results.channels if each.alternatives]
        pieces = [(each.transcript, each.words) for each in best]
    return [_segment(text, words, channel, arrived) for text, words in pieces if text]


def _segment(text: str, words: Iterable[_Word], channel: int | None, arrived: float) -> Segment:
    spoken = tuple(_spoken(word) for word in words)
    return Segment(
        text=text,
        start=spoken[0].start if spoken else 0.0,
        end=spoken[-1].end if spoken else 0.0,
        channel=channel,
        words=spoken,
        arrived=round(arrived, 3),
    )


def _spoken(word: _Word) -> SpokenWord:
    return SpokenWord(
        text=word.punctuated_word or word.word,
        start=round(word.start, 3),
        end=round(word.end, 3),
        confidence=word.confidence,
        speaker=word.speaker,
    )

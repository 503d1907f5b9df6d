# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The response to a recording: metadata, channels, paragraphs and utterances.

Shapes are those of Deepgram's reference ("Pre-recorded audio", v1/listen).
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.v1.messages import Envelope, alternative, written_word
from pipecat_sagemaker_deepgram.container.v1.query import ListenQuery

_DIGITS = 6
_LONGEST_PARAGRAPH = 5
_PARAGRAPH_PAUSE = 1.0
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class HeardChannel:
    """The words of one channel.

    Attributes:
        envelope: The common part of its results.
        words: The words to show.
    """

    envelope: Envelope
    words: tuple[RecognizedWord, ...]


def write_response(
    query: ListenQuery,
    channels: Sequence[HeardChannel],
    *,
    common: Envelope,
    sha256: str,
    created: str,
    duration: float,
) -> dict[str, Any]:
    """Write the response.

    Args:
        query: The query.
        channels: The words of each channel.
        common: The fields that name the request and the model.
        sha256: Digest of the body.
        created: ISO 8601 time of the request.
        duration: Seconds of audio.
    """
    results: dict[str, Any] = {"channels": [_channel(query, heard) for heard in channels]}
    if query.recording.utterances:
        split = query.recording.utt_split
        found = [utterance for heard in channels for utterance in utterances(heard, split)]
        results["utterances"] = sorted(found, key=lambda utterance: utterance["start"])
    model = common.model
    metadata: dict[str, Any] = {
        "transaction_key": "deprecated",
        "request_id": common.request_id,
        "sha256": sha256,
        "created": created,
        "duration": round(duration, _DIGITS),
        "channels": len(channels),
        "models": [model.uuid],
        "model_info": {
            model.uuid: {"name": model.name, "version": model.version, "arch": model.arch}
        },
    }
    if query.tags:
        metadata["tags"] = list(query.tags)
    if query.extra:
        metadata["extra"] = query.extra
    return {"metadata": metadata, "results": results}


def _channel(query: ListenQuery, heard: HeardChannel) -> dict[str, Any]:
    written = alternative(heard.envelope, heard.words)
    if query.recording.paragraphs:
        written["paragraphs"] = paragraphs(heard.words)
    channel: dict[str, Any] = {"alternatives": [written]}
    if query.features.search:
        channel["search"] = query.features.find(heard.words)
    return channel


def paragraphs(words: Sequence[RecognizedWord]) -> dict[str, Any]:
    """Group words into sentences, by their punctuation, and sentences into paragraphs.

    A paragraph ends at a pause after a sentence, and after five sentences.
    """
    grouped = list(_paragraphs(list(_sentences(words))))
    texts = [" ".join(_text(sentence) for sentence in paragraph) for paragraph in grouped]
    return {
        "transcript": "\n" + "\n\n".join(texts) if texts else "",
        "paragraphs": [_paragraph(each) for each in grouped],
    }


def _paragraph(sentences: Sequence[Sequence[RecognizedWord]]) -> dict[str, Any]:
    written = [
        {"text": _text(each), "start": _rounded(each[0].start), "end": _rounded(each[-1].end)}
        for each in sentences
    ]
    return {
        "sentences": written,
        "num_words": sum(map(len, sentences)),
        "start": written[0]["start"],
        "end": written[-1]["end"],
    }


def utterances(heard: HeardChannel, split: float) -> Iterator[dict[str, Any]]:
    """Split words at silences of ``split`` seconds."""
    for words in _apart(heard.words, split):
        written = alternative(heard.envelope, words)
        yield {
            "start": _rounded(words[0].start),
            "end": _rounded(words[-1].end),
            "confidence": written["confidence"],
            "channel": heard.envelope.channel,
            "transcript": written["transcript"],
            "words": [written_word(heard.envelope, word) for word in words],
            "id": str(uuid.uuid4()),
        }


def _apart(words: Sequence[RecognizedWord], split: float) -> Iterator[list[RecognizedWord]]:
    group: list[RecognizedWord] = []
    for word in words:
        if group and word.start - group[-1].end >= split - _TOLERANCE:
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _sentences(words: Sequence[RecognizedWord]) -> Iterator[list[RecognizedWord]]:
    sentence: list[RecognizedWord] = []
    for word in words:
        sentence.append(word)
        if word.text.rstrip().endswith((".", "?", "!")):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _paragraphs(sentences: Sequence[list[RecognizedWord]]) -> Iterator[list[list[RecognizedWord]]]:
    paragraph: list[list[RecognizedWord]] = []
    for sentence in sentences:
        pause = sentence[0].start - paragraph[-1][-1].end if paragraph else 0.0
        if len(paragraph) == _LONGEST_PARAGRAPH or pause >= _PARAGRAPH_PAUSE:
            yield paragraph
            paragraph = []
        paragraph.append(sentence)
    if paragraph:
        yield paragraph


def _text(sentence: Sequence[RecognizedWord]) -> str:
    return " ".join(word.text for word in sentence)


def _rounded(value: float) -> float:
    return round(value, _DIGITS)

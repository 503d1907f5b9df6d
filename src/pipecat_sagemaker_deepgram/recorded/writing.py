# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Writes a transcript as text, lines, JSON or captions. Pure."""

from itertools import groupby
from typing import Literal

import msgspec

from pipecat_sagemaker_deepgram.deepgram.writing import join
from pipecat_sagemaker_deepgram.recorded.captions import speaker_of, write_captions
from pipecat_sagemaker_deepgram.recorded.transcript import Segment, Transcript

type OutputFormat = Literal["text", "json", "srt", "vtt"]

SUFFIX = {"text": ".txt", "json": ".json", "srt": ".srt", "vtt": ".vtt"}
"""The file suffix of each format."""


def write_transcript(transcript: Transcript, format: OutputFormat) -> str:
    """Write a transcript as the content of a file.

    Args:
        transcript: The transcript.
        format: The format.
    """
    match format:
        case "text":
            return write_text(transcript)
        case "json":
            return f"{write_json(transcript)}\n"
        case "srt" | "vtt":
            return write_captions(transcript, format)


def write_json(transcript: Transcript) -> str:
    """Write a transcript on one line of JSON, as ``docs/recorded.md`` documents it.

    Args:
        transcript: The transcript.
    """
    return msgspec.json.encode(transcript).decode()


def write_text(transcript: Transcript) -> str:
    """Write a line for each segment, with the speaker if that is known.

    Args:
        transcript: The transcript.
    """
    return "".join(f"{spoken_line(segment, transcript)}\n" for segment in transcript.segments)


def spoken_line(segment: Segment, transcript: Transcript) -> str:
    """The text of a segment on one line, with the speaker if that is known.

    Args:
        segment: The segment.
        transcript: It has the names of the channels.
    """
    parts = []
    for speaker, words in groupby(segment.words, key=lambda word: word.speaker):
        name = speaker_of(transcript, segment.channel, speaker)
        parts.append((name, join(word.text for word in words)))
    if len(parts) < 2:
        name = parts[0][0] if parts else speaker_of(transcript, segment.channel, None)
        parts = [(name, segment.text)]
    said = (f"{name}: {text}" if name else text for name, text in parts)
    return " ".join(" ".join(said).split())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Captions out of a transcript: what is shown when. Pure; pysubs2 writes them.

A caption has two lines at most and stands as long as its words last; it ends where there is a
pause, a sentence ends that fills a line, or another speaks. The limits are those that
broadcasters and streaming services give their captioners.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

import pysubs2

from pipecat_sagemaker_deepgram.deepgram.writing import join
from pipecat_sagemaker_deepgram.recorded.transcript import Segment, SpokenWord, Transcript

LINE_CHARACTERS = 42
"""Most characters of a line."""

LINES = 2
"""Most lines of a caption."""

LONGEST_SECONDS = 7.0
"""Most time that a caption stands."""

PAUSE_SECONDS = 1.0
"""A pause between two words that ends a caption."""

SHORTEST_SECONDS = 0.5
"""Least time that a caption stands, unless another follows before."""

_ENDS = (".", "?", "!", "\u3002", "\uff1f", "\uff01")

type CaptionFormat = Literal["srt", "vtt"]


@dataclass(frozen=True)
class Caption:
    """What is shown at a time.

    Attributes:
        start: From when, in seconds.
        end: Until when.
        text: What was said.
        speaker: Who has said it; empty where that is not known.
    """

    start: float
    end: float
    text: str
    speaker: str = ""


def captions_of(transcript: Transcript) -> list[Caption]:
    """Cut a transcript into captions.

    Args:
        transcript: The transcript.

    Returns:
        The captions, by time.
    """
    found = [
        caption for segment in transcript.segments for caption in _captions(segment, transcript)
    ]
    found.sort(key=lambda caption: caption.start)
    following = [*(caption.start for caption in found[1:]), math.inf]
    return [_lasting(each, until) for each, until in zip(found, following, strict=False)]


def write_captions(transcript: Transcript, format: CaptionFormat) -> str:
    """Write a transcript as a file of captions.

    Args:
        transcript: The transcript.
        format: ``srt`` or ``vtt``.
    """
    file = pysubs2.SSAFile()
    for caption in captions_of(transcript):
        event = pysubs2.SSAEvent(
            start=round(caption.start * 1000), end=round(caption.end * 1000), name=caption.speaker
        )
        event.plaintext = _shown(caption, format)
        file.append(event)
    # What stands in braces was said; only in SubStation Alpha it would be a command.
    return file.to_string(format, keep_ssa_tags=True)


def _shown(caption: Caption, format: CaptionFormat) -> str:
    said = f"{caption.speaker}: {caption.text}" if caption.speaker else caption.text
    lines = "\n".join(wrap(said, LINE_CHARACTERS, break_on_hyphens=False)) or said
    if format == "srt":
        return lines
    return lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _captions(segment: Segment, transcript: Transcript) -> Iterator[Caption]:
    words = segment.words or (SpokenWord(text=segment.text, start=segment.start, end=segment.end),)
    for group in _groups(words):
        speaker = speaker_of(transcript, segment.channel, group[0].speaker)
        text = join(word.text for word in group)
        yield Caption(group[0].start, group[-1].end, text, speaker)


def _groups(words: Iterable[SpokenWord]) -> Iterator[list[SpokenWord]]:
    group: list[SpokenWord] = []
    for word in words:
        if group and _ends_before(group, word):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _ends_before(group: Sequence[SpokenWord], word: SpokenWord) -> bool:
    text = join(each.text for each in group)
    return (
        len(wrap(f"{text} {word.text}", LINE_CHARACTERS, break_on_hyphens=False)) > LINES
        or word.end - group[0].start > LONGEST_SECONDS
        or word.start - group[-1].end >= PAUSE_SECONDS
        or word.speaker != group[-1].speaker
        or (len(text) >= LINE_CHARACTERS and text.endswith(_ENDS))
    )


def _lasting(caption: Caption, until: float) -> Caption:
    end = max(caption.end, min(caption.start + SHORTEST_SECONDS, until))
    return Caption(caption.start, end, caption.text, caption.speaker)


def speaker_of(transcript: Transcript, channel: int | None, speaker: int | None) -> str:
    """What a speaker is called: the channel's name, or a number from 1; empty where neither is.

    Args:
        transcript: Names the channels.
        channel: Index of the channel.
        speaker: Number of the speaker from 0.
    """
    names = transcript.channel_names
    named = names[channel] if channel is not None and channel < len(names) else ""
    numbered = "" if speaker is None else f"speaker {speaker + 1}"
    return ", ".join(filter(None, (named, numbered)))

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Divides a transcript into captions. Pure; pysubs2 writes them.

A caption has at most two lines and is shown as long as its words last. It ends at a pause, at the
end of a sentence that fills a line, and where the speaker changes. The limits are those that
broadcasters and streaming services set for their captions.
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
"""Maximum characters per line."""

LINES = 2
"""Maximum lines per caption."""

LONGEST_SECONDS = 7.0
"""Maximum seconds for which a caption is shown."""

PAUSE_SECONDS = 1.0
"""Seconds of pause between two words that end a caption."""

SHORTEST_SECONDS = 0.5
"""Minimum seconds for which a caption is shown, unless another follows sooner."""

_ENDS = (".", "?", "!", "\u3002", "\uff1f", "\uff01")

type CaptionFormat = Literal["srt", "vtt"]


@dataclass(frozen=True)
class Caption:
    """A caption.

    Attributes:
        start: When it appears, in seconds.
        end: When it disappears, in seconds.
        text: Its text.
        speaker: Name of the speaker; empty if unknown.
    """

    start: float
    end: float
    text: str
    speaker: str = ""


def captions_of(transcript: Transcript) -> list[Caption]:
    """Divide a transcript into captions.

    Args:
        transcript: The transcript.

    Returns:
        The captions in order of time.
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
    # Text in braces was spoken; only in SubStation Alpha would it be a command.
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
    """Name of a speaker: that of the channel, or a number from 1; empty if there is neither.

    Args:
        transcript: It has the names of the channels.
        channel: Index of the channel.
        speaker: Number of the speaker from 0.
    """
    names = transcript.channel_names
    named = names[channel] if channel is not None and channel < len(names) else ""
    numbered = "" if speaker is None else f"speaker {speaker + 1}"
    return ", ".join(filter(None, (named, numbered)))

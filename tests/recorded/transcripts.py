# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcripts to write."""

from pipecat_sagemaker_deepgram.recorded import Segment, SpokenWord, Transcript


def segment(text: str, start: float, *, step: float = 0.4, **more) -> Segment:
    """A segment whose words follow each other."""
    speaker = more.pop("speaker", None)
    words = tuple(
        SpokenWord(
            text=word,
            start=round(start + index * step, 3),
            end=round(start + (index + 1) * step, 3),
            speaker=speaker,
        )
        for index, word in enumerate(text.split())
    )
    return Segment(text=text, start=start, end=words[-1].end, words=words, **more)


def transcript(*segments: Segment, **more) -> Transcript:
    """A transcript of segments."""
    made = Transcript(source=more.pop("source", "a.wav"), segments=list(segments), **more)
    made.settle()
    return made

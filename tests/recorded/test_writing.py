# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import json
import re
from itertools import pairwise

import pysubs2
import pytest

from pipecat_sagemaker_deepgram.recorded import Segment, write_json, write_text, write_transcript
from pipecat_sagemaker_deepgram.recorded.captions import (
    LINE_CHARACTERS,
    LONGEST_SECONDS,
    captions_of,
)
from pipecat_sagemaker_deepgram.recorded.writing import OutputFormat

from .transcripts import segment, transcript

LONG = "One and two. " * 30


def test_text_has_a_line_for_each_piece():
    assert write_text(transcript(segment("Hello there.", 0.0), segment("Good bye.", 4.0))) == (
        "Hello there.\nGood bye.\n"
    )


def test_channels_and_speakers_are_named():
    named = transcript(
        segment("Hello.", 0.0, channel=0),
        segment("Hi.", 1.0, channel=1, speaker=1),
        channel_names=("agent", "customer"),
    )
    assert write_text(named) == "agent: Hello.\ncustomer, speaker 2: Hi.\n"
    assert [caption.speaker for caption in captions_of(named)] == [
        "agent",
        "customer, speaker 2",
    ]


def test_a_piece_of_two_speakers_says_who_said_what():
    one, other = segment("How are you?", 0.0, speaker=0), segment("Fine.", 2.0, speaker=1)
    both = Segment(text="How are you? Fine.", start=0.0, end=2.4, words=one.words + other.words)
    assert write_text(transcript(both)) == "speaker 1: How are you? speaker 2: Fine.\n"
    assert [caption.text for caption in captions_of(transcript(both))] == ["How are you?", "Fine."]


def test_json_is_one_line_that_has_everything():
    written = json.loads(write_json(transcript(segment("Hello there.", 0.5), mode="sync")))
    assert written["schema"] == "pipecat-sagemaker-deepgram/recorded/1"
    assert written["text"] == "Hello there."
    assert written["segments"][0]["words"][1] == {"text": "there.", "start": 0.9, "end": 1.3}
    assert "\n" not in write_json(transcript(segment("Hello there.", 0.5)))


def test_captions_are_short_lines_that_stand_as_long_as_their_words():
    captions = captions_of(transcript(segment(LONG, 0.0)))
    assert " ".join(caption.text for caption in captions).split() == LONG.split()
    for caption, following in pairwise(captions):
        assert len(caption.text) <= 2 * LINE_CHARACTERS + 1
        assert caption.start < caption.end <= following.start + 1e-6
        assert caption.end - caption.start <= LONGEST_SECONDS


def test_a_pause_ends_a_caption():
    captions = captions_of(transcript(segment("One", 0.0), segment("two", 5.0)))
    assert [(c.start, c.end) for c in captions] == [(0.0, 0.5), (5.0, 5.5)]


@pytest.mark.parametrize("format", ["srt", "vtt"])
def test_players_read_the_captions(format: OutputFormat):
    written = write_transcript(transcript(segment("Tom & <Jerry> said: {1} > 0.", 1.5)), format)
    read = pysubs2.SSAFile.from_string(written, format_=format)
    assert [(each.start, each.end) for each in read] == [(1500, 4300)]
    if format == "vtt":
        assert written.startswith("WEBVTT")
        assert "00:00:01.500 --> 00:00:04.300\nTom &amp; &lt;Jerry&gt; said: {1} &gt; 0." in written
    else:
        assert "1\n00:00:01,500 --> 00:00:04,300\nTom & <Jerry> said: {1} > 0." in written


@pytest.mark.parametrize("format", ["srt", "vtt"])
def test_no_line_is_longer_than_it_can_be_read(format: OutputFormat):
    written = write_transcript(transcript(segment(LONG, 0.0)), format)
    lines = [line for line in written.splitlines() if re.match("[A-Za-z]", line)]
    assert max(len(line) for line in lines) <= LINE_CHARACTERS


@pytest.mark.parametrize("format", ["text", "srt", "vtt"])
def test_silence_is_written_too(format: OutputFormat):
    assert write_transcript(transcript(), format).strip() in ("", "WEBVTT")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What came of a recording. Pure.

``docs/recorded.md`` documents these fields, which ``--json`` writes as they are. Times are seconds
of the recording, but where another clock is named.
"""

from typing import Literal

import msgspec

from pipecat_sagemaker_deepgram.deepgram.writing import join

SCHEMA = "pipecat-sagemaker-deepgram/recorded/1"
"""Name of this form; the number changes where a field changes its meaning."""

type Mode = Literal["stream", "sync"]
"""How a recording was sent: by streaming, or whole in one request."""


class SpokenWord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One word.

    Attributes:
        text: The word as it stands in the transcript.
        start: Where it begins.
        end: Where it ends.
        confidence: From 0 to 1; left out where it is not given.
        speaker: Number of the speaker from 0; left out where speakers are not told apart.
    """

    text: str
    start: float
    end: float
    confidence: float | None = None
    speaker: int | None = None


class Segment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words that were settled together: a final, an utterance or a turn.

    Attributes:
        text: The words.
        start: Where the first begins.
        end: Where the last ends.
        channel: Index of the channel; left out where the channels were mixed.
        words: Each of them.
        arrived: Seconds from the beginning of the transcription to their arrival.
        latency: Seconds from when the last word's audio was sent to their arrival; left out where
            the recording was sent whole.
    """

    text: str
    start: float
    end: float
    channel: int | None = None
    words: tuple[SpokenWord, ...] = ()
    arrived: float = 0.0
    latency: float | None = None


class Interim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words that were restated later.

    Attributes:
        text: The words.
        start: Where the piece begins.
        end: Up to where it was listened to.
        channel: As a segment's.
        arrived: Seconds from the beginning of the transcription to their arrival.
    """

    text: str
    start: float
    end: float
    channel: int | None = None
    arrived: float = 0.0


class Turn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A turn of the speaker, as Deepgram Flux tells them.

    Attributes:
        number: From 1.
        text: What was said.
        start: Where its first word begins.
        end: How far was listened when its end was known.
        channel: As a segment's.
        trigger: What ended it, as ``model`` or ``timeout``; left out where it is not given.
        confidence: How sure the model was of its end, from 0 to 1; left out likewise.
    """

    number: int
    text: str
    start: float
    end: float
    channel: int | None = None
    trigger: str = ""
    confidence: float | None = None


class RecordingStream(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One stream that a recording was sent by.

    Attributes:
        number: From 1.
        channel: As a segment's.
        opened: Seconds from the beginning of the transcription to when it was up.
        connect_seconds: How long it took to open.
        replayed_seconds: Audio that had been sent before and was sent again.
        sent_from: How far the recording had been sent when it was up.
        lost: Seconds from the beginning of the transcription to when it was lost; left out where
            it was not.
        cause: Why it was lost.
        request_id: SageMaker's name of it.
    """

    number: int
    channel: int | None = None
    opened: float
    connect_seconds: float = 0.0
    replayed_seconds: float = 0.0
    sent_from: float = 0.0
    lost: float | None = None
    cause: str = ""
    request_id: str = ""


class Latencies(msgspec.Struct, frozen=True, kw_only=True):
    """How late segments came, over all that have a ``latency``; seconds.

    Attributes:
        median: Half came at most so late.
        p95: 95 of 100 did.
        longest: All did.
    """

    median: float
    p95: float
    longest: float


class Waveform(msgspec.Struct, frozen=True, kw_only=True):
    """How loud one channel is, so that it can be drawn.

    Attributes:
        channel: As a segment's; ``null`` where the channels were mixed.
        per_second: Peaks of one second.
        peaks: The highest sample of each piece, from 0 to 1.
    """

    channel: int | None
    per_second: int
    peaks: list[float]


class Transcript(msgspec.Struct, kw_only=True):
    """What came of one recording.

    Attributes:
        schema: Name of this form.
        source: What was transcribed, as it was named.
        text: All that was said; of several channels one after the other.
        seconds: Length of the recording.
        sample_rate: Its own Hz.
        channels: Its own channels.
        channel_names: Their names, where each was transcribed by itself; otherwise empty.
        model: Deepgram's model.
        language: What was said to be spoken.
        mode: How it was sent.
        took: Seconds from the beginning of the transcription to its end.
        is_complete: Whether all of it was transcribed.
        is_stopped: Whether it was stopped before its end.
        problem: What of it was not, and why; empty where all was.
        lost_seconds: Audio that was sent and never answered for.
        attempts: Requests that were made, where it was sent whole; otherwise 0.
        segments: What was said, by time.
        turns: The turns, where the model tells them.
        interims: What was restated, in the order it came.
        streams: The streams, in the order they came up.
        latencies: How late segments came; ``null`` where that is not known.
        waveforms: How loud each channel is.
    """

    schema: str = SCHEMA
    source: str
    text: str = ""
    seconds: float = 0.0
    sample_rate: int = 0
    channels: int = 0
    channel_names: tuple[str, ...] = ()
    model: str = ""
    language: str | None = None
    mode: Mode = "stream"
    took: float = 0.0
    is_complete: bool = True
    is_stopped: bool = False
    problem: str = ""
    lost_seconds: float = 0.0
    attempts: int = 0
    segments: list[Segment] = msgspec.field(default_factory=list[Segment])
    turns: list[Turn] = msgspec.field(default_factory=list[Turn])
    interims: list[Interim] = msgspec.field(default_factory=list[Interim])
    streams: list[RecordingStream] = msgspec.field(default_factory=list[RecordingStream])
    latencies: Latencies | None = None
    waveforms: list[Waveform] = msgspec.field(default_factory=list[Waveform])

    def settle(self) -> None:
        """Work out what follows from the segments: their order, the text, the latencies."""
        self.segments.sort(key=lambda each: (each.start, each.channel or 0))
        channels = sorted({each.channel or 0 for each in self.segments})
        by_channel = (
            join(each.text for each in self.segments if (each.channel or 0) == channel)
            for channel in channels
        )
        self.text = "\n".join(by_channel)
        self.latencies = latencies_of([each.latency for each in self.segments])


def latencies_of(given: list[float | None]) -> Latencies | None:
    """Sum up latencies.

    Args:
        given: Seconds; ``None`` does not count.
    """
    known = sorted(each for each in given if each is not None)
    if not known:
        return None
    at = [known[min(len(known) - 1, int(len(known) * share))] for share in (0.5, 0.95)]
    return Latencies(median=at[0], p95=at[1], longest=known[-1])

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The transcript of a recording. Pure.

``docs/recorded.md`` documents these fields, which ``--json`` writes unchanged. Times are seconds of
the recording unless another clock is named.
"""

from typing import Literal

import msgspec

from pipecat_sagemaker_deepgram.deepgram.writing import join

SCHEMA = "pipecat-sagemaker-deepgram/recorded/1"
"""Name of this schema; the number changes when the meaning of a field does."""

type Mode = Literal["stream", "sync"]
"""How a recording was sent: as a stream, or as a whole in one request."""


class SpokenWord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One word.

    Attributes:
        text: The word as it is written in the transcript.
        start: When it begins.
        end: When it ends.
        confidence: From 0 to 1; omitted if unknown.
        speaker: Number of the speaker from 0; omitted if speakers are not distinguished.
    """

    text: str
    start: float
    end: float
    confidence: float | None = None
    speaker: int | None = None


class Segment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A final result: a final, an utterance or a turn.

    Attributes:
        text: Its text.
        start: When its first word begins.
        end: When its last word ends.
        channel: Index of the channel; omitted if the channels were mixed.
        words: Its words.
        arrived: Seconds from the beginning of the transcription to its arrival.
        latency: Seconds from sending the audio of the last word to its arrival; omitted if the
            recording was sent as a whole.
    """

    text: str
    start: float
    end: float
    channel: int | None = None
    words: tuple[SpokenWord, ...] = ()
    arrived: float = 0.0
    latency: float | None = None


class Interim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An interim result, which a later one replaced.

    Attributes:
        text: Its text.
        start: When its audio begins.
        end: When its audio ends.
        channel: As for a segment.
        arrived: Seconds from the beginning of the transcription to its arrival.
    """

    text: str
    start: float
    end: float
    channel: int | None = None
    arrived: float = 0.0


class Turn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A turn of the speaker, as Deepgram Flux reports it.

    Attributes:
        number: Its number, from 1.
        text: Its text.
        start: When its first word begins.
        end: How much audio had been processed when its end was detected.
        channel: As for a segment.
        trigger: What ended it, such as ``model`` or ``timeout``; omitted if unknown.
        confidence: How sure the model was of its end, from 0 to 1; omitted if unknown.
    """

    number: int
    text: str
    start: float
    end: float
    channel: int | None = None
    trigger: str = ""
    confidence: float | None = None


class RecordingStream(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A stream over which a recording was sent.

    Attributes:
        number: Its number, from 1.
        channel: As for a segment.
        opened: Seconds from the beginning of the transcription until it was open.
        connect_seconds: Seconds that opening it took.
        replayed_seconds: Seconds of audio that were sent again.
        sent_from: How much of the recording had been sent when it was opened.
        lost: Seconds from the beginning of the transcription to its loss; omitted if it was not
            lost.
        cause: Why it was lost.
        request_id: SageMaker's request id.
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
    """The latencies of all segments that have one, in seconds.

    Attributes:
        median: The median.
        p95: The 95th percentile.
        longest: The maximum.
    """

    median: float
    p95: float
    longest: float


class Waveform(msgspec.Struct, frozen=True, kw_only=True):
    """The peaks of a channel, from which a waveform can be drawn.

    Attributes:
        channel: As for a segment; ``null`` if the channels were mixed.
        per_second: Number of peaks per second.
        peaks: The highest sample of each interval, from 0 to 1.
    """

    channel: int | None
    per_second: int
    peaks: list[float]


class Transcript(msgspec.Struct, kw_only=True):
    """The transcript of a recording.

    Attributes:
        schema: Name of this schema.
        source: Name of the recording, as it was given.
        text: The whole text; that of several channels, one after the other.
        seconds: Length of the recording.
        sample_rate: Its own sample rate, in Hz.
        channels: Its own number of channels.
        channel_names: Their names if they were transcribed separately; otherwise empty.
        model: Deepgram's model.
        language: The language that was requested.
        mode: How it was sent.
        took: Seconds from the beginning of the transcription to its end.
        is_complete: Whether all of it was transcribed.
        is_stopped: Whether it was stopped before its end.
        problem: What is missing, and why; empty if nothing is.
        lost_seconds: Seconds of audio that were sent and never answered.
        attempts: Number of requests if it was sent as a whole; otherwise 0.
        segments: The final results, in order of time.
        turns: The turns, if the model reports turns.
        interims: The interim results, in order of arrival.
        streams: The streams, in the order in which they were opened.
        latencies: The latencies of the segments; ``null`` if unknown.
        waveforms: The peaks of each channel.
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
        """Sort the segments, and derive the text and the latencies from them."""
        self.segments.sort(key=lambda each: (each.start, each.channel or 0))
        channels = sorted({each.channel or 0 for each in self.segments})
        by_channel = (
            join(each.text for each in self.segments if (each.channel or 0) == channel)
            for channel in channels
        )
        self.text = "\n".join(by_channel)
        self.latencies = latencies_of([each.latency for each in self.segments])


def latencies_of(given: list[float | None]) -> Latencies | None:
    """Summarize latencies.

    Args:
        given: Seconds; ``None`` is not counted.
    """
    known = sorted(each for each in given if each is not None)
    if not known:
        return None
    at = [known[min(len(known) - 1, int(len(known) * share))] for share in (0.5, 0.95)]
    return Latencies(median=at[0], p95=at[1], longest=known[-1])

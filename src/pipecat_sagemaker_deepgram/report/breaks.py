# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Lists the streams that were lost, and how each loss was overcome. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipecat_sagemaker_deepgram.recorded.transcript import RecordingStream, Transcript


@dataclass(frozen=True)
class Break:
    """A stream that was lost.

    Attributes:
        stream: Its number.
        channel: Its channel; ``None`` if the channels were mixed.
        at: Seconds from the beginning of the run to the loss.
        cause: The cause.
        successor: Number of the stream that took over; ``None`` if none did.
        outage: Seconds without a stream; ``None`` if no stream took over.
        replayed: Seconds of audio that were sent again.
        position: Seconds of the recording that had been sent when another stream took over.
    """

    stream: int
    channel: int | None
    at: float
    cause: str
    successor: int | None
    outage: float | None
    replayed: float
    position: float


@dataclass(frozen=True)
class Span:
    """The part of the recording that was sent to one stream.

    Attributes:
        stream: The stream.
        begin: Its start, in seconds of the recording, including audio that was sent again.
        fresh: The start of the audio that had not been sent before.
        end: Its end.
    """

    stream: RecordingStream
    begin: float
    fresh: float
    end: float


def breaks_of(run: Transcript) -> list[Break]:
    """The breaks of a run, in order of time.

    Args:
        run: The run.
    """
    found = [
        _break(before, after, run.seconds)
        for streams in by_channel(run)
        for before, after in pairwise([*streams, None])
        if before is not None and before.lost is not None
    ]
    return sorted(found, key=lambda each: each.at)


def spans_of(streams: Sequence[RecordingStream], seconds: float) -> list[Span]:
    """The part of the recording that was sent to each stream of a channel.

    Args:
        streams: The streams, in order.
        seconds: Length of the recording.
    """
    return [
        Span(
            before,
            begin=max(0.0, before.sent_from - before.replayed_seconds) if number else 0.0,
            fresh=before.sent_from if number else 0.0,
            end=seconds if after is None else after.sent_from,
        )
        for number, (before, after) in enumerate(pairwise([*streams, None]))
        if before is not None
    ]


def by_channel(run: Transcript) -> list[list[RecordingStream]]:
    """The streams of each channel, in order.

    Args:
        run: The run.
    """
    channels = sorted({each.channel or 0 for each in run.streams})
    return [
        [each for each in run.streams if (each.channel or 0) == channel] for channel in channels
    ]


def _break(before: RecordingStream, after: RecordingStream | None, seconds: float) -> Break:
    lost = before.lost or 0.0
    return Break(
        stream=before.number,
        channel=before.channel,
        at=lost,
        cause=before.cause.partition(" (endpoint ")[0].rstrip("."),
        successor=None if after is None else after.number,
        outage=None if after is None else max(0.0, after.opened - lost),
        replayed=0.0 if after is None else after.replayed_seconds,
        position=seconds if after is None else after.sent_from,
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Lays out the timeline. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.recorded.transcript import Segment, Transcript, Waveform
from pipecat_sagemaker_deepgram.report.breaks import Span, by_channel, spans_of

PIXELS_PER_SECOND = 110.0
"""Pixels per second: enough for words to be readable."""

_LONGEST = 3600.0
"""Seconds beyond which the scale shrinks: browsers limit the width of drawings."""

_WORDS_FROM = 60.0
"""Minimum pixels per second for words to be drawn."""


@dataclass(frozen=True)
class Lane:
    """The drawing of one channel.

    Attributes:
        name: Name of the channel; empty if the channels were mixed.
        outline: The waveform, as the points of a polygon from 0 to 100 downwards.
        samples: Its number of peaks.
        segments: Its finals.
        spans: Its streams.
    """

    name: str
    outline: str
    samples: int
    segments: list[Segment]
    spans: list[Span]


@dataclass(frozen=True)
class Timeline:
    """The drawing of a run.

    Attributes:
        scale: Pixels per second.
        seconds: Length of the recording.
        lanes: Its channels.
        ticks: Times that are labelled, in seconds.
    """

    scale: float
    seconds: float
    lanes: list[Lane]
    ticks: list[float]

    @property
    def has_words(self) -> bool:
        """Whether there is room for words."""
        return self.scale >= _WORDS_FROM

    @property
    def width(self) -> float:
        """Its width in pixels."""
        return round(self.seconds * self.scale, 1)


def timeline_of(run: Transcript) -> Timeline:
    """Lay out a run.

    Args:
        run: The run.
    """
    seconds = max([run.seconds, *(segment.end for segment in run.segments), 1.0])
    scale = PIXELS_PER_SECOND * min(1.0, _LONGEST / seconds)
    streams = {each[0].channel: spans_of(each, seconds) for each in by_channel(run)}
    channels = sorted({each.channel for each in run.waveforms}, key=lambda each: each or 0)
    lanes = [
        Lane(
            name=_name(run, channel),
            outline=outline([each for each in run.waveforms if each.channel == channel]),
            samples=sum(len(each.peaks) for each in run.waveforms if each.channel == channel),
            segments=[each for each in run.segments if each.channel == channel],
            spans=streams.get(channel, []),
        )
        for channel in channels or [None]
    ]
    step = max(1, round(_PIXELS_OF_A_TICK / scale))
    return Timeline(scale, seconds, lanes, [float(at) for at in range(0, int(seconds) + 1, step)])


_PIXELS_OF_A_TICK = 100.0


def outline(waveforms: Sequence[Waveform]) -> str:
    """The outline of a waveform, mirrored at the middle; each peak is one unit wide.

    Args:
        waveforms: The waveform of a channel, or an empty sequence.
    """
    peaks = waveforms[0].peaks if waveforms else []
    loudest = max([*peaks, 0.05])
    above = [f"{at},{50 - 48 * peak / loudest:.1f}" for at, peak in enumerate(peaks)]
    below = [f"{at},{50 + 48 * peak / loudest:.1f}" for at, peak in enumerate(peaks)]
    return " ".join([*above, *reversed(below)])


def _name(run: Transcript, channel: int | None) -> str:
    if channel is None or channel >= len(run.channel_names):
        return ""
    return run.channel_names[channel]

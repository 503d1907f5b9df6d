# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the page from templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipecat_sagemaker_deepgram.recorded.transcript import Segment, Transcript, Turn
from pipecat_sagemaker_deepgram.report.breaks import Break, breaks_of
from pipecat_sagemaker_deepgram.report.corrections import Version, versions_of
from pipecat_sagemaker_deepgram.report.distribution import Bar, distribution
from pipecat_sagemaker_deepgram.report.timeline import Timeline, timeline_of

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Final:
    """A final result, with its history.

    Attributes:
        segment: The result.
        turn: Its turn, if the model reports turns.
        versions: The interim results before it.
    """

    segment: Segment
    turn: Turn | None
    versions: list[Version]

    @property
    def corrected(self) -> int:
        """Words of interim results that the final does not have."""
        return sum(version.corrected for version in self.versions)


@dataclass(frozen=True)
class Drawing:
    """A run, ready to be drawn.

    Attributes:
        run: The run.
        verdict: Its outcome, in a sentence.
        finals: Its finals.
        breaks: Its breaks.
        timeline: The layout of its timeline.
        bars: The distribution of its latencies.
        words: Its number of words.
        replayed: Seconds of audio that were sent again.
    """

    run: Transcript
    verdict: str
    finals: list[Final]
    breaks: list[Break]
    timeline: Timeline
    bars: list[Bar]
    words: int
    replayed: float


def write_report(runs: Sequence[Transcript]) -> str:
    """Draw runs on a self-contained page.

    Args:
        runs: The runs, at least one.

    Returns:
        The page, as HTML.
    """
    return _template().render(drawings=[_drawing(run) for run in runs])


def verdict_of(run: Transcript) -> str:
    """The outcome of a run, in a sentence.

    Args:
        run: The run.
    """
    if run.problem:
        return f"{run.problem[:1].upper()}{run.problem[1:].rstrip('.')}."
    if run.mode == "sync":
        return "Sent as a whole and answered completely."
    missing = f"{run.lost_seconds:.1f} s of audio" if run.lost_seconds else ""
    lost = sum(stream.lost is not None for stream in run.streams)
    if not lost:
        return f"No stream was lost, but {missing} was." if missing else "Nothing was lost."
    replayed = sum(stream.replayed_seconds for stream in run.streams)
    streams = "1 stream was" if lost == 1 else f"{lost} streams were"
    sent = f"{replayed:.1f} s of audio was sent again"
    return f"{streams} lost; {sent}, and {missing or 'no word'} was lost."


def _drawing(run: Transcript) -> Drawing:
    versions = versions_of(run.segments, run.interims)
    latencies = [each.latency for each in run.segments if each.latency is not None]
    turns = {(turn.channel, turn.start): turn for turn in run.turns}
    return Drawing(
        run=run,
        verdict=verdict_of(run),
        finals=[
            Final(each, turns.get((each.channel, each.start)), versions[each])
            for each in run.segments
        ],
        breaks=breaks_of(run),
        timeline=timeline_of(run),
        bars=distribution(latencies),
        words=len(run.text.split()),
        replayed=sum(stream.replayed_seconds for stream in run.streams),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")

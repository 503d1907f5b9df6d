# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A soak's runs on one scale of time: their streams, the breaks, and how late words came."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from benchmarks.pictures import theme
from benchmarks.pictures.soak_runs import SoakRun, WordHeard

_ROW = 12
_LATENCY_HEIGHT = 200
_INSTANT = 0.05
"""Minimum seconds for which a break is drawn."""


def draw_timelines(runs: Sequence[SoakRun]) -> str:
    """Draw runs.

    Args:
        runs: The runs, at least one.

    Returns:
        The picture, as SVG.
    """
    charts = alt.vconcat(_streams(runs), _latencies(runs)).resolve_scale(color="independent")
    return theme.render(charts, title=title_of(runs))


def title_of(runs: Sequence[SoakRun]) -> str:
    """The outcome of the runs, in a line.

    Args:
        runs: The runs.
    """
    breaks = sum(stream.lost is not None for run in runs for stream in run.streams)
    words = sum(len(run.heard) for run in runs)
    failed = sum(bool(run.problem) for run in runs)
    return (
        f"{_count(len(runs), 'run')}, {_count(breaks, 'stream')} lost, "
        f"{_count(words, 'word')} heard; {_count(failed, 'run')} failed"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def spans_of(run: SoakRun) -> list[dict[str, Any]]:
    """When each stream was in use, and when none was.

    Args:
        run: The run.
    """
    spans: list[dict[str, Any]] = []
    for stream, after in pairwise([*run.streams, None]):
        assert stream is not None
        end = run.took if after is None else after.opened
        lost = stream.lost
        spans.append(_span(run, "stream", stream.opened, end if lost is None else lost))
        if lost is not None:
            spans.append(_span(run, "no stream", lost, max(end, lost + _INSTANT)))
    return spans


def _span(run: SoakRun, what: str, began: float, ended: float) -> dict[str, Any]:
    return {"run": run.source, "what": what, "began": began, "ended": ended}


def _streams(runs: Sequence[SoakRun]) -> alt.Chart:
    """A line for each run."""
    longest = max(run.took for run in runs)
    axis = alt.Axis(title=None, domain=False, ticks=False, grid=False, minExtent=theme.NAMES_WIDTH)
    x = alt.X("began:Q").scale(domain=[0, longest], nice=False)
    return (
        alt.Chart(alt.InlineData([span for run in runs for span in spans_of(run)]))
        .mark_bar(height=_ROW - 4, stroke=None)
        .encode(
            x=x.axis(title="seconds from the beginning of the run"),
            x2="ended:Q",
            y=alt.Y("run:N", sort=None, axis=axis),
            color=alt.Color("what:N")
            .scale(domain=["stream", "no stream"], range=[theme.OURS, theme.BAD])
            .legend(title=None),
        )
        .properties(width=theme.WIDTH, height=alt.Step(_ROW))
    )


def _latencies(runs: Sequence[SoakRun]) -> alt.Chart:
    """All words of all runs; the more there are of one place and latency, the larger its dot."""
    words = [_dot(run, word) for run in runs for word in run.heard]
    longest = max(run.took for run in runs)
    x = alt.X("said:Q").scale(domain=[0, longest], nice=False)
    y = alt.Y("late:Q").axis(minExtent=theme.NAMES_WIDTH, format="~g", tickCount=5)
    colour = alt.Color("waited:N").title("between the two, a stream")
    return (
        alt.Chart(alt.InlineData(words))
        .mark_circle(opacity=0.75)
        .encode(
            x=x.bin(maxbins=100).axis(
                title="seconds at which a word was said", format="~g", tickCount=8
            ),
            y=y.bin(maxbins=50).title("seconds until it was settled"),
            size=alt.Size("count()").scale(range=[12, 90]).legend(None),
            color=colour.scale(domain=["stayed", "broke"], range=[theme.OURS, theme.BAD]),
        )
        .properties(width=theme.WIDTH, height=_LATENCY_HEIGHT)
    )


def _dot(run: SoakRun, word: WordHeard) -> dict[str, Any]:
    losses = (stream.lost for stream in run.streams if stream.lost is not None)
    is_broken = any(word.said <= lost <= word.heard for lost in losses)
    return {
        "said": word.said,
        "late": word.latency,
        "waited": "broke" if is_broken else "stayed",
    }

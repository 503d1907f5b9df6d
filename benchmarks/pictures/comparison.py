# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Clients side by side: the cost of a frame, the latency of answers, the cost of a cut."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from benchmarks.cases import NULL, OURS
from benchmarks.figures import SHARES
from benchmarks.outcome import Outcome, Row
from benchmarks.pictures import theme
from benchmarks.table import number

type Chart = alt.LayerChart | alt.FacetChart

TITLE = "Deepgram on SageMaker from Python: less is better"

_STEP = 26
_IS_OURS = f"indexof(datum.client, '{OURS}') === 0"


def draw_comparison(outcome: Outcome) -> str:
    """Draw what was measured.

    Args:
        outcome: The measurements, at least of one section that is drawn.

    Returns:
        The picture, as SVG.
    """
    return theme.render(alt.vconcat(*charts_of(outcome)), title=TITLE)


def charts_of(outcome: Outcome) -> list[Chart]:
    """The charts of what was measured, from the top.

    Args:
        outcome: The measurements.
    """
    clients = outcome.in_section("clients")
    first = [row for row in clients if row.streams == clients[0].streams and row.client != NULL]
    services = [row for row in outcome.in_section("services") if row.client != NULL]
    bars = (
        ("CPU per 20 ms frame, net, in us", [_net(outcome, row) for row in first]),
        ("CPU per 20 ms frame of a service in a pipeline, net, in us",
         [_net(outcome, row) for row in services]),
        ("Seconds until all of so many sessions are open",
         [_opening(row) for row in outcome.in_section("opening")]),
        ("Of 100 words, lost when streams are cut", _losses(outcome)),
    )  # fmt: skip
    spreads = [
        _spreads("From a frame sent to its answer, in ms", first),
        _spreads("The same of a service in a pipeline", services),
    ]
    drawn = [_bars(title, values) for title, values in bars if values]
    return [*drawn[:1], *(each for each in spreads if each is not None), *drawn[1:]]


def _net(outcome: Outcome, row: Row) -> dict[str, Any]:
    return _value(row.client, outcome.net_cpu(row, NULL))


def _opening(row: Row) -> dict[str, Any]:
    return _value(f"{row.client}, {row.streams}", row.median.open_seconds, digits=2)


def _losses(outcome: Outcome) -> list[dict[str, Any]]:
    return [
        _value(row.client, 100 * row.total.lost / max(row.total.spoken, 1))
        for row in outcome.recoveries
    ]


def _value(client: str, value: float | None, *, digits: int = 0) -> dict[str, Any]:
    return {"client": client, "value": max(0.0, value or 0.0), "text": number(value, digits)}


def _bars(title: str, values: Sequence[dict[str, Any]]) -> Chart:
    base = alt.Chart(alt.InlineData(list(values))).encode(y=_names())
    room = 1.15 * max([each["value"] for each in values] + [1e-9])
    x = alt.X("value:Q").axis(None).scale(domain=[0, room])
    bar = base.mark_bar(height=16).encode(x=x, color=_colour())
    text = base.mark_text(align="left", dx=6, fontSize=12, color=theme.INK)
    return _titled(alt.layer(bar, text.encode(x=x, text="text:N")), title)


def _spreads(title: str, rows: Sequence[Row]) -> Chart | None:
    """The middle half of the latencies as a bar, nearly all as a line, and the median."""
    values = [
        {"client": row.client} | {f"p{100 * share:g}": latency for share, latency in found.items()}
        for row in rows
        if (found := dict(zip(SHARES, row.latencies, strict=False)))
    ]
    if not values:
        return None
    title += " (bar: the middle half; line: percentiles 1 to 99; mark: the median)"
    base = alt.Chart(alt.InlineData(values)).encode(y=_names(), color=_colour())
    x = alt.X("p1:Q").scale(type="log").axis(format="~g", title=None, tickCount=6)
    line = base.mark_rule(strokeWidth=1.5).encode(x=x, x2="p99:Q")
    bar = base.mark_bar(height=12).encode(x="p25:Q", x2="p75:Q")
    middle = base.mark_tick(height=20, thickness=3, opacity=1).encode(
        x="p50:Q", color=alt.value(theme.INK)
    )
    last = base.mark_tick(height=10, thickness=1.5).encode(x="p99:Q")
    return _titled(alt.layer(line, bar, middle, last), title)


def _names() -> alt.Y:
    axis = alt.Axis(title=None, domain=False, ticks=False, minExtent=theme.NAMES_WIDTH, offset=4)
    return alt.Y("client:N", sort=None, axis=axis)


def _colour() -> Any:
    return alt.condition(_IS_OURS, alt.value(theme.OURS), alt.value(theme.OTHERS))


def _titled(chart: Chart, title: str) -> Chart:
    return chart.properties(
        title=alt.TitleParams(title, fontSize=12, fontWeight="normal", color=theme.FAINT),
        width=theme.WIDTH,
        height=alt.Step(_STEP),
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The report's picture: bars, as SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.cases import NULL, OURS
from benchmarks.outcome import Outcome, Row
from benchmarks.table import number

_WIDTH = 760
_LABELS = 230
_VALUES = 90
_BAR = 22
_STEP = 30
_HEAD = 44
_OURS_COLOUR = "#2f6f4f"
_OTHER_COLOUR = "#9aa5b1"
_TEXT = 'font-family="system-ui, sans-serif" fill="#1f2933"'


@dataclass(frozen=True)
class Bar:
    """One bar.

    Parameters:
        label: What it stands for.
        value: How long it is; ``None`` has no bar.
        text: The value in words.
    """

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Panel:
    """Bars that belong together.

    Parameters:
        title: What they show; less is better.
        bars: The bars.
    """

    title: str
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return _HEAD + _STEP * len(self.bars) + 12


def panels(outcome: Outcome) -> list[Panel]:
    """What the picture shows."""
    clients = outcome.in_section("clients")
    first = [row for row in clients if row.streams == clients[0].streams and row.client != NULL]
    services = [row for row in outcome.in_section("services") if row.client != NULL]
    opening = outcome.in_section("opening")
    shown = [
        Panel("Net CPU per 20 ms frame, us", [_net(outcome, row) for row in first]),
        Panel("p99 from frame sent to message received, ms", [_p99(row) for row in first]),
        Panel(
            "Net CPU per 20 ms frame of a service in a pipeline, us",
            [_net(outcome, row) for row in services],
        ),
        Panel("Sessions opened at once: all open after, s", [_open(row) for row in opening]),
        Panel("Words lost when streams are cut, per 100", _losses(outcome)),
    ]
    return [panel for panel in shown if panel.bars]


def _net(outcome: Outcome, row: Row) -> Bar:
    value = outcome.net_cpu(row, NULL)
    return Bar(row.client, value, number(value))


def _p99(row: Row) -> Bar:
    return Bar(row.client, row.median.p99, number(row.median.p99, 1))


def _open(row: Row) -> Bar:
    value = row.median.open_seconds
    return Bar(f"{row.client}, {row.streams}", value, number(value, 2))


def _losses(outcome: Outcome) -> list[Bar]:
    return [
        Bar(row.client, share, number(share))
        for row in outcome.recoveries
        if (share := 100 * row.total.lost / max(row.total.spoken, 1)) is not None
    ]


def draw(shown: Sequence[Panel], *, title: str) -> str:
    """Draw panels below each other."""
    height = 40 + sum(panel.height for panel in shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="16" y="28" font-size="17" font-weight="600" {_TEXT}>{escape(title)}</text>',
    ]
    top = 40
    for panel in shown:
        parts += _draw_panel(panel, top)
        top += panel.height
    return "\n".join([*parts, "</svg>\n"])


def _draw_panel(panel: Panel, top: int) -> list[str]:
    largest = max((bar.value or 0 for bar in panel.bars), default=0) or 1
    lines = [f'<text x="16" y="{top + 26}" font-size="14" {_TEXT}>{escape(panel.title)}</text>']
    for index, bar in enumerate(panel.bars):
        lines += _draw_bar(bar, top + _HEAD + _STEP * index, largest)
    return lines


def _draw_bar(bar: Bar, top: int, largest: float) -> list[str]:
    length = (_WIDTH - _LABELS - _VALUES) * max(bar.value or 0, 0) / largest
    colour = _OURS_COLOUR if bar.label.startswith(OURS) else _OTHER_COLOUR
    middle = top + _BAR - 6
    return [
        f'<text x="{_LABELS - 10}" y="{middle}" font-size="13" text-anchor="end" {_TEXT}>'
        f"{escape(bar.label)}</text>",
        f'<rect x="{_LABELS}" y="{top}" width="{max(length, 1):.1f}" height="{_BAR}" '
        f'fill="{colour}"/>',
        f'<text x="{_LABELS + length + 8:.1f}" y="{middle}" font-size="13" {_TEXT}>'
        f"{escape(bar.text)}</text>",
    ]

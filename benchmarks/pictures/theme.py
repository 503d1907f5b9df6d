# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How pictures look, on light pages and on dark ones."""

from html import escape
from typing import Any

import altair as alt
import vl_convert

WIDTH = 470
"""Pixels of a chart, without the names to its left."""

NAMES_WIDTH = 190
"""Most pixels of a name."""

INK, FAINT, LINE = "#1d2433", "#566072", "#dfe3ea"
OURS, OTHERS, BAD = "#137a4b", "#8792a2", "#c4271c"

_IN_DARK = {
    INK: "#e8ebf2",
    FAINT: "#a6afc0",
    LINE: "#333b4a",
    OURS: "#4fc08d",
    OTHERS: "#7d899b",
    BAD: "#ff7468",
}
"""Each colour on a dark page."""


def render(charts: alt.VConcatChart, *, title: str) -> str:
    """Draw charts below each other.

    Args:
        charts: The charts.
        title: The title of the picture.

    Returns:
        SVG that follows the reader's preference for light or dark.
    """
    whole = charts.properties(title=title, background="transparent").configure(**_config())
    picture = vl_convert.vegalite_to_svg(whole.to_dict())
    beginning, tag, rest = picture.partition(">")
    return f'{beginning} role="img" aria-label="{escape(title)}"{tag}{_style()}{rest}\n'


def _style() -> str:
    rules = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in _IN_DARK.items()
    )
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"


def _config() -> dict[str, Any]:
    text = {"labelColor": INK, "titleColor": FAINT, "titleFontWeight": "normal"}
    return {
        "font": "sans-serif",
        "view": {"stroke": None},
        "concat": {"spacing": 22},
        "title": {"anchor": "start", "color": INK, "fontSize": 14, "offset": 8},
        "axis": {
            **text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "gridColor": LINE,
            "domainColor": LINE,
            "tickColor": LINE,
            "labelLimit": NAMES_WIDTH,
        },
        "legend": {**text, "labelFontSize": 12, "orient": "bottom"},
    }

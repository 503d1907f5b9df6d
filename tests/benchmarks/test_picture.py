# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from xml.etree import ElementTree

from benchmarks.cases import NULL
from benchmarks.outcome import Outcome
from benchmarks.picture import Bar, Panel, draw, panels

from .outcomes import outcome

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_well_formed_and_has_a_bar_for_each_value():
    shown = panels(outcome())
    picture = ElementTree.fromstring(draw(shown, title="a < b"))
    bars = sum(len(panel.bars) for panel in shown)
    assert len(picture.findall(f"{SVG}rect")) == bars + 1
    assert picture.attrib["aria-label"] == "a < b"


def test_the_null_client_is_subtracted_and_not_drawn():
    assert NULL not in {bar.label for panel in panels(outcome()) for bar in panel.bars}


def test_bars_are_as_long_as_their_values_and_stay_inside():
    panel = Panel("p", [Bar("half", 5, "5"), Bar("all", 10, "10"), Bar("none", None, "-")])
    picture = ElementTree.fromstring(draw([panel], title="t"))
    widths = [float(bar.attrib["width"]) for bar in picture.findall(f"{SVG}rect")[1:]]
    assert widths[1] == 2 * widths[0]
    assert widths[2] == 1
    assert widths[1] < float(picture.attrib["width"])


def test_nothing_measured_is_a_picture_without_panels():
    assert panels(Outcome()) == []

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import json
from dataclasses import replace
from xml.etree import ElementTree

from benchmarks.cases import NULL, OURS
from benchmarks.outcome import Outcome, read_outcome
from benchmarks.pictures.comparison import TITLE, charts_of, draw_comparison

from benchmarks.pictures import theme

from ..outcomes import outcome
from .drawn import MOST_BYTES, marks_of, texts_of

LATENCIES = (0.1, 0.2, 0.3, 0.5, 0.6, 0.9, 2.0, 4.0, 10.0, 20.0)


def measured() -> Outcome:
    whole = outcome()
    rows = [replace(row, latencies=LATENCIES) for row in whole.rows]
    return replace(whole, rows=rows)


def test_each_measured_client_has_a_bar_and_a_spread() -> None:
    picture = draw_comparison(measured())
    bars = marks_of(picture, "bar")
    assert len(bars) == 3 + 3 + 2 + 2 + 3 + 2
    assert texts_of(picture).count(OURS) == 5
    assert "From a frame sent to its answer, in ms" in picture


def test_the_null_client_is_subtracted_and_not_drawn() -> None:
    texts = texts_of(draw_comparison(measured()))
    assert NULL not in texts
    assert "100" in texts


def test_a_record_without_latencies_is_drawn_without_them() -> None:
    assert len(charts_of(measured())) - len(charts_of(outcome())) == 2
    assert charts_of(Outcome()) == []


def test_a_picture_is_drawn_anew_from_its_record_byte_for_byte() -> None:
    record = json.dumps({"options": {}, **measured().for_json(NULL)}).encode()
    drawn = draw_comparison(read_outcome(record))
    assert drawn == draw_comparison(measured())
    assert len(drawn) < MOST_BYTES


def test_it_is_read_aloud_and_follows_the_preference_for_dark() -> None:
    picture = draw_comparison(measured())
    root = ElementTree.fromstring(picture)
    assert root.attrib["aria-label"] == TITLE
    assert "prefers-color-scheme:dark" in picture
    drawn = {each.get("fill") for each in marks_of(picture, "bar")}
    assert drawn == {theme.OURS, theme.OTHERS}

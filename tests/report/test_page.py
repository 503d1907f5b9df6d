# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import re
from html.parser import HTMLParser

import pytest

from pipecat_sagemaker_deepgram.recorded.transcript import Transcript, Waveform
from pipecat_sagemaker_deepgram.report import write_report
from pipecat_sagemaker_deepgram.report.page import verdict_of
from pipecat_sagemaker_deepgram.report.timeline import outline, timeline_of

from .run_with_breaks import broken_run, flux_turn, segment


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src") and tag != "link":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.texts))


def test_a_page_needs_nothing_else():
    html = write_report([broken_run()])
    assert re.findall(r"(?:src|url|@import)\s*[=(]", html) == []
    page = Page(html)
    assert all(link.removeprefix("#") in page.ids for link in page.links)
    assert len(page.ids) == len(set(page.ids))


def test_what_was_said_is_text_and_never_markup():
    html = write_report([broken_run()])
    assert "<b>" not in html
    assert "It was <b>." in Page(html).text


def test_breaks_and_what_became_of_them_are_in_words():
    said = Page(write_report([broken_run()])).text
    assert "3 streams were lost; 3.2 s of audio was sent again, and no word was lost." in said
    assert "Stream 2 took over after 0.10 s; 1.2 s sent again." in said
    assert "Stream 5 took over after 0.50 s; nothing had to be sent again." in said
    assert "2 interims, 1 word corrected" in said
    assert "median 3.10 s" in said


def test_turns_are_called_that():
    said = Page(write_report([broken_run(turns=[flux_turn()])])).text
    assert "turn 1, ended by model, 87% confidence" in said
    assert "a turn" in said


def test_several_runs_are_listed():
    page = Page(write_report([broken_run(), broken_run(source="b.wav")]))
    assert {"run-1", "run-2"} < set(page.ids)
    assert "2 recordings" in page.text
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"problem": "stopped after 3.0 s of audio"}, "Stopped after 3.0 s of audio."),
        ({"mode": "sync"}, "Sent as a whole and answered completely."),
        ({"streams": []}, "Nothing was lost."),
        ({"lost_seconds": 1.5, "streams": []}, "No stream was lost, but 1.5 s of audio was."),
        (
            {"lost_seconds": 1.5},
            "3 streams were lost; 3.2 s of audio was sent again, and 1.5 s of audio was lost.",
        ),
    ],
)
def test_the_verdict_says_what_came_of_it(fields: dict[str, object], says: str):
    assert verdict_of(broken_run(**fields)) == says


def test_a_run_in_which_nothing_was_said_can_be_drawn():
    assert "No speech was recognised" in write_report([Transcript(source="a", is_complete=True)])


def test_each_channel_has_a_lane():
    run = broken_run(
        channel_names=("agent", "caller"),
        segments=[segment("Hello.", 0.0, channel=0), segment("Hi.", 1.0, channel=1)],
        waveforms=[Waveform(channel=each, per_second=10, peaks=[0.5]) for each in (0, 1)],
        streams=[],
    )
    lanes = timeline_of(run).lanes
    assert [(lane.name, lane.segments[0].text) for lane in lanes] == [
        ("agent", "Hello."),
        ("caller", "Hi."),
    ]
    assert "caller" in write_report([run])


def test_a_long_recording_is_no_wider_than_browsers_take_and_without_words():
    short, long = timeline_of(broken_run()), timeline_of(broken_run(seconds=36_000.0))
    assert short.has_words
    assert short.width == pytest.approx(1320.0)
    assert not long.has_words
    assert long.width < 400_000
    assert len(long.ticks) < 4500


def test_the_outline_is_as_high_as_its_loudest_piece():
    waveform = Waveform(channel=None, per_second=10, peaks=[0.0, 0.5])
    assert outline([waveform]) == "0,50.0 1,2.0 1,98.0 0,50.0"
    assert outline([]) == ""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import io
import re

from rich.console import Console

from pipecat_sagemaker_deepgram.cli.display import PlainDisplay
from pipecat_sagemaker_deepgram.cli.tally import Tally
from pipecat_sagemaker_deepgram.cli.transcribe_display import (
    LiveWords,
    NoDisplay,
    ProgressLine,
    progress_display,
)
from pipecat_sagemaker_deepgram.recorded import (
    Interim,
    InterimArrived,
    Progress,
    Segment,
    SegmentArrived,
    Turn,
    TurnArrived,
)


def test_words_are_shown_as_they_come_and_turns_round_them():
    out = io.StringIO()
    with LiveWords(PlainDisplay(out, shows_interims=True)) as display:
        display.show(Progress("a", 0.5, 2.0))
        display.show(InterimArrived("a", Interim(text="hel", start=0.1, end=0.5)))
        display.show(
            TurnArrived("a", Turn(number=1, text="hello", start=0.1, end=1.6, trigger="model"))
        )
        display.show(SegmentArrived("a", Segment(text="hello", start=0.1, end=0.6)))
        display.note_finished()
    assert out.getvalue().splitlines() == [
        "0.10\t...\thel",
        "0.10\tturn 1 begins",
        "0.10\t0.60\thello",
        "1.60\tturn 1 ended 1.0 s after its last word, 0% confident",
    ]


def test_something_is_on_the_screen_at_once_and_gone_in_the_end():
    console = Console(file=io.StringIO(), force_terminal=True, width=80, highlight=False)
    tally = Tally(3, began=0.0)
    with ProgressLine(console, tally) as display:
        assert "3 to do" in console.file.getvalue()  # type: ignore[attr-defined]
        tally.note_finished("a", 1.0, is_well=True)
        display.note_finished()
        display.show(Progress("b", 0.5, 2.0))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1 of 3" in shown
    assert re.search(r"\x1b\[2K$|\x1b\[2K.{0,20}$", shown)


def test_where_nobody_looks_nothing_is_shown():
    out = io.StringIO()
    display = progress_display(Tally(3, began=0.0), stream=out)
    assert isinstance(display, NoDisplay)
    with display:
        display.show(Progress("b", 0.5, 2.0))
    assert out.getvalue() == ""

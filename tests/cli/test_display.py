# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import io
import sys

import pytest
from rich.console import Console

from pipecat_sagemaker_deepgram.cli.display import (
    PlainDisplay,
    ProblemDisplay,
    TerminalDisplay,
    mark,
    open_display,
    open_side_display,
    tail,
)
from pipecat_sagemaker_deepgram.cli.events import (
    AudioFed,
    Event,
    ProblemReported,
    TurnBegan,
    TurnOver,
    WordsHeard,
)

INTERIM = WordsHeard("it was", 1.0, 1.5, covers_to=1.6, is_final=False, at=0.0)
FINAL = WordsHeard("It was the best.", 1.0, 2.25, covers_to=2.5, is_final=True, at=0.0)


TURN = (TurnBegan(2, 1.0), INTERIM, FINAL, TurnOver(2, 2.5, 0.25, "model", 0.875))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def plain(*events: Event, shows_interims: bool = False) -> str:
    out = io.StringIO()
    with PlainDisplay(out, shows_interims=shows_interims) as display:
        for event in events:
            display.show(event)
    return out.getvalue()


def terminal(*events: Event, width: int = 60) -> list[str]:
    """What was written for each event."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width, color_system=None)
    written = []
    with TerminalDisplay(console, total_seconds=10.0) as display:
        for event in events:
            before = len(out.getvalue())
            display.show(event)
            written.append(out.getvalue()[before:])
    return [*written, out.getvalue()]


def test_plain_output_is_a_line_per_final():
    assert plain(AudioFed(1.0), INTERIM, FINAL) == "1.00\t2.25\tIt was the best.\n"


def test_plain_output_can_show_interims():
    lines = plain(INTERIM, FINAL, shows_interims=True).splitlines()
    assert lines == ["1.00\t...\tit was", "1.00\t2.25\tIt was the best."]


def test_plain_output_marks_turns_only_where_it_is_not_for_parsing():
    assert plain(*TURN) == plain(FINAL)
    first, *_, last = plain(*TURN, shows_interims=True).splitlines()
    assert first == "1.00\tturn 2 begins"
    assert last == "2.50\tturn 2 ended 0.2 s after its last word, 88% confident"


def test_terminal_marks_where_turns_begin_and_end():
    began, _, final, over, _ = terminal(*TURN, width=80)
    assert "   1.0 s  turn 2 begins" in began
    assert "   1.0 s  It was the best." in final
    assert "   2.5 s  turn 2 ended 0.2 s after its last word" in over


@pytest.mark.parametrize("trigger", ["timeout", "client", ""])
def test_only_the_models_own_end_of_a_turn_is_called_confident(trigger: str):
    assert mark(TurnOver(1, 2.0, 5.0, trigger, 0.1)) == "turn 1 ended 5.0 s after its last word"


@pytest.mark.parametrize(("is_fatal", "word"), [(True, "error"), (False, "warning")])
def test_problems_go_to_stderr(capsys: pytest.CaptureFixture[str], is_fatal: bool, word: str):
    assert plain(ProblemReported("It broke.", is_fatal=is_fatal)) == ""
    assert capsys.readouterr().err == f"{word}: It broke.\n"


def test_terminal_rewrites_the_interim_in_place():
    _, second, _ = terminal(INTERIM, INTERIM)
    assert "\x1b[1A\x1b[2K" in second
    assert "it was" in second


def test_terminal_leaves_finals_and_takes_the_interim_away():
    written, _ = terminal(FINAL)
    assert "   1.0 s  It was the best." in written
    first, second, _ = terminal(INTERIM, FINAL)
    assert "it was" in first
    assert "it was" not in second


def test_terminal_shows_how_far_the_audio_is():
    half, end, _ = terminal(AudioFed(5.0), AudioFed(10.0, is_all=True))
    assert "5 of 10 s" in half
    assert "10 of 10 s" in end
    assert (half.count("━"), end.count("━")) == (12, 24)


def test_terminal_is_not_redrawn_for_every_frame():
    first, second, third, _ = terminal(AudioFed(1.0), AudioFed(1.1), AudioFed(1.3))
    assert first
    assert second == ""
    assert third


def test_terminal_keeps_a_long_interim_on_one_line():
    long = WordsHeard("word " * 40 + "end", 0, 1, covers_to=1, is_final=False, at=0)
    written, _ = terminal(long, width=40)
    assert "end" in written
    assert max(len(line) for line in written.splitlines()) <= 40 + len("\x1b[1A\x1b[2K\r" * 3)


def test_terminal_shows_the_cursor_again_at_the_end():
    everything = terminal(INTERIM)[-1]
    assert -1 < everything.rfind("\x1b[?25l") < everything.rfind("\x1b[?25h")


@pytest.mark.parametrize(("text", "shown"), [("abc", "abc"), ("abcdef", "…def")])
def test_tail_keeps_the_latest_words(text: str, shown: str):
    assert tail(text, 4) == shown


def test_display_is_plain_unless_stdout_is_a_terminal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert isinstance(open_display(total_seconds=1), PlainDisplay)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert isinstance(open_display(total_seconds=1), TerminalDisplay)


def test_the_words_of_a_record_are_shown_beside_it_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    display = open_side_display()
    assert isinstance(display, ProblemDisplay)
    with display:
        display.show(AudioFed(1.0))
        display.show(ProblemReported("It broke.", is_fatal=True))
    assert capsys.readouterr() == ("", "error: It broke.\n")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert isinstance(open_side_display(), TerminalDisplay)


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert isinstance(open_display(total_seconds=1), PlainDisplay)


def test_a_terminal_shows_how_long_it_has_listened_where_no_end_is_known():
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=60, color_system=None)
    with TerminalDisplay(console, total_seconds=None) as display:
        display.show(AudioFed(12.0))
    assert "12 s; Ctrl-C to stop" in out.getvalue()

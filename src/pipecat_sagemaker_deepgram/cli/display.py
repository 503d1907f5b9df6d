# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Displays of a transcription: lines to parse, or live text in a terminal."""

import sys
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from pipecat_sagemaker_deepgram.cli.events import (
    AudioFed,
    Event,
    ProblemReported,
    TurnBegan,
    TurnOver,
    WordsHeard,
)
from pipecat_sagemaker_deepgram.cli.plain_context import PlainContext

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table

_REDRAW_SECONDS = 0.25


class Display(Protocol):
    """Shows events; a context manager."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *exc_info: object) -> None:
        """Stop; what was recognised stays on the screen."""
        ...

    def show(self, event: Event) -> None:
        """Show one event.

        Args:
            event: The event.

        Raises:
            BrokenPipeError: Nobody reads the output any more.
        """
        ...


class PlainDisplay(PlainContext):
    """One line per final, ``START<TAB>END<TAB>TEXT``; problems go to stderr.

    Args:
        out: The stream to write to; by default stdout.
        shows_interims: Whether there are lines for interims, with ``...`` in place of their end,
            and for the beginnings and ends of turns.
    """

    def __init__(self, out: TextIO | None = None, *, shows_interims: bool = False) -> None:
        self._out = out or sys.stdout
        self._shows_interims = shows_interims

    def show(self, event: Event) -> None:
        """Write the line of an event, if it has one.

        Args:
            event: The event.

        Raises:
            BrokenPipeError: Nobody reads the output any more.
        """
        match event:
            case WordsHeard(text=text, start=start, end=end, is_final=True):
                print(f"{start:.2f}\t{end:.2f}\t{text}", file=self._out, flush=True)
            case WordsHeard(text=text, start=start) if self._shows_interims:
                print(f"{start:.2f}\t...\t{text}", file=self._out, flush=True)
            case TurnBegan(start=start) if self._shows_interims:
                print(f"{start:.2f}\t{mark(event)}", file=self._out, flush=True)
            case TurnOver(end=end) if self._shows_interims:
                print(f"{end:.2f}\t{mark(event)}", file=self._out, flush=True)
            case ProblemReported():
                show_problem(event)


class ProblemDisplay(PlainContext):
    """Writes only problems, to stderr."""

    def show(self, event: Event) -> None:
        """Write a problem.

        Args:
            event: The event.
        """
        if isinstance(event, ProblemReported):
            show_problem(event)


class TerminalDisplay:
    """Finals scroll; below them the interim is rewritten in place, above a progress bar.

    Turns are marked where they begin and end.

    Args:
        console: The terminal.
        total_seconds: Length of the recording; ``None`` if unknown.
    """

    def __init__(self, console: "Console", *, total_seconds: float | None) -> None:
        from rich.live import Live

        self._console = console
        self._total = total_seconds
        self._fed = 0.0
        self._interim = ""
        self._live = Live(
            self._footer(),
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=sys.stderr.isatty(),
        )

    def __enter__(self) -> Self:
        """Begin."""
        self._live.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Remove the interim and the progress bar."""
        self._live.stop()

    def show(self, event: Event) -> None:
        """Show an event.

        Args:
            event: The event.
        """
        match event:
            case WordsHeard(is_final=True):
                self._redraw(interim="")
                self._show_line(event.start, event.text)
            case TurnBegan(start=at) | TurnOver(end=at):
                self._show_line(at, mark(event), style="dim")
            case WordsHeard(text=text):
                self._redraw(interim=text)
            case AudioFed(seconds=seconds, is_all=is_all):
                if is_all or seconds - self._fed >= _REDRAW_SECONDS:
                    self._fed = seconds
                    self._redraw(interim=self._interim)
            case ProblemReported():
                show_problem(event)

    def _redraw(self, *, interim: str) -> None:
        self._interim = interim
        self._live.update(self._footer(), refresh=True)

    def _show_line(self, at: float, text: str, *, style: str = "") -> None:
        from rich.table import Table
        from rich.text import Text

        line = Table.grid(padding=(0, 2))
        line.add_row(Text(f"{at:6.1f} s", style="cyan"), Text(text, style=style))
        self._console.print(line)

    def _footer(self) -> "Group":
        from rich.console import Group
        from rich.text import Text

        room = max(10, self._console.width - 12)
        interim = Text(" " * 10 + tail(self._interim, room), style="italic dim", no_wrap=True)
        return Group(interim, self._progress(min(40, room // 2)))

    def _progress(self, width: int) -> "Table":
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        line = Table.grid(padding=(0, 2))
        if self._total is None:
            line.add_row(" " * 8, Text(f"{self._fed:.0f} s; Ctrl-C to stop", style="dim"))
        else:
            bar = ProgressBar(total=self._total, completed=self._fed, width=width)
            line.add_row(" " * 8, bar, Text(f"{self._fed:.0f} of {self._total:.0f} s", style="dim"))
        return line


def mark(event: TurnBegan | TurnOver) -> str:
    """Describe the beginning or the end of a turn.

    Args:
        event: The event.
    """
    match event:
        case TurnBegan(number=number):
            return f"turn {number} begins"
        case TurnOver(number=number, silence=silence, trigger=trigger, confidence=confidence):
            how = f"{silence:.1f} s after its last word"
            if trigger == "model":
                how += f", {confidence:.0%} confident"
            return f"turn {number} ended {how}"


def tail(text: str, width: int) -> str:
    """The end of a text that may be too long for its line.

    Args:
        text: The text.
        width: Most characters.
    """
    return text if len(text) <= width else f"…{text[len(text) - width + 1 :]}"


def show_problem(problem: ProblemReported) -> None:
    """Write a problem to stderr.

    Args:
        problem: What went wrong.
    """
    kind = "error" if problem.is_fatal else "warning"
    print(f"{kind}: {problem.message}", file=sys.stderr, flush=True)


def open_display(*, total_seconds: float | None, shows_interims: bool = False) -> Display:
    """Choose the display that suits stdout.

    Args:
        total_seconds: Length of the recording; ``None`` if unknown.
        shows_interims: Whether to show interims even where they cannot be rewritten in place.

    Raises:
        ImportError: stdout is a terminal and the extra ``cli`` is not installed.
    """
    if not sys.stdout.isatty():
        return PlainDisplay(shows_interims=shows_interims)
    from rich.console import Console

    console = Console(highlight=False)
    if console.is_dumb_terminal:
        return PlainDisplay(shows_interims=shows_interims)
    return TerminalDisplay(console, total_seconds=total_seconds)


def open_side_display() -> Display:
    """Choose the display of a live source whose record goes to stdout: stderr has the words.

    Raises:
        ImportError: stderr is a terminal and the extra ``cli`` is not installed.
    """
    if not sys.stderr.isatty():
        return ProblemDisplay()
    from rich.console import Console

    console = Console(highlight=False, stderr=True)
    return (
        ProblemDisplay()
        if console.is_dumb_terminal
        else TerminalDisplay(console, total_seconds=None)
    )

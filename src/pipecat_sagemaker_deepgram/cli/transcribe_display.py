# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The display while recordings are transcribed: words as they arrive, or the progress."""

import sys
import time
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from pipecat_sagemaker_deepgram.cli.display import Display
from pipecat_sagemaker_deepgram.cli.events import AudioFed, TurnBegan, TurnOver, WordsHeard
from pipecat_sagemaker_deepgram.cli.plain_context import PlainContext
from pipecat_sagemaker_deepgram.cli.tally import Tally
from pipecat_sagemaker_deepgram.recorded import (
    InterimArrived,
    Progress,
    RecordedEvent,
    Segment,
    SegmentArrived,
    Turn,
    TurnArrived,
)

if TYPE_CHECKING:
    from rich.console import Console

_REDRAW_SECONDS = 0.2


class RunDisplay(Protocol):
    """Shows a run; a context manager."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *exc_info: object) -> None:
        """End."""
        ...

    def show(self, event: RecordedEvent) -> None:
        """Show an event of a recording that is being transcribed.

        Args:
            event: The event.

        Raises:
            BrokenPipeError: Nobody reads the output any more.
        """
        ...

    def note_finished(self) -> None:
        """Show that a recording has ended; the tally has counted it."""
        ...


class LiveWords:
    """Shows the words of one recording as they arrive.

    Args:
        display: Shows them.
    """

    def __init__(self, display: Display) -> None:
        self._display = display
        self._turn: Turn | None = None

    def __enter__(self) -> Self:
        """Begin."""
        self._display.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """End."""
        self._display.__exit__(*exc_info)

    def show(self, event: RecordedEvent) -> None:
        """As ``RunDisplay.show``."""
        match event:
            case Progress(heard=heard):
                self._display.show(AudioFed(heard))
            case InterimArrived(interim=interim):
                self._show_words(interim.text, interim.start, interim.end, is_final=False)
            case TurnArrived(turn=turn):
                self._turn = turn
                self._display.show(TurnBegan(turn.number, turn.start))
            case SegmentArrived(segment=segment):
                self._show_words(segment.text, segment.start, segment.end, is_final=True)
                self._end_turn(segment)

    def note_finished(self) -> None:
        """Do nothing: all words have been shown."""

    def _show_words(self, text: str, start: float, end: float, *, is_final: bool) -> None:
        self._display.show(
            WordsHeard(
                text=" ".join(text.split()),
                start=start,
                end=end,
                covers_to=end,
                is_final=is_final,
                at=0.0,
            )
        )

    def _end_turn(self, segment: Segment) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            silence = max(0.0, turn.end - segment.end)
            self._display.show(
                TurnOver(turn.number, turn.end, silence, turn.trigger, turn.confidence or 0.0)
            )


class ProgressLine:
    """Shows the progress of a run on one line of a terminal, which is rewritten.

    Args:
        console: The terminal.
        tally: Counts the run.
    """

    def __init__(self, console: "Console", tally: Tally) -> None:
        from rich.live import Live

        self._tally = tally
        self._drawn = 0.0
        self._live = Live(
            f"{tally.files} to do",
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
            redirect_stderr=True,
        )

    def __enter__(self) -> Self:
        """Show the line."""
        self._live.start(refresh=True)
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Remove the line."""
        self._live.stop()

    def show(self, event: RecordedEvent) -> None:
        """As ``RunDisplay.show``."""
        if isinstance(event, Progress):
            self._tally.note_progress(event.name, event.heard, event.seconds)
            self._redraw()

    def note_finished(self) -> None:
        """As ``RunDisplay.note_finished``."""
        self._redraw()

    def _redraw(self) -> None:
        now = time.monotonic()
        if now - self._drawn >= _REDRAW_SECONDS:
            self._drawn = now
            self._live.update(self._tally.line(now), refresh=True)


class NoDisplay(PlainContext):
    """Shows nothing, for runs without a terminal."""

    def show(self, event: RecordedEvent) -> None:
        """Show nothing."""

    def note_finished(self) -> None:
        """Show nothing."""


class Both:
    """Shows a run in two places.

    Args:
        one: The first place.
        other: The second place.
    """

    def __init__(self, one: RunDisplay, other: RunDisplay) -> None:
        self._displays = (one, other)

    def __enter__(self) -> Self:
        """Begin."""
        for each in self._displays:
            each.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """End."""
        for each in reversed(self._displays):
            each.__exit__(*exc_info)

    def show(self, event: RecordedEvent) -> None:
        """As ``RunDisplay.show``."""
        for each in self._displays:
            each.show(event)

    def note_finished(self) -> None:
        """As ``RunDisplay.note_finished``."""
        for each in self._displays:
            each.note_finished()


def progress_display(tally: Tally, *, stream: TextIO | None = None) -> RunDisplay:
    """Choose the display of the progress: none unless stderr is a terminal.

    Args:
        tally: Counts the run.
        stream: Where to show it; stderr by default.

    Raises:
        ImportError: stderr is a terminal and the extra ``cli`` is not installed.
    """
    stream = stream or sys.stderr
    if stream is None or not stream.isatty():
        return NoDisplay()
    from rich.console import Console

    console = Console(file=stream, highlight=False)
    return NoDisplay() if console.is_dumb_terminal else ProgressLine(console, tally)

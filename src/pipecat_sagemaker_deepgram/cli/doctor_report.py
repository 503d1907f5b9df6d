# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Displays of the doctor's findings: lines to parse, a terminal display, or JSON."""

import json
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from pipecat_sagemaker_deepgram.cli.plain_context import PlainContext
from pipecat_sagemaker_deepgram.doctor import Facts, Finding, Status, diagnose

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    Status.OK: "green",
    Status.PROBLEM: "bold red",
    Status.UNKNOWN: "yellow",
    Status.SKIPPED: "dim",
}


class Report(Protocol):
    """Shows findings; a context manager."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *exc_info: object) -> None:
        """End."""
        ...

    def show(self, facts: Facts) -> None:
        """Show the findings that are known by now.

        Args:
            facts: The facts gathered so far.

        Raises:
            BrokenPipeError: Nobody reads the output any more.
        """
        ...


class PlainReport(PlainContext):
    """One line per check, ``STATUS<TAB>CHECK<TAB>TEXT``, as soon as it is known.

    Args:
        out: The stream to write to; by default stdout.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._shown = 0

    def show(self, facts: Facts) -> None:
        """Write the lines that are new.

        Args:
            facts: The facts gathered so far.
        """
        findings = diagnose(facts)
        for finding in findings[self._shown :]:
            self._write(finding)
        self._shown = max(self._shown, len(findings))

    def _write(self, finding: Finding) -> None:
        print(finding.status, finding.check, finding, sep="\t", file=self._out, flush=True)


class TerminalReport(PlainReport):
    """Findings in colours and columns, with a spinner below.

    Args:
        console: The terminal.
    """

    def __init__(self, console: "Console") -> None:
        super().__init__()
        self._console = console
        self._sign_of_life = console.status("looking") if console.is_terminal else nullcontext()

    def __enter__(self) -> Self:
        """Begin."""
        self._sign_of_life.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Remove the spinner."""
        self._sign_of_life.__exit__(None, None, None)

    def _write(self, finding: Finding) -> None:
        from rich.table import Table
        from rich.text import Text

        row = Table.grid(padding=(0, 2))
        row.add_column(width=max(map(len, Status)))
        row.add_column(width=11)
        row.add_column()
        style = _STYLES[finding.status]
        row.add_row(Text(finding.status, style=style), Text(finding.check), Text(str(finding)))
        self._console.print(row)


class JsonReport:
    """Writes one JSON object when all checks are done.

    Args:
        out: The stream to write to; by default stdout.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._facts: Facts | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: object, *exc_info: object) -> None:
        """Write the report, unless the command was interrupted."""
        if kind is None and self._facts is not None:
            print(json.dumps(as_json(self._facts), indent=2), file=self._out, flush=True)

    def show(self, facts: Facts) -> None:
        """Keep the facts.

        Args:
            facts: The facts gathered so far.
        """
        self._facts = facts


def as_json(facts: Facts) -> dict[str, object]:
    """The report as JSON: the endpoint, the names of its problems, and every check.

    Args:
        facts: The facts gathered so far.
    """
    findings = diagnose(facts)
    return {
        "endpoint": facts.endpoint_name,
        "problems": [finding.problem for finding in findings if finding.problem],
        "checks": [
            {
                "check": finding.check,
                "status": finding.status,
                "problem": finding.problem,
                "text": finding.text,
                "advice": finding.advice,
            }
            for finding in findings
        ],
    }


def open_report(*, is_json: bool) -> Report:
    """Choose the report that suits stdout.

    Args:
        is_json: Whether to write JSON.
    """
    if is_json:
        return JsonReport()
    if not sys.stdout.isatty():
        return PlainReport()
    try:
        from rich.console import Console
    except ImportError:
        return PlainReport()
    console = Console(highlight=False)
    return PlainReport() if console.is_dumb_terminal else TerminalReport(console)

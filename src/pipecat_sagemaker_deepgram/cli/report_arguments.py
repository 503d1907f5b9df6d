# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be written after ``report``. Imports the standard library only."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ReportOptions:
    """``report``.

    Parameters:
        file: What ``transcribe --json`` has written.
        output: The page; ``None`` for one beside it.
        verbose: Whether the log is shown.
    """

    file: str
    output: str | None = None
    verbose: bool = False


def add_report(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command.

    Args:
        commands: Where to.
    """
    parser = commands.add_parser(
        "report",
        help="draw a run that transcribe --json has written",
        description="Draw a run on a page of its own: waveform, words, turns, what interims said "
        "before, streams and their breaks, what was sent again, latencies.",
    )
    parser.add_argument(
        "file", metavar="RUN.json", help="what transcribe --json has written, or .jsonl"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE.html", help="the page (default: RUN.html, beside it)"
    )
    parser.set_defaults(
        read=lambda arguments: ReportOptions(file=arguments.file, output=arguments.output)
    )

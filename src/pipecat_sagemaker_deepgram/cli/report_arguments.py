# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``report``. Imports the standard library only."""

import argparse
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.cli.shared_arguments import new_options


@dataclass(frozen=True, kw_only=True)
class ReportOptions:
    """``report``.

    Attributes:
        file: Output of ``transcribe --json`` or ``listen --json``.
        output: The HTML page; ``None`` for one next to ``file``.
        verbose: Whether to show the log.
    """

    file: str
    output: str | None = None
    verbose: bool = False


def add_report(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "report",
        help="write an HTML report of a run from the output of transcribe or listen --json",
        description="Write an HTML report of a run: waveform, words, turns, corrected interims, "
        "streams and their breaks, audio that was sent again, latencies.",
    )
    _add_files(parser)
    parser.set_defaults(read=lambda arguments: new_options(ReportOptions, arguments, verbose=False))


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="RUN.json",
        help="output of transcribe or listen with --json, or a .jsonl file",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE.html",
        help="the HTML page (default: RUN.html, next to the file)",
    )

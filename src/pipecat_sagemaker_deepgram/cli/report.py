# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``report``, and ``--report`` of other commands: an HTML page of a run."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.exceptions import CommandError
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.report_arguments import ReportOptions
from pipecat_sagemaker_deepgram.recorded import Transcript, write_whole
from pipecat_sagemaker_deepgram.report import read_runs, write_report


def run_report(options: ReportOptions) -> ExitCode:
    """Run the command.

    Args:
        options: The options of the command.

    Raises:
        CommandError: A file cannot be read or written.
        ReportError: The file is not a run.
    """
    path = Path(options.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}") from error
    output = path.with_suffix(".html") if options.output is None else Path(options.output)
    save_report(output, read_runs(content, name=options.file))
    return ExitCode.DONE


def save_report(path: Path, runs: Sequence[Transcript]) -> None:
    """Write the report, and print its path.

    Args:
        path: The HTML page.
        runs: The runs, at least one.

    Raises:
        CommandError: It cannot be written.
    """
    try:
        write_whole(path, write_report(runs))
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}") from error
    print(f"report: {path}", file=sys.stderr, flush=True)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where a soak writes what was observed of its runs: ``--json``, ``--picture``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.pictures.soak_runs import SoakRun, write_soak
from benchmarks.pictures.timelines import draw_timelines


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--json", type=Path, metavar="FILE.jsonl",
        help="write each run on a line of JSON; the command report draws them as a page",
    )  # fmt: skip
    parser.add_argument(
        "--picture", type=Path, metavar="FILE.svg",
        help="draw streams, breaks and how late words came",
    )  # fmt: skip


def write_output(options: argparse.Namespace, runs: Sequence[SoakRun]) -> None:
    """Write what is asked for.

    Args:
        options: Read from a command line that has the options of ``add_output``.
        runs: What was observed.
    """
    if options.json is not None:
        options.json.write_bytes(write_soak(runs))
    if options.picture is not None and runs:
        options.picture.write_text(draw_timelines(runs))

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The command line. Pure."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import SECTIONS, Options


@dataclass(frozen=True)
class Command:
    """The parsed command line.

    Attributes:
        options: What to run.
        json: Where to write everything as JSON.
        picture: Where to draw the picture.
    """

    options: Options
    json: Path
    picture: Path


def parse(arguments: Sequence[str] | None = None) -> Command:
    """Read the command line; an error ends the program with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure client libraries for Deepgram on SageMaker side by side.",
    )
    parser.add_argument("--quick", action="store_true", help="short and coarse, each case once")
    parser.add_argument(
        "--only", type=_sections, default=SECTIONS, metavar="SECTION,...",
        help=f"some of {', '.join(SECTIONS)}",
    )  # fmt: skip
    parser.add_argument("--repeat", type=_count, help="runs of each case, 3 by default")
    parser.add_argument(
        "--streams", type=_counts, metavar="N,...",
        help="numbers of streams: all clients with the first, this project with all; 10,50",
    )  # fmt: skip
    parser.add_argument(
        "--in-step", action="store_true",
        help="all streams of a process send at the same moments, not at evenly spread ones",
    )  # fmt: skip
    folder = Path(".cache") / "bench"
    parser.add_argument("--json", type=Path, default=folder / "results.json", metavar="PATH")
    parser.add_argument("--picture", type=Path, default=folder / "results.svg", metavar="PATH")
    given = parser.parse_args(arguments)
    options = Options(
        quick=given.quick,
        sections=given.only,
        repeat=given.repeat or (1 if given.quick else 3),
        streams=given.streams or Options.streams,
        in_step=given.in_step,
    )
    return Command(options, given.json, given.picture)


def _sections(text: str) -> tuple[str, ...]:
    names = text.split(",")
    if unknown := sorted(set(names) - set(SECTIONS)):
        raise argparse.ArgumentTypeError(
            f"{', '.join(unknown)}: not a section; choose from {', '.join(SECTIONS)}"
        )
    return tuple(name for name in SECTIONS if name in names)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return int(text)


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_count(each) for each in text.split(","))

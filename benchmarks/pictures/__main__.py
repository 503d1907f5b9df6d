# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Draw a record."""

import argparse
import sys
from pathlib import Path

import msgspec

from benchmarks.outcome import read_outcome
from benchmarks.pictures.comparison import draw_comparison
from benchmarks.pictures.soak_runs import read_soak
from benchmarks.pictures.timelines import draw_timelines


def main() -> None:
    """Draw the record that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("record", type=Path, help="JSON of the benchmarks, or JSON lines of a soak")
    parser.add_argument("picture", type=Path, help="where to draw it, as SVG")
    command = parser.parse_args()
    try:
        picture = draw(command.record)
    except (OSError, msgspec.MsgspecError) as error:
        sys.exit(f"error: {command.record} cannot be drawn: {error}")
    command.picture.write_text(picture)


def draw(record: Path) -> str:
    """Draw a record.

    Args:
        record: Lines of JSON, which end in ``.jsonl``, are a soak's; the benchmarks write one
            document.

    Raises:
        msgspec.MsgspecError: It is something else.
        OSError: It cannot be read.
    """
    content = record.read_bytes()
    if record.suffix == ".jsonl":
        return draw_timelines(read_soak(content))
    return draw_comparison(read_outcome(content))


if __name__ == "__main__":
    main()

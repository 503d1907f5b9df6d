# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run the demo and draw its third act as a terminal: ``record_demo.py OUTPUT.svg``.

What identifies a stream on this machine is left out: it is different each time.
"""

import io
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 100
MOST_BYTES = 2 * 1024 * 1024
BEGINNING = "Now the first recording again"
STYLES = (("warning:", "red"), ("note:", "green"), ("|", "bold"))


def third_act(output: str) -> list[str]:
    """The lines from the third act on, without what is different each time."""
    lines = output[output.index(BEGINNING) :].splitlines()
    return [
        re.sub(r" \(endpoint .*?\)", "", line).replace("SageMaker session: ", "") for line in lines
    ]


def draw(lines: list[str]) -> str:
    """A terminal with these lines, as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text("$ make demo", style="bold cyan"))
    for line in lines:
        style = next((style for start, style in STYLES if line.startswith(start)), "")
        console.print(Text(line.replace("\t", "  "), style=style))
    # Without the fonts, which it would have fetched: the reader's own will do.
    return re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="make demo"), flags=re.S)


def main() -> None:
    """Run it."""
    command = [sys.executable, "-m", "benchmarks.demo", "--speed", "20", *sys.argv[2:]]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    picture = draw(third_act(done.stdout))
    assert len(picture) <= MOST_BYTES
    Path(sys.argv[1]).write_text(picture)


if __name__ == "__main__":
    main()

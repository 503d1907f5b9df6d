# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Count the instructions, here and on another commit, and print a table."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import ratio
from benchmarks.processes import ROOT, FailedProcessError, child_environment
from benchmarks.table import number, render

FEW, MANY = 500, 1500
WORKLOADS = ("frame", "final", "json.loads")
TIMEOUT = 600.0

_TOTAL = re.compile(r"I\s+refs:\s+([\d,]+)")


def main() -> None:
    """Count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions")
    parser.add_argument("--against", metavar="COMMIT", help="count this commit too")
    against = parser.parse_args().against
    here = {name: instructions(name, ROOT) for name in WORKLOADS}
    then: dict[str, float] = {}
    if against:
        with checkout(against) as folder:
            then = {name: instructions(name, folder) for name in WORKLOADS}
    print(table(here, then, against))


def table(here: dict[str, float], then: dict[str, float], against: str | None) -> str:
    """Instructions of each workload, and in terms of ``json.loads``. Pure."""
    columns = [("here", here), (against or "", then)] if then else [("here", here)]
    rows = [
        (name, *(number(counts[name]) for _, counts in columns), *_change(here, then, name))
        for name in WORKLOADS
    ]
    finals = [ratio(counts["final"], counts["json.loads"]) for _, counts in columns]
    rows.append(
        ("final / json.loads", *(number(each, 2) for each in finals), *([""] if then else []))
    )
    headers = ("instructions", *(name for name, _ in columns), *(["change"] if then else []))
    return render(headers, rows)


def _change(here: dict[str, float], then: dict[str, float], name: str) -> tuple[str, ...]:
    return (f"{here[name] / then[name] - 1:+.1%}",) if then else ()


def instructions(workload: str, checkout: Path) -> float:
    """Instructions of one repetition, without those of starting.

    Args:
        workload: Its name.
        checkout: The source tree whose package is counted.
    """
    _run([], workload, FEW, checkout)  # Modules that were never imported get compiled.
    few, many = (_count(workload, times, checkout) for times in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _count(workload: str, times: int, checkout: Path) -> int:
    valgrind = [
        "valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
    ]  # fmt: skip
    output = _run(valgrind, workload, times, checkout)
    found = _TOTAL.search(output)
    if found is None:
        raise FailedProcessError(f"valgrind counted nothing:\n{output[-2000:]}")
    return int(found[1].replace(",", ""))


def _run(under: list[str], workload: str, times: int, checkout: Path) -> str:
    """Run a workload under another program, and return what is written to standard error."""
    module = [sys.executable, "-m", "benchmarks.instructions.workload"]
    paths = os.pathsep.join((str(checkout / "src"), str(ROOT)))
    done = subprocess.run(
        [*under, *module, workload, str(times), str(MANY)],
        cwd=ROOT,
        env={**child_environment(), "PYTHONPATH": paths, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    if done.returncode:
        raise FailedProcessError(f"{workload} could not be counted:\n{done.stderr[-2000:]}")
    return done.stderr


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """Check out another commit's files in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        archive = subprocess.run(
            ["git", "archive", commit, "src"], cwd=ROOT, check=True, capture_output=True
        ).stdout
        subprocess.run(["tar", "-x"], cwd=name, input=archive, check=True)
        yield Path(name)


if __name__ == "__main__":
    main()

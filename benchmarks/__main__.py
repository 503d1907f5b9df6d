# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Measure client libraries side by side, print tables, write JSON and a picture."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks import environments
from benchmarks.arguments import parse
from benchmarks.cases import NULL
from benchmarks.pictures.comparison import charts_of, draw_comparison
from benchmarks.running import measure, surroundings
from benchmarks.table import report
from benchmarks.targets import verdicts


def main() -> None:
    """Run the benchmark."""
    command = parse()
    for environment in environments.ALL:
        environment.build()
    around = surroundings()
    outcome = measure(command.options, say=lambda text: print(text, file=sys.stderr, flush=True))
    results = verdicts(outcome)
    print(report(outcome, results))
    told = {
        "surroundings": around,
        "options": asdict(command.options),
        **outcome.for_json(NULL),
        "targets": [{**asdict(each), "is_met": each.is_met} for each in results],
    }
    print(f"\nload before: {around['load_before']:.2f} on {around['cores']} cores")
    _write(command.json, json.dumps(told, indent=1) + "\n")
    if charts_of(outcome):
        _write(command.picture, draw_comparison(outcome))


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    print(f"written: {path}")


if __name__ == "__main__":
    main()

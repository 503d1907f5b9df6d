# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Measure client libraries side by side, print tables, write JSON and a picture."""

import json
import sys
from dataclasses import asdict

from benchmarks import environments
from benchmarks.arguments import parse
from benchmarks.cases import NULL
from benchmarks.picture import draw, panels
from benchmarks.running import measure, surroundings
from benchmarks.table import report
from benchmarks.targets import verdicts

TITLE = "Deepgram on SageMaker from Python: less is better"


def main() -> None:
    """Run the benchmark."""
    command = parse()
    for environment in environments.ALL:
        environment.build()
    around = surroundings()
    outcome = measure(command.options, say=lambda text: print(text, file=sys.stderr, flush=True))
    results = verdicts(outcome)
    print(report(outcome, results))
    for path in (command.json, command.picture):
        path.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "surroundings": around,
        "options": asdict(command.options),
        **outcome.for_json(NULL),
        "targets": [{**asdict(each), "is_met": each.is_met} for each in results],
    }
    command.json.write_text(json.dumps(told, indent=1) + "\n")
    command.picture.write_text(draw(panels(outcome), title=TITLE))
    print(f"\nload before: {around['load_before']:.2f} on {around['cores']} cores")
    print(f"written: {command.json}, {command.picture}")


if __name__ == "__main__":
    main()

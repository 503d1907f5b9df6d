# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``make soak``: calls of numbered words in which random things go wrong, at the limits too.

A seed decides everything that is drawn. A run that fails says how it is run alone.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence

from loguru import logger

from .chaos_cases import draw
from .chaos_runs import Verdict, run_and_judge
from .soak_output import add_output, write_output


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the seeds that were asked for; 1 when a run failed."""
    parser = argparse.ArgumentParser(prog="tests.end_to_end.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="how many seeds (default: 200)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (default: 0)")
    parser.add_argument("--only", type=int, metavar="SEED", help="run this one alone")
    parser.add_argument(
        "--outage", type=float, default=50.0, help="seconds of the longest outage (default: 50)"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")
    add_output(parser)
    options = parser.parse_args(arguments)
    if not options.verbose:
        logger.remove()
    seeds = range(options.first, options.first + options.runs)
    if options.only is not None:
        seeds = [options.only]
    verdicts = asyncio.run(_soak(seeds, options.outage))
    write_output(options, [run for verdict in verdicts for run in verdict.runs])
    return int(not all(verdict.is_good for verdict in verdicts))


async def _soak(seeds: Sequence[int], longest_outage: float) -> list[Verdict]:
    sums: Counter[str] = Counter()
    began = time.monotonic()
    verdicts = []
    for seed in seeds:
        verdicts.append(await _run(seed, longest_outage))
        _add(sums, verdicts[-1])
    print(_summary(len(seeds), sums, time.monotonic() - began))
    return verdicts


async def _run(seed: int, longest_outage: float) -> Verdict:
    case = draw(seed, longest_outage=longest_outage)
    began = time.monotonic()
    verdict = await run_and_judge(case)
    word = "good" if verdict.is_good else "BAD"
    took = time.monotonic() - began
    print(f"{seed:4} {word:4} {took:5.1f} s, {verdict.streams} streams: {case}", flush=True)
    if not verdict.is_good:
        alone = f"python -m tests.end_to_end.chaos --only {seed} --outage {longest_outage:g}"
        print(f"     {verdict}\n     alone: {alone}", flush=True)
    return verdict


def _add(sums: Counter[str], verdict: Verdict) -> None:
    for name in ("lost", "reported", "repeated", "errors"):
        sums[name] += len(getattr(verdict, name))
    for name in ("frozen", "streams", "words"):
        sums[name] += getattr(verdict, name)
    sums["held"] += verdict.held > 0
    sums["bad"] += not verdict.is_good


def _summary(count: int, sums: Counter[str], seconds: float) -> str:
    return (
        f"{count} runs in {seconds:.0f} s, {sums['streams']} streams, {sums['words']} words: "
        f"{sums['lost']} lost, {sums['reported']} reported as lost, {sums['repeated']} repeated, "
        f"{sums['held']} runs held a frame, {sums['frozen']} frozen, {sums['errors']} errors; "
        f"{sums['bad']} runs failed"
    )


if __name__ == "__main__":
    sys.exit(main())

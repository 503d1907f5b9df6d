# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``make soak``: conversations with Deepgram Flux, each with a fault at a moment of its own.

A seed decides everything that is drawn. A run that fails says how it is run alone.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.pictures.soak_runs import SoakRun
from loguru import logger

from pipecat_sagemaker_deepgram.container import ModelContainer, MoonshineRecognizer

from ..speech_clips import NO_PROMPTS, telephone_prompts
from .soak_cases import draw
from .soak_output import add_output, write_output
from .soak_runs import run_and_judge, seconds_of
from .soak_verdicts import Told, Verdict


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the seeds that were asked for; 1 when a run failed."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="how many seeds (default: 100)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (default: 0)")
    parser.add_argument("--only", type=int, metavar="SEED", help="run this one alone")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")
    add_output(parser)
    options = parser.parse_args(arguments)
    if not telephone_prompts():
        print(NO_PROMPTS, file=sys.stderr)
        return 1
    if not options.verbose:
        logger.remove()
    seeds = range(options.first, options.first + options.runs)
    bad, runs = asyncio.run(_soak(seeds if options.only is None else [options.only]))
    write_output(options, runs)
    return int(bad > 0)


async def _soak(seeds: Sequence[int]) -> tuple[int, list[SoakRun]]:
    sums: Counter[str] = Counter()
    runs: list[SoakRun] = []
    began = time.monotonic()
    async with ModelContainer(MoonshineRecognizer()) as container:
        await container.wait_until_ready(60)
        for seed in seeds:
            verdict, told = await _run(seed, container)
            _add(sums, verdict, told)
            runs.append(told.run)
    print(_summary(len(seeds), sums, time.monotonic() - began))
    return sums["bad"], runs


async def _run(seed: int, container: ModelContainer) -> tuple[Verdict, Told]:
    case = draw(seed, seconds_of)
    began = time.monotonic()
    told, verdict = await run_and_judge(case, container)
    word = "good" if verdict.is_good else "BAD"
    took = time.monotonic() - began
    print(f"{seed:4} {word:4} {took:5.1f} s, {told.streams} streams: {case}", flush=True)
    if not verdict.is_good:
        print(_complaint(seed, told, verdict), flush=True)
    return verdict, told


def _add(sums: Counter[str], verdict: Verdict, told: Told) -> None:
    for name, count in asdict(verdict).items():
        sums[name] += count
    sums["turns"] += len(told.finals)
    sums["streams"] += told.streams
    sums["bad"] += not verdict.is_good


def _complaint(seed: int, told: Told, verdict: Verdict) -> str:
    lines = [f"     {verdict}", f"     {' '.join(told.order)}"]
    lines += [f"     final: {text}" for text in told.finals]
    lines += [f"     error: {text}" for text in told.errors]
    alone = f"     alone: make soak SOAK_ARGS='--only {seed}'"
    return "\n".join([*lines, alone])


def _summary(count: int, sums: Counter[str], seconds: float) -> str:
    return (
        f"{count} runs in {seconds:.0f} s, {sums['streams']} streams, {sums['turns']} turns: "
        f"{sums['lost']} lost, {sums['doubled']} doubled, {sums['broken']} broken, "
        f"{sums['overlapping']} overlapping, {sums['dangling']} dangling, {sums['frozen']} frozen; "
        f"{sums['word_errors']} of {sums['words']} words wrong, "
        f"{sums['errors']} errors; {sums['bad']} runs failed"
    )


if __name__ == "__main__":
    sys.exit(main())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``make soak``: endpoints that are out for a while, in full length, in the middle of speech.

Outages of one length are held together, of every kind and with both services. Then there are ten
minutes of noise, whose waits are skipped. Words are counted on any machine; the time until text
flows again is that of the outage only on one that has nothing else to do.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from benchmarks.pictures.soak_runs import SoakRun
from loguru import logger

from ..skipping_loop import run_skipping
from .noise_runs import sit_in_noise_twice
from .outage_runs import KINDS, LENGTHS, SERVICES, OutageCase, OutageResult, hold
from .soak_output import add_output, write_output

FLOW_WITHIN = 2.0
"""Seconds from an endpoint's return to the first text, at most."""

ASKED_TO_WAIT = 5.0
"""Seconds more where the endpoint asked to be left alone for longer."""

SLACK = 1.0
"""Seconds for the opening of the stream and for the first answer."""

MINUTES_OF_NOISE = 10.0

APART = 3.0
"""Seconds between the ends of two outages: the wait for an attempt and the replay, so that no other
replay slows it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold the outages; 1 when a word was lost or repeated, or came too late."""
    parser = argparse.ArgumentParser(prog="tests.end_to_end.outages", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, nargs="*", default=LENGTHS, help="lengths (default: all)"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")
    add_output(parser)
    options = parser.parse_args(arguments)
    if not options.verbose:
        logger.remove()
    bad, runs = asyncio.run(_soak(options.seconds))
    write_output(options, runs)
    results = run_skipping(sit_in_noise_twice(MINUTES_OF_NOISE))
    for result in results:
        print(f"{'BAD ' if result.complaint else 'good'} {MINUTES_OF_NOISE:g} minutes of noise")
        print(f"     {result.losses} streams given up {result.complaint}")
    return int(bad > 0 or any(result.complaint for result in results))


async def _soak(lengths: Sequence[float]) -> tuple[int, list[SoakRun]]:
    bad, runs = 0, []
    for seconds in lengths:
        cases = [OutageCase(kind, seconds, service) for kind in KINDS for service in SERVICES]
        waits = [APART * number for number in range(len(cases))]
        results = await asyncio.gather(*map(_hold_after, waits, cases))
        for case, result in zip(cases, results, strict=True):
            is_good = result.is_good and result.flowed_after <= _limit(case)
            bad += not is_good
            line = _line(case, result, is_good=is_good)
            result.run.note_problem("" if is_good else line)
            runs.append(result.run)
            print(line, flush=True)
    print(f"{bad} outages cost a word, or more time than they should")
    return bad, runs


async def _hold_after(seconds: float, case: OutageCase) -> OutageResult:
    await asyncio.sleep(seconds)
    return await hold(case)


def _limit(case: OutageCase) -> float:
    return FLOW_WITHIN + ASKED_TO_WAIT * case.asks_to_wait + SLACK


def _line(case: OutageCase, result: OutageResult, *, is_good: bool) -> str:
    word = "good" if is_good else "BAD "
    return (
        f"{word} {case}: {len(result.lost)} of {len(result.said)} words lost, "
        f"{len(result.repeated)} repeated; {len(result.delays)} attempts, text "
        f"{result.flowed_after:.1f} s after the return {result.errors or ''}"
    )


if __name__ == "__main__":
    sys.exit(main())

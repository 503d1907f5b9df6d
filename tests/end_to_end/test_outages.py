# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Outages of every kind and length in the middle of speech, their waits skipped.

``make soak`` holds them in full length, and there the time counts, too.
"""

import asyncio

import pytest

from ..fault_tables import RecordProperty, record_row
from ..skipping_loop import run_skipping
from .outage_runs import KINDS, LENGTHS, SERVICES, OutageCase, OutageResult, hold

LONGEST_DELAY = 2.0
LONGEST_WAIT = 5.0
"""Most seconds before an attempt, where the endpoint asks for more."""

ROWS = [f"an outage of 1 to 50 s: {kind}" for kind in KINDS]
"""What the table of docs/reliability.md says of this file."""


async def _hold_all(cases: list[OutageCase]) -> list[OutageResult]:
    return await asyncio.gather(*(hold(case) for case in cases))


@pytest.mark.parametrize(("kind", "row"), [*zip(KINDS, ROWS, strict=True)], ids=KINDS)
def test_an_outage_costs_no_word_and_the_endpoint_is_tried_to_its_end(
    kind: str, row: str, record_property: RecordProperty
) -> None:
    """What is tried every two seconds flows two seconds after the endpoint's return."""
    cases = [OutageCase(kind, seconds, service) for seconds in LENGTHS for service in SERVICES]
    results = run_skipping(_hold_all(cases))
    for case, result in zip(cases, results, strict=True):
        assert result.is_good, f"{case}: {result}"
        longest = LONGEST_WAIT if case.asks_to_wait else LONGEST_DELAY
        assert 0.0 < max(result.delays) <= longest, f"{case}: {result}"
    worst = max(results, key=lambda result: len(result.lost) + len(result.repeated))
    losses = max(result.losses for result in results)
    record_row(record_property, row, said=worst.said, heard=worst.heard, losses=losses)

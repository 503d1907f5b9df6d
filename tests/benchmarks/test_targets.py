# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from dataclasses import replace

import pytest
from benchmarks.cases import AWS_SDK, OURS
from benchmarks.figures import Recovery
from benchmarks.outcome import Outcome, RecoveryRow
from benchmarks.table import targets_table
from benchmarks.targets import verdicts

from .outcomes import outcome, row


def _values(of: Outcome) -> list[float | None]:
    return [verdict.value for verdict in verdicts(of)]


def test_every_target_is_reckoned_net_of_the_null_client_at_the_same_number_of_streams():
    assert _values(outcome()) == pytest.approx(
        [
            *(0.2, 0.08, 0.1, 1.05, 0.15, 0.25, 0.03, 0.05, 2.0, 0, 0, 0, 20, 0.15),
            *(0.25, 0.35, 0.75, 100.0, 0, 0, 0),
        ]
    )
    assert all(verdict.is_met for verdict in verdicts(outcome()))


def test_what_was_not_measured_is_neither_met_nor_missed():
    assert {verdict.is_met for verdict in verdicts(Outcome())} == {None}


def test_a_value_above_its_limit_is_a_target_missed():
    slow = replace(outcome(), rows=[*outcome().rows])
    slow.rows[1] = row("clients", OURS, 10, 400, p99=19.0)
    missed = [verdict.name for verdict in verdicts(slow) if verdict.is_met is False]
    assert missed == [
        "net CPU per frame at 10 streams, of the AWS SDK's",
        "p99 from frame to message, of the AWS SDK's",
    ]


def test_one_refused_session_in_any_run_counts():
    bad = row("opening", OURS, 500, 0, refused=1, unopened=1)
    fine = outcome().rows[8]
    both = Outcome(rows=[replace(fine, runs=(*fine.runs, *bad.runs, *fine.runs))])
    missed = [verdict.name for verdict in verdicts(both) if verdict.is_met is False]
    assert missed == [
        "of 500 sessions opened at once, not open",
        "424 brought on by opening them",
    ]


def test_a_cut_that_no_new_result_follows_is_a_target_missed():
    run = Recovery(cuts=3, gaps=(100.0,), spoken=10, lost=2, repeated=1)
    both = Outcome(recoveries=[RecoveryRow(client=OURS, runs=(run,))])
    found = {v.name: v.value for v in verdicts(both) if v.is_met is False}
    assert found == {"cuts without a new result": 2, "words lost": 2, "words repeated": 1}


def test_a_client_without_its_null_client_has_no_net():
    assert (
        Outcome(rows=[row("clients", AWS_SDK, 10, 600)]).net_cpu(
            row("clients", AWS_SDK, 10, 600), "null"
        )
        is None
    )


def test_a_client_that_fell_behind_settles_no_target_of_cpu_or_latency():
    late = replace(outcome(), rows=[*outcome().rows])
    late.rows[5] = row("clients", OURS, 50, 155, real_time=0.65)
    verdict = verdicts(late)[3]
    assert (verdict.value, verdict.is_met) == (pytest.approx(1.05), None)
    assert "not valid: fell behind" in targets_table([verdict])

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Server and client processes together, on real sockets."""

import sys
from dataclasses import replace

import pytest
from benchmarks.access import Access
from benchmarks.cases import OURS, Options, cases_of
from benchmarks.figures import recovery_of
from benchmarks.load.run import run
from benchmarks.load.spec import LoadSpec
from benchmarks.processes import FailedProcessError, run_client, running_server

SIGNATURES = cases_of("signatures", Options())


@pytest.mark.parametrize("case", SIGNATURES, ids=lambda case: case.client.name)
def test_every_signature_of_every_client_is_right(case):
    environment = case.client.environment
    python = sys.executable if case.client.name == OURS else environment.python
    if case.client.name != OURS and not environment.is_built:
        pytest.skip(f"make bench has not built .cache/bench/{environment.name}")
    with running_server(case.behaviour) as server:
        result = run_client(case.module, case.spec, server.access, python=python, timeout=90)
    assert result["opened"] == 2
    assert result["messages"] > 0
    assert server.seen["unverified"] == []
    assert server.seen["verified"] == server.seen["events"] + 2


def test_cut_streams_are_counted_on_both_ends_and_this_client_loses_nothing():
    case = cases_of("recovery", Options(quick=True))[0]
    spec = replace(case.spec, streams=4, window=2.0)
    behaviour = {"cut_after": 0.5, "cuts": 1}
    with running_server(behaviour) as server:
        result = run_client(case.module, spec, server.access, python=sys.executable, timeout=90)
    recovery = recovery_of(result["sessions"], server.seen["cuts"])
    assert (recovery.cuts, len(recovery.gaps)) == (4, 4)
    assert (recovery.lost, recovery.repeated) == (0, 0)
    assert recovery.spoken >= 60


async def test_the_null_client_is_answered_and_measured_like_the_others():
    spec = LoadSpec(driver="null", streams=2, warm_up=0.1, window=0.5)
    result = await run(spec, Access("", ""))
    assert (result.opened, result.unanswered, result.failures) == (2, 0, [])
    assert len(result.latencies) > 0
    assert result.frames > 0
    assert result.memory > 0


def test_a_client_process_that_fails_says_why():
    with pytest.raises(FailedProcessError, match="No module named"):
        run_client(
            "benchmarks.load",
            LoadSpec(driver="sprinting"),
            Access("https://127.0.0.1:1", "none.pem"),
            python=sys.executable,
            timeout=30,
        )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import json

from benchmarks.cases import AWS_SDK, NULL, OURS
from benchmarks.outcome import Outcome
from benchmarks.table import render, report
from benchmarks.targets import verdicts

from .outcomes import outcome, row


def test_columns_are_aligned_and_are_markdown():
    assert render(("name", "n"), [("a", "1"), ("bcdef", "100")]).splitlines() == [
        "| name  |   n |",
        "| ----- | --- |",
        "| a     |   1 |",
        "| bcdef | 100 |",
    ]


def test_the_report_has_every_section_and_the_net_of_each_client():
    text = report(outcome(), verdicts(outcome()))
    for title in ("Signatures", "Clients", "Services", "Sessions opened", "Streams cut", "Targets"):
        assert title in text
    ours = next(line for line in text.splitlines() if line.startswith(f"| {OURS} "))
    assert "62" in ours
    load = next(line for line in text.splitlines() if "200.0" in line and OURS in line)
    assert "100.0" in load


def test_a_client_that_did_not_keep_up_is_flagged():
    late = Outcome(rows=[row("clients", AWS_SDK, 50, 600, real_time=0.8)])
    text = report(late, ())
    assert "0.800!" in text
    assert f"{AWS_SDK} at 50 did not keep up with real time" in text


def test_a_section_that_was_not_run_is_not_shown():
    assert "Services" not in report(Outcome(), ())


def test_everything_can_be_written_as_json():
    told = json.loads(json.dumps(outcome().for_json(NULL)))
    assert told["rows"][1]["net_cpu"] == 100
    assert told["rows"][1]["median"]["kept_up"] is True
    assert told["recoveries"][0]["median_gap"] == 100

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest
from benchmarks.figures import Figures, Recovery

from benchmarks import figures


def _result(**changes):
    return {
        "latencies": [0.001, 0.002, 0.003],
        "cpu_seconds": 0.5,
        "frames": 1000,
        "wanted_frames": 1000.0,
        "open_seconds": 0.1,
        "opened": 10,
        "unanswered": 0,
        "threads": 8,
        "threads_before": 2,
        "memory": 30 * 2**20,
        "memory_before": 10 * 2**20,
    } | changes


SEEN = {"refused": 0, "peak_handshakes": 3}


def test_a_percentile_lies_between_its_neighbours():
    assert figures.percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert figures.percentile([1.0, 2.0], 0.99) == pytest.approx(1.99)
    assert figures.percentile([7.0], 0.99) == 7.0
    assert figures.percentile([], 0.5) is None


def test_a_median_leaves_out_what_is_missing():
    assert figures.median([3.0, None, 1.0]) == 2.0
    assert figures.median([None]) is None


def test_a_ratio_needs_both_and_a_positive_base():
    assert figures.ratio(1.0, 4.0) == 0.25
    assert figures.ratio(None, 4.0) is None
    assert figures.ratio(1.0, -4.0) is None
    assert figures.net(5.0, None) is None


def test_the_figures_of_a_run_are_in_the_units_of_the_tables():
    run = figures.figures_of(_result(), SEEN, streams=10)
    assert (run.cpu, run.p50, run.memory) == pytest.approx((500.0, 2.0, 2.0))
    assert run.streams_per_core == pytest.approx(40.0)
    assert (run.threads_added, run.unopened, run.peak_handshakes) == (6, 0, 3)
    assert run.kept_up


def test_a_client_that_falls_behind_is_seen():
    assert not figures.figures_of(_result(frames=970), SEEN, streams=10).kept_up


def test_a_run_in_which_nothing_opened_has_no_figures_instead_of_failing():
    run = figures.figures_of(
        _result(latencies=[], frames=0, wanted_frames=0.0, opened=0), SEEN, streams=10
    )
    assert (run.cpu, run.p99, run.streams_per_core, run.unopened) == (None, None, None, 10)
    assert not run.kept_up


def test_the_median_of_runs_is_taken_figure_by_figure():
    runs = [figures.figures_of(_result(cpu_seconds=cpu), SEEN, streams=10) for cpu in (1, 9, 2)]
    assert figures.median_of(runs).cpu == pytest.approx(2000.0)
    assert isinstance(figures.median_of(()), Figures)


def test_a_gap_ends_with_the_first_new_result_on_another_stream():
    session = {
        "spoken": 4,
        "first_heard": [(1.0, "a", 0), (2.01, "a", 1), (2.15, "b", 2), (2.25, "b", 3)],
        "finals": [0, 1, 2, 2],
    }
    recovery = figures.recovery_of([session], [(0, "a", "drop", 2.0)])
    assert recovery.gaps == (pytest.approx(150.0),)
    assert (recovery.cuts, recovery.spoken, recovery.lost, recovery.repeated) == (1, 4, 1, 1)


def test_a_cut_without_a_new_result_has_no_gap():
    session = {"spoken": 9, "first_heard": [(1.0, "a", 0)], "finals": []}
    recovery = figures.recovery_of([session], [(0, "a", "drop", 2.0)])
    assert (recovery.cuts, recovery.gaps, recovery.lost) == (1, (), 9)


def test_runs_are_put_together():
    one = Recovery(cuts=2, gaps=(5.0,), spoken=10, lost=1, repeated=0)
    both = figures.together([one, one])
    assert both == Recovery(cuts=4, gaps=(5.0, 5.0), spoken=20, lost=2, repeated=0)

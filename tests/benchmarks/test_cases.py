# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest
from benchmarks.cases import NULL, OURS, SECTIONS, Options, cases_of


@pytest.mark.parametrize("section", ["clients", "uvloop", "services"])
@pytest.mark.parametrize("quick", [True, False])
def test_every_load_has_its_null_client_with_the_same_number_of_streams(section, quick):
    cases = cases_of(section, Options(quick=quick, streams=(3, 7)))
    nulls = {case.spec.streams for case in cases if case.client.name == NULL}
    assert {case.spec.streams for case in cases} == nulls


def test_all_clients_of_a_section_are_measured_alike():
    for section in ("clients", "uvloop", "services"):
        cases = cases_of(section, Options(streams=(10,)))
        alike = {(c.spec.streams, c.spec.window, c.spec.warm_up, c.spec.in_step) for c in cases}
        assert len(alike) == 1


def test_all_clients_run_on_the_loop_of_their_section():
    for section in SECTIONS:
        for case in cases_of(section, Options()):
            assert case.spec.uvloop == (section == "uvloop")


def test_signatures_are_verified_apart_from_what_is_timed():
    for section in SECTIONS:
        for case in cases_of(section, Options()):
            assert bool(case.behaviour.get("verify")) == (section == "signatures")


def test_500_sessions_are_opened_where_a_33rd_handshake_is_refused():
    last = cases_of("opening", Options())[-1]
    assert (last.client.name, last.spec.streams, last.spec.window) == (OURS, 500, 2.0)
    assert last.spec.frames_per_chunk == 10
    assert last.behaviour["max_handshakes"] == 32


def test_a_section_that_does_not_exist_is_a_mistake():
    with pytest.raises(ValueError, match="sprinting"):
        cases_of("sprinting", Options())

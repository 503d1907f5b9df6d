# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is wrong with Pipecat 1.14's own Flux service, and the tests that show it absent here."""

import subprocess
import sys

import pytest

from ..defect_tables import assert_tests_exist

FAULTS = "tests/end_to_end/test_flux_faults.py"
FLUX = "tests/stt/flux/test_service.py"
TURNS = "tests/deepgram/v2/test_turns.py"
TAKING = "tests/stt/flux/test_turn_taking.py"
RECONFIGURATION = "tests/deepgram/v2/test_reconfiguration.py"
UPDATES = "tests/stt/flux/test_updates.py"

DEFECTS = {
    "a failure to connect is swallowed, and the half-open session and its task stay": [
        f"{FAULTS}::test_a_fault_at_connect_costs_no_word",
        f"{FLUX}::test_cancel_in_any_phase_leaves_nothing_behind",
    ],
    "one limit for all attempts, and whatever failed the settings are blamed": [
        f"{FAULTS}::test_a_fatal_fault_at_connect_is_one_error_and_the_pipeline_flows_on",
    ],
    "a cold start, the network or a refused Configure ends the service for the call": [
        f"{FAULTS}::test_a_fault_at_connect_costs_no_word",
        f"{UPDATES}::test_a_container_that_knows_no_configure_costs_no_word_and_is_not_tried_again",
        f"{FLUX}::test_a_service_that_is_down_comes_back_when_it_is_called_usable",
    ],
    "connecting holds up the pipeline's start": [
        f"{FLUX}::test_the_first_words_are_kept_while_the_connection_is_made",
        f"{FAULTS}::test_a_fault_at_connect_costs_no_word",
    ],
    "what is inactive is not cleaned up, the reader is cancelled after CloseStream, "
    "and a reconnect for settings cuts a turn": [
        f"{FLUX}::test_the_last_words_come_out_before_the_end_whatever_close_stream_does",
        f"{FLUX}::test_cancel_in_any_phase_leaves_nothing_behind",
        f"{UPDATES}::test_a_change_in_a_turn_goes_over_without_losing_a_word",
    ],
    "audio before Connected is dropped": [
        f"{FLUX}::test_the_first_words_are_kept_while_the_connection_is_made",
    ],
    "sending waits without limit in the frame task, and fails once per chunk": [
        f"{FLUX}::test_frames_pass_while_the_peer_takes_nothing",
        f"{FAULTS}::test_a_fatal_fault_in_a_turn_ends_it_with_the_text_so_far",
    ],
    "the end of a stream is silent and final, and fragments are not joined": [
        f"{FAULTS}::test_a_fault_in_a_turn_costs_no_word_and_no_turn",
        f"{FLUX}::test_a_turn_outlives_its_stream",
    ],
    "a reconnect that fails passes for one that worked": [
        f"{FAULTS}::test_an_outage_past_its_budget_ends_the_turn_before_the_error",
        f"{FAULTS}::test_a_fatal_fault_in_a_turn_ends_it_with_the_text_so_far",
    ],
    "a space is sent as a plus, without a limit, and language is ignored without a word": [
        "tests/stt/flux/test_settings.py::test_what_is_set_is_sent",
        "tests/deepgram/test_query.py::test_every_query_is_one_that_sagemaker_takes",
        "tests/deepgram/test_query.py::test_one_that_is_too_long_is_refused_with_its_length_and_what_takes_most_of_it",
        "tests/stt/flux/test_defects.py::test_a_language_is_answered_with_a_word",
    ],
    "silence only in a turn and only after audio; no keepalive, no look at what comes in": [
        f"{TAKING}::test_silence_ends_a_turn_whose_audio_has_stopped",
        f"{TAKING}::test_a_turn_that_no_container_ends_ends_with_the_text_so_far",
        f"{TAKING}::test_a_container_that_goes_deaf_behind_the_last_word_is_left_for_another",
        f"{TAKING}::test_a_container_that_goes_deaf_as_the_audio_stops_is_left_for_another",
        f"{FLUX}::test_a_quiet_stream_is_kept_alive_by_a_sample_of_silence",
        f"{FAULTS}::test_a_fault_in_a_turn_costs_no_word_and_no_turn",
        "tests/deepgram/v2/test_watchdog.py::test_silence_is_sent_in_real_time",
    ],
    "Configure goes to whatever container there is, and a send that failed blocks it": [
        f"{RECONFIGURATION}::test_of_an_unknown_container_the_change_goes_by_a_new_stream_and_is_tried_there",
        f"{RECONFIGURATION}::test_a_refused_trial_is_remembered_and_the_settings_stay",
        f"{RECONFIGURATION}::test_what_a_lost_stream_did_not_confirm_goes_by_a_new_stream",
        f"{RECONFIGURATION}::test_what_is_not_answered_in_time_goes_by_a_new_stream",
    ],
    "a change without a connection connects nothing": [
        f"{UPDATES}::test_settings_corrected_while_the_service_is_down_bring_it_back",
    ],
    "a reconnect looks at the VAD and not at Flux's own turn": [
        f"{UPDATES}::test_a_change_in_a_turn_goes_over_without_losing_a_word",
        f"{FAULTS}::test_a_fault_in_a_turn_costs_no_word_and_no_turn",
    ],
    "Warning is unknown, a failure's code is misread, and a refused value stays": [
        "tests/deepgram/v2/test_messages.py::test_every_other_message",
        f"{RECONFIGURATION}::test_a_refused_value_is_rolled_back",
        f"{UPDATES}::test_a_value_that_a_container_refuses_is_rolled_back_and_reported_once",
    ],
    "turn_index is not read": [
        f"{TURNS}::test_a_message_of_a_turn_that_has_ended_is_stale",
        f"{TURNS}::test_an_end_that_did_not_come_is_made_up_for",
    ],
    "min_confidence empties a turn, an empty transcript is pushed, times are not used": [
        f"{TURNS}::test_a_turn_that_is_never_sure_enough_leaves_no_trace",
        f"{TURNS}::test_a_turn_that_was_sure_enough_once_is_told_to_its_end",
        f"{TURNS}::test_a_turn_that_ends_without_text_ends_with_what_was_shown",
        f"{TURNS}::test_an_end_without_any_text_is_no_turn",
        f"{TAKING}::test_a_turn_that_is_not_sure_enough_leaves_the_aggregator_alone",
        f"{FLUX}::test_times_in_the_result_run_on_over_streams",
    ],
    "a turn that is cut short has no result": [
        "tests/stt/flux/test_frames.py::test_a_final_says_whether_it_was_committed_and_by_whom",
    ],
    "a time to the final transcript is promised that cannot be measured": [
        f"{FLUX}::test_strategies_are_recommended_that_leave_turns_to_flux",
        "tests/stt/flux/test_manual.py::test_the_time_to_the_final_is_measured",
    ],
    "the encoding is not checked": [
        f"{FLUX}::test_what_cannot_be_is_refused_at_construction",
        f"{FLUX}::test_other_encodings",
    ],
    "audio is kept without limit while reconnecting, and survives a reconnect that failed": [
        "tests/client/session/test_ledger.py::test_unsent_audio_beyond_its_cap_goes_oldest_first",
        "tests/client/session/test_session_down.py::test_what_is_said_while_down_is_let_go_and_nothing_of_before_is_sent",
    ],
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_has_tests_that_exist(defect: str) -> None:
    assert_tests_exist(DEFECTS[defect])


def test_a_language_is_answered_with_a_word() -> None:
    code = (
        "from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService as Service\n"
        "Service(endpoint_name='e', region='r-1', settings=Service.Settings(language='en'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "use language_hints instead" in done.stderr

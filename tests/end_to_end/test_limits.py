# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where words are lost if anywhere: at the limits. Each names the tests that show it is not so.

All of them are on real sockets, with both of Deepgram's services where it concerns both.
"""

import pytest

from ..fault_tables import first_column
from ..stt import test_audio, test_call, test_mute
from ..stt.defect_tables import assert_tests_exist
from . import test_early_ends, test_outages, test_quiet_and_noisy, test_slow_and_silent
from .fault_cases import STREAM_FAULTS
from .test_connecting import FAULTS

HERE = "tests/end_to_end"
STT = "tests/stt"

LIMITS = {
    "an outage of 1 to 50 s": (
        f"{HERE}/test_outages.py::"
        "test_an_outage_costs_no_word_and_the_endpoint_is_tried_to_its_end",
        f"{HERE}/test_long_streams.py::test_a_refused_successor_leaves_the_stream_in_use",
    ),
    "quiet speech: silent peers, rotation, the tail": (
        f"{HERE}/test_quiet_and_noisy.py::test_quiet_speech_is_lost_as_little_as_loud_speech",
    ),
    "noise of which the container says nothing": (
        f"{HERE}/test_quiet_and_noisy.py::test_minutes_of_noise_cost_no_word_and_hardly_a_stream",
    ),
    "a stream that ends early as the call does": (
        f"{HERE}/test_early_ends.py::test_a_stream_that_ends_before_its_last_answer_costs_no_word",
        f"{HERE}/test_early_ends.py::test_what_every_stream_leaves_unanswered_is_reported_once",
    ),
    "audio that is let go": (
        f"{HERE}/test_lost_audio.py::test_audio_that_is_let_go_is_reported_once",
        f"{HERE}/test_odd_messages.py::"
        "test_a_message_that_is_too_large_is_reported_once_and_costs_no_stream",
    ),
    "a turn that is longer than what is kept of it": (
        f"{STT}/flux/test_long_turns.py::test_a_turn_longer_than_what_is_kept_of_it_costs_no_word",
        f"{STT}/flux/test_long_turns.py::"
        "test_a_long_turn_with_numbers_in_digits_keeps_its_beginning",
    ),
    "a replay of which nothing comes, while no audio flows": (
        f"{HERE}/test_slow_and_silent.py::"
        "test_a_stream_that_says_nothing_of_its_replay_is_noticed_while_no_audio_flows",
    ),
    "a 503 while settings change": (
        f"{HERE}/test_slow_and_silent.py::test_a_passing_refusal_undoes_no_change_of_settings",
    ),
    "a container at half speed": (
        f"{HERE}/test_slow_and_silent.py::test_a_container_at_half_speed_is_kept_and_reported_once",
    ),
    "answers that come late, finals that overlap": (
        f"{STT}/nova/test_promotion.py::test_answers_that_take_their_usual_time_promote_nothing",
        f"{STT}/nova/test_promotion.py::"
        "test_of_finals_that_overlap_on_one_stream_each_word_comes_once",
        f"{STT}/nova/test_promotion.py::"
        "test_an_interim_that_comes_behind_its_final_is_not_promoted",
    ),
    "a peer that drains": (
        f"{HERE}/test_draining.py::test_a_goaway_behind_each_200_asks_for_nothing",
        f"{HERE}/test_draining.py::"
        "test_a_goaway_in_mid_stream_asks_for_one_change_in_the_next_pause",
    ),
    "a second call with one service object": (
        f"{STT}/test_call.py::test_each_call_is_heard_and_reports_its_own",
        f"{STT}/test_call.py::test_a_call_after_a_failed_one_is_heard",
    ),
    "a caller who is muted while the bot greets": (
        f"{STT}/test_mute.py::"
        "test_a_caller_who_is_muted_while_the_bot_greets_is_heard_only_afterwards",
    ),
    "audio of another rate or more channels": (
        f"{STT}/test_audio.py::test_stereo_is_mixed_for_nova",
        f"{STT}/test_audio.py::test_stereo_is_mixed_for_flux",
        f"{STT}/test_audio.py::test_another_rate_is_resampled_and_none_is_left_inside_at_finalize",
        f"{STT}/test_audio.py::test_a_serializer_that_keeps_a_clients_rate",
    ),
    "text without spaces": (
        f"{STT}/flux/test_long_turns.py::"
        "test_text_without_spaces_goes_on_without_any_after_a_lost_stream",
        f"{STT}/nova/test_promotion.py::"
        "test_text_without_spaces_is_parted_by_speaker_without_adding_any",
    ),
    "words that are taken back, frames without a language, no VAD": (
        f"{STT}/flux/test_taking_back.py::"
        "test_a_turn_that_is_taken_back_is_shown_ends_and_is_not_pushed",
        f"{STT}/nova/test_without_vad.py::test_frames_have_the_language_that_was_asked_for",
        f"{STT}/nova/test_without_vad.py::test_finals_come_where_audio_stops",
    ),
    "messages that no container should send": (
        f"{HERE}/test_odd_messages.py::test_a_final_is_heard_whatever_stands_beside_its_text",
        f"{HERE}/test_odd_messages.py::test_a_message_that_is_nested_without_end_is_left_out",
    ),
    "an error that nobody foresaw": (
        f"{STT}/test_unforeseen.py::"
        "test_the_service_is_unusable_the_pipeline_flows_and_the_next_call_is_heard",
    ),
    "a switch to Nova": (
        f"{STT}/test_turn_strategies.py::"
        "test_each_service_recommends_one_object_however_often_it_is_switched_to",
        f"{STT}/nova/test_switching.py::test_a_failover_leaves_turns_to_the_pipeline_again",
    ),
    "words in the container's own errors": (
        f"{HERE}/test_own_words.py::test_nova",
        f"{HERE}/test_own_words.py::test_flux",
    ),
}

ROWS = [
    *FAULTS,
    *(case.name for case in STREAM_FAULTS),
    *test_outages.ROWS,
    *test_early_ends.ENDS,
    *test_quiet_and_noisy.QUIET,
    test_quiet_and_noisy.NOISY_ROW,
    test_slow_and_silent.SLOW_ROW,
    test_slow_and_silent.SILENT_ROW,
    test_slow_and_silent.SETTINGS_ROW,
    test_mute.TABLE_ROW,
    test_call.TABLE_ROW,
    test_audio.TABLE_ROW,
]
"""The whole table of docs/reliability.md, in the order of ``make fault-tables``."""


@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_has_tests_that_exist(limit: str) -> None:
    assert_tests_exist(LIMITS[limit])


def test_the_page_has_these_cases() -> None:
    assert first_column("faults") == ROWS

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is wrong with Pipecat 1.14's own service and client, and the tests that show it absent here.

The first table is of ``DeepgramSageMakerSTTService``, the second of ``SageMakerBidiClient``.
"""

import ast
import inspect
import subprocess
import sys

import pytest
from pipecat.frames.frames import Frame, UserAudioRawFrame
from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService

from ...local_path import FRAME_BYTES, HARD, local_path, marked_audio, words
from ...pipelines import nova, record, running
from ..defect_tables import assert_tests_exist

SERVICE = {
    "it cannot be imported without deepgram-sdk": [
        "tests/stt/nova/test_defects.py::test_it_is_imported_without_deepgrams_sdk",
    ],
    "credentials come from the environment only, whatever the docstring says": [
        "tests/transport/test_botocore_credentials.py::test_keys_of_a_profile_named_or_in_the_environment",
        "tests/transport/test_botocore_credentials.py::test_a_container_role",
        "tests/transport/test_botocore_credentials.py::test_an_instance_role",
        "tests/transport/test_botocore_credentials.py::test_a_web_identity",
        "tests/transport/test_botocore_credentials.py::test_single_sign_on_with_a_cached_token",
    ],
    "its keepalive task and method hide those of Pipecat's base class": [
        "tests/stt/nova/test_defects.py::test_nothing_private_of_pipecats_is_hidden",
    ],
    "a change of settings is not applied": [
        "tests/stt/nova/test_service.py::test_settings_are_applied_in_the_middle_of_speech_without_losing_a_word",
        "tests/stt/nova/test_service.py::test_refused_settings_are_rolled_back_and_the_call_goes_on",
    ],
    "audio is dropped, and counted as usage, until the stream is up": [
        "tests/stt/nova/test_service.py::test_the_first_words_are_kept_while_the_connection_is_made",
        "tests/end_to_end/test_nova_pipeline_faults.py::test_a_fault_at_connect_costs_no_word_and_holds_nothing_up",
    ],
    "every chunk that cannot be sent is an error of its own": [
        "tests/stt/nova/test_service.py::test_a_refusal_is_one_error_and_the_pipeline_flows_on",
        "tests/end_to_end/test_nova_pipeline_faults.py::test_a_stream_that_cannot_be_replaced_is_one_error_and_the_pipeline_flows_on",
    ],
    "flags that nobody set are sent as false, and a container may not know them": [
        "tests/stt/nova/test_service.py::test_the_query_says_what_is_set_and_no_more",
        "tests/stt/nova/test_parameters.py::test_without_a_word_the_documented_defaults_are_sent_and_no_more",
    ],
    "a space is sent as a plus, and a query of any length": [
        "tests/deepgram/test_query.py::test_every_query_is_one_that_sagemaker_takes",
        "tests/deepgram/test_query.py::test_one_that_is_too_long_is_refused_with_its_length_and_what_takes_most_of_it",
    ],
    "connecting has no time limit, and a failure is the end": [
        "tests/end_to_end/test_nova_pipeline_faults.py::test_a_fault_at_connect_costs_no_word_and_holds_nothing_up",
        "tests/stt/nova/test_service.py::test_a_service_that_is_down_comes_back_when_it_is_called_usable",
    ],
    "a session that gets its first audio late is closed by the container": [
        "tests/client/session/test_session_silence.py::test_a_quiet_stream_is_kept_alive",
    ],
    "connecting a second time does nothing": [
        "tests/stt/nova/test_service.py::test_a_service_that_is_down_comes_back_when_it_is_called_usable",
        "tests/client/session/test_session_down.py::test_connecting_while_down_probes_at_once",
    ],
    "the tail is lost at the end, which may never come": [
        "tests/stt/nova/test_service.py::test_speech_becomes_interims_and_finals_and_the_tail_comes_before_the_end",
        "tests/stt/nova/test_service.py::test_the_end_is_bounded_when_the_endpoint_does_not_answer",
        "tests/end_to_end/test_nova_pipeline_faults.py::test_a_fault_on_a_stream_costs_no_word_and_holds_nothing_up",
    ],
    "a pipeline that is ended or cancelled does not wait for finals, nor end its tasks": [
        "tests/stt/nova/test_service.py::test_cancel_in_any_phase_leaves_nothing_behind",
        "tests/stt/nova/test_service.py::test_speech_becomes_interims_and_finals_and_the_tail_comes_before_the_end",
    ],
    "keepalives go out while audio flows, and into a dead stream for ever": [
        "tests/client/session/test_session_silence.py::test_a_quiet_stream_is_kept_alive",
        "tests/client/session/test_session_silence.py::test_while_somebody_speaks_an_answer_is_owed_and_asked_of_ever_more_streams",
    ],
    "a stream that ends is not noticed, or ends the transcription without a word": [
        "tests/end_to_end/test_nova_pipeline_faults.py::test_a_fault_on_a_stream_costs_no_word_and_holds_nothing_up",
        "tests/stt/nova/test_service.py::test_a_lost_stream_costs_no_word_and_is_reported_in_order",
    ],
    "fragments are not joined, and messages other than results are dropped": [
        "tests/transport/test_stream.py::test_fragments_are_joined_inside_characters_too",
        "tests/stt/nova/test_defects.py::test_deepgrams_other_messages_are_reported",
    ],
    "an empty answer to Finalize is overlooked": [
        "tests/stt/nova/test_speech.py::test_an_empty_answer_to_finalize_ends_the_wait_for_one",
    ],
    "a language that Pipecat does not know ends the transcription": [
        "tests/stt/nova/test_defects.py::test_an_unknown_language_costs_no_word",
        "tests/stt/nova/test_frames.py::test_a_language_that_pipecat_does_not_know_is_none",
    ],
    "channels, speakers and times of words are ignored": [
        "tests/stt/nova/test_speech.py::test_each_channel_is_heard_and_reported_once",
        "tests/stt/nova/test_frames.py::test_each_run_of_one_speaker_is_a_frame",
        "tests/stt/nova/test_service.py::test_times_in_the_result_run_on_over_streams",
    ],
    "a transcript is given to who speaks when it comes, not to who said it": [
        "tests/stt/nova/test_defects.py::test_a_transcript_is_of_the_user_who_said_it",
        "tests/stt/nova/test_frames.py::test_each_speakers_frame_is_of_the_user_who_said_its_own_first_word",
    ],
    "only an answered Finalize makes a transcript final for the turn": [
        "tests/stt/nova/test_service.py::test_finalize_marks_the_next_transcript_as_finalized",
        "tests/stt/nova/test_speech.py::test_an_unanswered_finalize_makes_the_last_interim_the_final",
    ],
    "Finalize is waited for where there is no session": [
        "tests/stt/nova/test_speech.py::test_a_user_who_stops_while_recovery_has_failed_harms_nothing",
    ],
    "no error says which request or variant it was": [
        "tests/stt/test_errors.py::test_a_lost_stream_is_named_with_all_that_support_asks_for",
        "tests/transport/test_stream.py::test_a_refusal_keeps_the_request_id_and_the_service_s_words",
    ],
}

CLIENT = {
    "errors are told apart by patterns in their text": [
        "tests/transport/test_refusals.py::test_status_and_code_decide_on_the_error",
        "tests/client/test_classify.py::test_what_may_pass_is_retryable",
    ],
    "a parameter that is refused is retried like an outage and named as one": [
        "tests/end_to_end/test_nova_pipeline_faults.py::test_a_fatal_fault_at_connect_is_one_error_and_the_pipeline_flows_on",
        "tests/transport/test_refusals.py::test_a_424_says_both_causes_and_where_the_log_is",
        "tests/client/session/test_recovery.py::test_a_model_that_never_was_available_is_retried_twice",
    ],
    "credentials that were refused are not resolved anew": [
        "tests/client/session/test_recovery.py::test_expired_credentials_are_resolved_anew_once",
        "tests/transport/test_botocore_credentials.py::test_keys_that_run_out_are_refreshed_for_the_next_stream",
    ],
    "the host is written by hand: no FIPS, no China, no VPC, no production variant": [
        "tests/transport/test_endpoint.py::test_every_region_has_its_partitions_hosts",
        "tests/transport/test_endpoint.py::test_the_host_follows_region_fips_and_dual_stack",
        "tests/transport/test_endpoint.py::test_the_given_url_goes_before_the_services_which_goes_before_the_general_one",
        "tests/client/test_bidi_client.py::test_the_request_says_what_was_asked_for",
    ],
    "opening a stream has no time limit": [
        "tests/client/test_bidi_client_knobs.py::test_tls_that_does_not_come_is_waited_for_no_longer_than_configured",
        "tests/client/test_bidi_client_knobs.py::test_an_answer_that_does_not_come_is_waited_for_no_longer_than_configured",
        "tests/client/test_bidi_client_knobs.py::test_credentials_that_do_not_come_are_waited_for_no_longer_than_configured",
    ],
    "it counts as active before the endpoint has answered, and after a cancellation": [
        "tests/client/test_bidi_client.py::test_a_client_is_active_while_a_stream_is_up",
        "tests/client/test_bidi_client_cancellation.py::test_a_start_that_is_cancelled_can_be_closed",
    ],
    "the stream of a failed attempt stays open, and its audio is gone": [
        "tests/transport/test_cancellation.py::test_cancelled_at_any_step_nothing_is_left",
        "tests/client/session/test_session.py::test_what_was_said_while_connecting_is_sent_once_the_stream_is_up",
    ],
    "under throttling all attempts may fall into a moment": [
        "tests/client/session/test_backoff.py::test_the_servers_wish_lengthens_a_delay",
        "tests/client/session/test_session.py::test_retries_are_spaced_by_a_random_part_of_a_growing_limit",
    ],
    "sending waits for a peer that takes nothing, for ever": [
        "tests/end_to_end/test_nova_pipeline_faults.py::test_frames_pass_while_nobody_has_noticed_that_the_peer_is_silent",
        "tests/client/test_bidi_client_knobs.py::test_a_peer_that_takes_nothing_is_waited_for_no_longer_than_configured",
    ],
    "it stays active when the stream is gone": [
        "tests/client/test_bidi_client.py::test_a_client_is_active_while_a_stream_is_up",
        "tests/client/session/test_session_loss.py::test_an_end_nobody_asked_for_is_a_loss",
    ],
    "closing has no time limit, leaves connection and thread, and is done only once": [
        "tests/client/test_bidi_client_knobs.py::test_answers_are_waited_for_no_longer_than_configured",
        "tests/client/test_bidi_client_cancellation.py::test_a_close_during_any_trouble_leaves_nothing",
        "tests/client/test_bidi_client.py::test_closing_twice_and_at_once_ends_well",
        "tests/end_to_end/test_faults.py::test_every_word_is_heard_once",
    ],
}

DEFECTS = SERVICE | CLIENT

OVERRIDDEN = {"_classify_error", "_update_settings"}
"""What Pipecat's base classes mean to be overridden."""


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_has_tests_that_exist(defect: str) -> None:
    assert_tests_exist(DEFECTS[defect])


def test_it_is_imported_without_deepgrams_sdk() -> None:
    code = "import sys; sys.modules['deepgram'] = None; import pipecat_sagemaker_deepgram"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_nothing_private_of_pipecats_is_hidden() -> None:
    own = [
        each
        for each in DeepgramSageMakerSTTService.__mro__
        if each.__module__.startswith("pipecat_sagemaker_deepgram")
    ]
    methods = {name for each in own for name in vars(each)}
    assert methods & _private(dir(STTService)) <= OVERRIDDEN
    assigned = {name for each in own for name in _assigned_in(each)}
    assert assigned & {name for each in STTService.__mro__ for name in _assigned_in(each)} == set()


def _private(names: list[str]) -> set[str]:
    private = {name for name in names if name.startswith("_") and not name.endswith("__")}
    return private - {"_abc_impl"}


def _assigned_in(cls: type) -> set[str]:
    """The attributes that a class's methods set."""
    if cls is object or not inspect.getmodule(cls):
        return set()
    return {
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[cls.__module__])))
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


MESSAGES = {
    "on_speech_started": '{"type":"SpeechStarted","channel":[0,1],"timestamp":0.5}',
    "on_utterance_end": '{"type":"UtteranceEnd","channel":[0,1],"last_word_end":0.5}',
    "on_unknown_message": '{"type":"SomethingNew"}',
}


async def test_deepgrams_other_messages_are_reported() -> None:
    faults = [f"text={text}@bytes=20000" for text in MESSAGES.values()]
    async with local_path(*faults) as path:
        service = nova(path)
        async with running(service) as pipeline:
            for name in (*MESSAGES, "on_metadata"):
                record(service, name, pipeline)
            await pipeline.speak(marked_audio(0, 20))
    assert pipeline.words == words(0, 20)
    assert pipeline.errors == []
    reported = {name: arguments for name, *arguments in pipeline.handled}
    assert {name for name in (*MESSAGES, "on_metadata") if name not in reported} == set()
    assert reported["on_metadata"][0]["type"] == "Metadata"


async def test_an_unknown_language_costs_no_word() -> None:
    odd = (
        '{"type":"Results","channel_index":[0,1],"start":0.0,"duration":0.1,"is_final":false,'
        '"channel":{"alternatives":[{"transcript":"hm","languages":["tlh"],"words":[]}]}}'
    )
    async with local_path(f"text={odd}@bytes=20000") as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 20))
    assert [frame.language for frame in pipeline.interims if frame.text == "hm"] == [None]
    assert pipeline.words == words(0, 20)
    assert pipeline.errors == []


async def test_a_transcript_is_of_the_user_who_said_it() -> None:
    audio = marked_audio(0, 30)
    half = len(audio) // 2
    async with local_path(behavior=HARD) as path, running(nova(path)) as pipeline:
        for start in range(0, len(audio), FRAME_BYTES):
            user = "alice" if start < half else "bob"
            await pipeline.send(_said(audio[start : start + FRAME_BYTES], user))
        await pipeline.until(lambda p: p.finals)
    assert pipeline.words == words(0, 30)
    assert pipeline.finals[0].user_id == "alice"
    assert pipeline.finals[-1].user_id == "bob"


def _said(audio: bytes, user: str) -> Frame:
    return UserAudioRawFrame(audio, sample_rate=16_000, num_channels=1, user_id=user)

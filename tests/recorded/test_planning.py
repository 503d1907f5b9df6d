# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.planning import (
    MAX_BODY_BYTES,
    EndpointKnowledge,
    choose,
    is_worth_a_retry,
    refuses_streams,
    why_not_whole,
)

UNKNOWN = EndpointKnowledge()
BATCH = EndpointKnowledge(streams=False, requests=True)
BOTH = EndpointKnowledge(streams=True, requests=True)


def model_error(status: int | None = None) -> ModelUnavailableError:
    return ModelUnavailableError("no", log_group="", original_status_code=status)


@pytest.mark.parametrize(
    ("wanted", "known", "mode"),
    [
        ("auto", UNKNOWN, "stream"),
        ("auto", BATCH, "sync"),
        ("auto", BOTH, "stream"),
        ("auto", EndpointKnowledge(streams=True), "stream"),
        ("stream", BATCH, "stream"),
        ("sync", UNKNOWN, "sync"),
    ],
)
def test_what_is_wanted_and_known_decides(wanted, known: EndpointKnowledge, mode: str):
    assert choose(wanted, known, takes_requests=True) == mode


def test_flux_is_streamed_to_always():
    assert choose("auto", BATCH, takes_requests=False) == "stream"
    with pytest.raises(RecordingError, match="Flux accepts streams only"):
        choose("sync", UNKNOWN, takes_requests=False)


@pytest.mark.parametrize(
    ("size", "seconds", "known", "can_stream", "complaint"),
    [
        (MAX_BODY_BYTES, 600, UNKNOWN, True, None),
        (MAX_BODY_BYTES + 1, 600, UNKNOWN, True, "SageMaker accepts at most 25"),
        (MAX_BODY_BYTES + 1, 600, BATCH, False, "accepts streams"),
        (1000, 1200, UNKNOWN, True, "within the 60 s"),
        (1000, 1200, UNKNOWN, False, None),
        (1000, 1200, EndpointKnowledge(speed=100.0), True, None),
        (1000, 300, EndpointKnowledge(speed=2.0), True, "within the 60 s"),
        (1000, 300, EndpointKnowledge(too_long=300.0), False, "within the 60 s"),
        (1000, 299, EndpointKnowledge(too_long=300.0), False, None),
    ],
)
def test_a_recording_is_sent_whole_where_it_fits_and_can_be_answered_in_time(
    size: int, seconds: float, known: EndpointKnowledge, can_stream: bool, complaint: str | None
):
    refused = why_not_whole(size, seconds, known, can_stream=can_stream)
    assert (refused is None) == (complaint is None)
    if refused is not None:
        assert complaint is not None
        assert complaint in str(refused)


def test_the_slowest_answer_and_the_shortest_timeout_count():
    known = EndpointKnowledge()
    known.note_answer(100.0, 2.0)
    known.note_answer(100.0, 10.0)
    known.note_answer(100.0, 5.0)
    assert (known.requests, known.speed) == (True, 10.0)
    known.note_refusal(model_error(0), 900.0)
    known.note_refusal(model_error(0), 700.0)
    known.note_refusal(model_error(400), 10.0)
    assert known.too_long == 700.0


def test_only_a_424_before_any_stream_has_worked_may_mean_that_none_is_taken():
    assert refuses_streams(model_error(), UNKNOWN)
    assert not refuses_streams(model_error(), BOTH)
    assert not refuses_streams(ConnectError("no"), UNKNOWN)


@pytest.mark.parametrize(
    ("error", "is_retryable", "worth"),
    [
        (model_error(), True, True),
        (model_error(503), True, True),
        (model_error(429), True, True),
        (model_error(400), True, False),
        (model_error(0), True, False),
        (RejectedError("no", status_code=400), False, False),
        (ConnectError("no"), True, True),
    ],
)
def test_a_request_that_the_container_refuses_is_not_made_again(
    error: SageMakerDeepgramError, is_retryable: bool, worth: bool
):
    assert is_worth_a_retry(error, is_retryable=is_retryable) == worth

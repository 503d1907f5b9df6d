# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every error says which stream it was, and where to look."""

import pytest
from pipecat.utils.errors import ErrorCategory

from pipecat_sagemaker_deepgram import (
    CredentialsError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
    StreamLostError,
    Target,
    ThrottledError,
)
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity
from pipecat_sagemaker_deepgram.stt.errors import ErrorTexts, error_category

LOG_GROUP = "/aws/sagemaker/Endpoints/ears"
TARGET = Target(endpoint_name="ears", region="eu-west-1")


def _after(*happened: events.SessionEvent) -> ErrorTexts:
    texts = ErrorTexts()
    for event in happened:
        texts.take(event)
    return texts


def _lost() -> SageMakerDeepgramError:
    error = StreamLostError("The connection dropped")
    error.identity = StreamIdentity(
        endpoint_name="ears",
        region="eu-west-1",
        request_id="req-7",
        production_variant="blue",
    )
    return error


def test_a_lost_stream_is_named_with_all_that_support_asks_for() -> None:
    error = _lost()
    text = _after(events.Connecting(3, TARGET), events.Lost(3, error)).text_of(error)
    assert text == (
        "Stream 3: The connection dropped (endpoint ears, region eu-west-1, "
        f"request id req-7, variant blue). Container log: {LOG_GROUP}."
    )


def test_an_attempt_that_never_reached_the_endpoint_says_where_it_was_to_go() -> None:
    error = CredentialsError("No credentials", advice="Set a profile.")
    text = _after(events.Connecting(1, TARGET), events.AttemptFailed(1, error)).text_of(error)
    assert text == (
        f"Stream 1 to ears in eu-west-1: No credentials. Set a profile. Container log: {LOG_GROUP}."
    )


def test_a_log_group_that_the_error_names_is_not_named_twice() -> None:
    error = ModelUnavailableError("Refused", log_group=LOG_GROUP)
    text = _after(events.Connecting(1, TARGET), events.AttemptFailed(1, error)).text_of(error)
    assert text.count(LOG_GROUP) == 1


def test_an_endpoint_on_this_machine_has_no_log_group() -> None:
    error = _lost()
    error.identity = StreamIdentity(url="https://127.0.0.1:8443")
    text = _after(events.Connecting(3, TARGET), events.Lost(3, error)).text_of(error)
    assert text == "Stream 3: The connection dropped (url https://127.0.0.1:8443)."


def test_a_refused_successor_is_the_stream_opened_last() -> None:
    error = _lost()
    texts = _after(
        events.Connecting(1, TARGET),
        events.Connecting(2, Target(endpoint_name="other", region="us-east-1")),
        events.ChangeRefused("settings", error),
    )
    assert texts.text_of(error).startswith("Stream 2: ")
    assert "Endpoints/other" in texts.text_of(error)


def test_a_stream_that_took_over_is_the_one_that_is_lost() -> None:
    error = _lost()
    texts = _after(
        events.Connecting(1, TARGET),
        events.Connecting(2, TARGET),
        events.StreamChanged(2, "rotation", 0.0),
        events.Lost(2, error),
    )
    assert texts.text_of(error).startswith("Stream 2: ")


def test_an_error_of_no_stream_speaks_for_itself() -> None:
    error = _lost()
    assert ErrorTexts().text_of(error) == str(error)


@pytest.mark.parametrize(
    ("error", "category"),
    [
        (ThrottledError("slow"), ErrorCategory.RATE_LIMIT),
        (ModelUnavailableError("full", log_group=""), ErrorCategory.SERVER),
        (RejectedError("no", status_code=500), ErrorCategory.SERVER),
        (RejectedError("no", status_code=400), ErrorCategory.INVALID_REQUEST),
        (CredentialsError("none"), ErrorCategory.AUTHENTICATION),
        (StreamLostError("gone"), ErrorCategory.CONNECTIVITY),
    ],
    ids=lambda value: type(value).__name__,
)
def test_errors_have_pipecats_categories(
    error: SageMakerDeepgramError, category: ErrorCategory
) -> None:
    assert error_category(error) is category

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every error says what happened, to what, and what to do, and survives a copy."""

import copy
import pickle

import pytest

from pipecat_sagemaker_deepgram import exceptions
from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ClosedError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    CredentialsError,
    EventStreamError,
    ModelStreamError,
    ModelUnavailableError,
    ProxyError,
    RejectedError,
    SageMakerDeepgramError,
    StreamIdentity,
    StreamLostError,
    StreamResetError,
    StreamStalledError,
    ThrottledError,
)

ERRORS = [
    ConfigurationError("refused", advice="Do."),
    CredentialsError("none"),
    ConnectError("failed"),
    ConnectTimeoutError("late"),
    CertificateError("untrusted"),
    ProxyError("no tunnel", status_code=407),
    RejectedError("no", status_code=400, code="ValidationException", retry_after=1.5),
    ThrottledError("slow", code="ThrottlingException", retry_after=2.0),
    ModelUnavailableError("full", log_group="/aws/x", original_status_code=503),
    StreamResetError("reset", error_code=2),
    StreamLostError("lost"),
    StreamStalledError("stalled"),
    EventStreamError("bytes"),
    ModelStreamError("model", kind="ModelStreamError", code="1011"),
    ClosedError("closed"),
]


def test_the_drawn_tree_is_the_tree() -> None:
    drawn = exceptions.__doc__ or ""
    defined = [
        each
        for each in vars(exceptions).values()
        if isinstance(each, type) and issubclass(each, SageMakerDeepgramError)
    ]
    assert {each.__name__ for each in defined} == {
        word
        for word in drawn.replace("(", " ").split()
        if word.endswith("Error") and word in vars(exceptions)
    }


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: type(each).__name__)
def test_an_error_survives_a_copy_and_a_pickle(error: SageMakerDeepgramError) -> None:
    error.identity = StreamIdentity(endpoint_name="e", request_id="r")
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)


def test_the_sentence_names_what_where_and_what_to_do() -> None:
    error = RejectedError("It failed", status_code=400, advice="Check the name.")
    assert str(error) == "It failed. Check the name."
    error.identity = StreamIdentity(endpoint_name="e", region="us-east-1", request_id="r-1")
    assert str(error) == (
        "It failed (endpoint e, region us-east-1, request id r-1). Check the name."
    )


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (ConfigurationError("x"), ValueError),
        (ConnectError("x"), ConnectionError),
        (ConnectTimeoutError("x"), TimeoutError),
        (StreamLostError("x"), ConnectionError),
        (StreamStalledError("x"), TimeoutError),
    ],
)
def test_errors_are_also_the_builtin_ones_that_others_look_for(
    error: Exception, builtin: type[Exception]
) -> None:
    assert isinstance(error, builtin)


def test_throttling_never_reads_as_a_permanent_refusal() -> None:
    assert ThrottledError("x", code="ThrottlingException").status_code == 429


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("https://127.0.0.1:8443", True),
        ("https://localhost", True),
        ("https://[::1]:1", True),
        ("https://runtime.sagemaker.us-east-1.amazonaws.com:8443", False),
        ("", False),
    ],
)
def test_nobody_is_sent_to_cloudwatch_for_an_endpoint_on_this_machine(
    url: str, is_local: bool
) -> None:
    for error in (
        ModelUnavailableError("full", log_group="/aws/sagemaker/Endpoints/e"),
        ModelStreamError("model", kind="ModelStreamError"),
    ):
        error.identity = StreamIdentity(url=url)
        assert error.identity.is_local == is_local
        assert ("CloudWatch" in str(error)) != is_local
        assert ("output of the local endpoint" in str(error)) == is_local

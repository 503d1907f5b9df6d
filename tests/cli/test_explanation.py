# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.cli.explanation import (
    explain_answer,
    explain_refusal,
    latest_reason,
)
from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    RejectedError,
    StreamIdentity,
)

WHERE = "ws://127.0.0.1:1/v1/listen?model=nova-99: "


def refused(url: str = "https://runtime.sagemaker.us-east-1.amazonaws.com:8443") -> Exception:
    error = ModelUnavailableError("HTTP 424", log_group="/aws/sagemaker/Endpoints/e")
    error.identity = StreamIdentity(url=url)
    return error


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (
            f'{WHERE}the container answered 400: {{"err_msg": "Bad Request: No such model."}}',
            "The endpoint has no model 'nova-99' (the container answered: Bad Request: No such "
            "model). Choose a model that it has.",
        ),
        (
            f"{WHERE}the container answered 400",
            "The container refused the request: HTTP 400. Check the model",
        ),
        (f"{WHERE}the container answered 400: [1]", "refused the request: [1]."),
        (f"{WHERE}the container answered 503: busy", "The container is full"),
        (f"{WHERE}no answer", f"The container did not accept the stream: {WHERE}no answer."),
    ],
)
def test_the_containers_reason_takes_the_place_of_the_424(reason: str, says: str):
    error = refused()
    assert isinstance(error, ModelUnavailableError)
    assert says in str(explain_refusal(error, reason=reason))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_nobody_is_sent_to_cloudwatch_for_an_endpoint_here(host: str):
    error = refused(f"https://{host}:8443")
    assert isinstance(error, ModelUnavailableError)
    said = str(explain_refusal(error))
    assert "CloudWatch" not in said
    assert "the output of the endpoint says why" in said


@pytest.mark.parametrize(
    ("status", "details", "says"),
    [
        (400, '{"err_msg": "No such model."}', "The endpoint has no model 'nova-99' ("),
        (
            400,
            '{"err_msg": "No such model/language/tier combination found."}',
            "The endpoint has no model 'nova-99' for this language (",
        ),
        (400, '{"err_msg": "Bad language."}', "The container refused the request: Bad language."),
        (500, '{"err_msg": "Broken."}', "HTTP 424"),
        (400, "", "HTTP 424"),
    ],
)
def test_the_answer_to_a_request_has_its_reason(status: int, details: str, says: str):
    error = ModelUnavailableError("HTTP 424", log_group="g", original_status_code=status)
    error.details = details
    assert str(explain_answer(error, model="nova-99")).startswith(says)


def test_an_endpoint_that_does_not_exist_is_called_that():
    text = (
        "SageMaker refused the stream with HTTP 400 ValidationError: Endpoint e of account 12 not"
    )
    error = RejectedError(f"{text} found.", status_code=400)
    assert str(explain_refusal(error)).startswith("There is no endpoint e in the account 12. Check")
    error.identity = StreamIdentity(region="us-east-1")
    assert "no endpoint e in us-east-1 in the account 12." in str(explain_refusal(error))


def test_the_latest_reason_is_that_of_the_last_stream_that_was_refused():
    assert latest_reason([None, "full", "busy", None]) == "busy"
    assert latest_reason([None]) is None


def test_all_else_stays_as_it_is():
    aws, other = refused(), RejectedError("x", status_code=400)
    assert isinstance(aws, ModelUnavailableError)
    assert explain_refusal(aws) is aws
    assert explain_refusal(other, reason="r") is other

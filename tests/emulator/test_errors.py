# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Error answers: the shapes that AWS clients read."""

import json

from pipecat_sagemaker_deepgram.emulator.errors import (
    AddressInUseError,
    ErrorAnswer,
    endpoint_not_found,
    forbidden,
    invalid_input,
    model_error,
    usual_code,
    usual_message,
)


def test_modelled_errors_say_message_with_a_capital():
    assert json.loads(invalid_input("no").body()) == {"Message": "no"}
    assert json.loads(endpoint_not_found("ep", "0").body())["Message"].startswith("Endpoint ep of")


def test_errors_in_front_of_the_service_say_it_without():
    answer = forbidden("ExpiredTokenException", "too old")
    assert json.loads(answer.body()) == {"message": "too old"}
    assert json.loads(ErrorAnswer(400, "ThrottlingException", "slow").body()) == {"message": "slow"}


def test_the_code_is_in_a_header():
    assert ("x-amzn-errortype", "ModelError") in ErrorAnswer(424, "ModelError", "").headers()


def test_a_model_error_names_the_log_and_both_statuses():
    answer = model_error(
        "ep",
        region="eu-west-1",
        account="0",
        variant="v",
        original_status=424,
        original_message="no WebSocket",
    )
    body = json.loads(answer.body())
    assert answer.status == body["OriginalStatusCode"] == 424
    assert body["OriginalMessage"] == "no WebSocket"
    group = "/aws/sagemaker/Endpoints/ep"
    assert body["LogStreamArn"] == f"arn:aws:logs:eu-west-1:0:log-group:{group}:log-stream:v"
    beginning = 'Received server error (424) from primary with message "no WebSocket". See https://'
    assert body["Message"].startswith(beginning + "eu-west-1.console.aws.amazon.com/cloudwatch/")


def test_statuses_have_usual_codes_and_codes_usual_messages():
    assert usual_code(429) == "ThrottlingException"
    assert usual_code(418) == "UnknownError"
    assert usual_message("ThrottlingException") == "Rate exceeded"
    assert "Odd" in usual_message("Odd")


def test_an_answer_reads_well_as_an_exception():
    assert str(ErrorAnswer(403, "Odd", "no")) == "403 Odd: no"


def test_a_taken_port_is_an_os_error():
    assert issubclass(AddressInUseError, OSError)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The request of `InvokeEndpoint`, held against the service model that botocore has."""

from typing import Any

import botocore.session
import pytest

from pipecat_sagemaker_deepgram.emulator.api import invoke_endpoint
from pipecat_sagemaker_deepgram.emulator.api.invoke_endpoint import CODES, parse_invoke
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

PREFIX = "x-amzn-sagemaker-"


@pytest.fixture(scope="module")
def operation() -> Any:
    session = botocore.session.Session()
    return session.get_service_model("sagemaker-runtime").operation_model("InvokeEndpoint")


def test_every_header_of_the_model_is_known_with_its_length(operation: Any):
    headers = {
        member: (shape.serialization["name"].lower(), shape.metadata)
        for member, shape in operation.input_shape.members.items()
        if shape.serialization.get("location") == "header"
    }
    ours = invoke_endpoint._CONSTRAINTS
    for member, (header, constraint) in ours.items():
        name, rules = headers[member]
        assert header == name
        assert constraint.longest == rules["max"]
        assert constraint.shortest == rules.get("min", 0)
        assert constraint.is_sensitive == rules.get("sensitive", False)
    rest = {name for member, (name, _) in headers.items() if member not in ours}
    assert rest == set(invoke_endpoint._OF_OTHER_ENDPOINTS)


def test_the_modelled_errors_have_the_models_names(operation: Any):
    modelled = {
        shape.metadata["error"]["httpStatusCode"]: shape.name for shape in operation.error_shapes
    }
    del modelled[429]  # ModelNotReadyException: of multi-model endpoints
    assert modelled.items() <= CODES.items()


def test_the_container_gets_the_members_and_nothing_else():
    request = SignedRequest(
        "POST",
        "/endpoints/e/invocations",
        "host",
        [
            ("content-type", "audio/wav"),
            ("authorization", "secret"),
            ("x-amz-date", "now"),
            (f"{PREFIX}custom-attributes", "v1/listen?a=b"),
        ],
    )
    found = parse_invoke(request, "e", variants=("v",))
    assert dict(found.headers) == {
        "content-type": "audio/wav",
        f"{PREFIX}custom-attributes": "v1/listen?a=b",
    }
    assert found.custom_attributes == "v1/listen?a=b"


def test_custom_attributes_are_not_repeated_in_an_error():
    request = SignedRequest("POST", "/", "h", [(f"{PREFIX}custom-attributes", "caf\xe9 secret")])
    with pytest.raises(ErrorAnswer) as caught:
        parse_invoke(request, "e", variants=())
    assert caught.value.code == "ValidationError"
    assert "secret" not in caught.value.message

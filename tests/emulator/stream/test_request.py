# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Requests: what the service model allows, and what it refuses by name."""

import pytest

from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest
from pipecat_sagemaker_deepgram.emulator.stream.request import (
    EVENT_STREAM,
    InvocationRequest,
    is_invocation,
    parse_invocation,
)

ACCOUNT = "000000000000"


def request(
    endpoint: str = "ep", *, method: str = "POST", content_type: str = EVENT_STREAM, **headers: str
) -> SignedRequest:
    named = [(f"x-amzn-sagemaker-{key.replace('_', '-')}", headers[key]) for key in headers]
    path = f"/endpoints/{endpoint}/invocations-bidirectional-stream"
    return SignedRequest(method, path, "host:1", [("content-type", content_type), *named])


def refusal(asked: SignedRequest, *, endpoints: set[str] | None = None) -> ErrorAnswer:
    with pytest.raises(ErrorAnswer) as caught:
        parse_invocation(asked, endpoints=endpoints, account=ACCOUNT)
    return caught.value


def test_all_members_are_read():
    asked = request(
        "deepgram-1",
        target_variant="blue",
        model_invocation_path="v1/listen",
        model_query_string="model=nova-3&keyterm=a%20b",
    )
    found = parse_invocation(asked, endpoints={"deepgram-1"}, account=ACCOUNT)
    assert found == InvocationRequest(
        "deepgram-1", "v1/listen", "model=nova-3&keyterm=a%20b", "blue"
    )
    expected = "ws://127.0.0.1:8080/v1/listen?model=nova-3&keyterm=a%20b"
    assert found.container_url("ws://127.0.0.1:8080") == expected


def test_without_members_the_default_path_is_used():
    found = parse_invocation(request(), endpoints=None, account=ACCOUNT)
    expected = "ws://127.0.0.1:8080/invocations-bidirectional-stream"
    assert found.container_url("ws://127.0.0.1:8080/") == expected


@pytest.mark.parametrize(
    "path", ["v1", "v1/listen", "a-b_c.d/e".replace("_", "."), "a" * 100, "..."]
)
def test_paths_of_the_model_are_accepted(path: str):
    asked = request(model_invocation_path=path)
    assert parse_invocation(asked, endpoints=None, account=ACCOUNT).path == path


@pytest.mark.parametrize("path", ["/v1/listen", "v1/", "v1//a", "a%20b", "a" * 101, "", "a b"])
def test_other_paths_are_refused_by_name(path: str):
    answer = refusal(request(model_invocation_path=path))
    assert (answer.status, answer.code) == (400, "InputValidationError")
    assert "ModelInvocationPath" in answer.message


@pytest.mark.parametrize("query", ["a=b", "a-b_c=1.2~3-4", "a=%C3%A9&b=2", "a=" + "b" * 2046])
def test_queries_of_the_model_are_accepted(query: str):
    asked = request(model_query_string=query)
    assert parse_invocation(asked, endpoints=None, account=ACCOUNT).query == query


def test_a_plus_sign_is_accepted_where_that_is_switched_on():
    asked = request(model_query_string="keyterm=a+b&x=%20")
    found = parse_invocation(asked, endpoints=None, account=ACCOUNT, accepts_plus=True)
    assert found.query == "keyterm=a+b&x=%20"


@pytest.mark.parametrize(
    "query",
    ["", "?a=b", "a", "a=", "a=b&", "a.b=c", "a=b+c", "a=b:c", "a=b,c", "a=%2", "a=" + "b" * 2047],
)
def test_other_queries_are_refused_by_name(query: str):
    answer = refusal(request(model_query_string=query))
    assert (answer.status, answer.code) == (400, "InputValidationError")
    assert "ModelQueryString" in answer.message


@pytest.mark.parametrize("name", ["a" * 64, "-a", "a_b", "a-"])
def test_malformed_names_are_refused(name: str):
    assert "EndpointName" in refusal(request(name)).message
    assert "TargetVariant" in refusal(request(target_variant=name)).message


def test_an_unknown_endpoint_is_not_found():
    answer = refusal(request("ep-2"), endpoints={"ep"})
    assert answer.status == 400
    assert answer.code == "ValidationException"
    assert answer.message == "Endpoint ep-2 of account 000000000000 not found."


def test_another_method_is_another_operation():
    assert is_invocation(request())
    assert not is_invocation(request(method="GET"))


def test_another_body_is_refused():
    assert refusal(request(content_type="application/json")).status == 415


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/endpoints/ep/invocations-bidirectional-stream", True),
        ("/endpoints/ep/invocations-bidirectional-stream?", True),
        ("/endpoints/ep/invocations-bidirectional-stream?a=b", True),
        ("/endpoints/ep/invocations", False),
        ("/endpoints/e/p/invocations-bidirectional-stream", False),
        ("/_emulator/faults", False),
    ],
)
def test_the_operation_is_known_by_its_path(path: str, expected: bool):
    assert is_invocation(SignedRequest("POST", path, "", [])) is expected

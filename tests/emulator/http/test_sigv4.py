# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Verification, judged by signatures of the AWS SDK."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import (
    EventChain,
    EventSignatureError,
    SignedRequest,
    signing_key,
    verify_request,
)
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials
from pipecat_sagemaker_deepgram.emulator.stream.eventstream import (
    EventStreamMessage,
    Timestamp,
    decode_message,
)

NOW = datetime(2026, 1, 2, 0, 0, 1, tzinfo=UTC)


class Vector:
    """A request of the SDK and what verifies it."""

    def __init__(self, vectors: dict[str, Any], index: int) -> None:
        found = vectors["requests"][index]
        known = vectors["credentials"]
        headers = [(name, value) for name, value in found["headers"]]
        self.request = SignedRequest(found["method"], found["path"], found["host"], headers)
        self.signature = found["signature"]
        self.region = vectors["region"]
        self.credentials = EmulatorCredentials(
            known["access_key_id"],
            known["secret_access_key"],
            known["session_token"] if index else None,
        )

    def verify(self, request: SignedRequest | None = None, **changes: Any) -> EventChain:
        options: dict[str, Any] = {
            "credentials": [self.credentials],
            "region": self.region,
            "now": NOW,
            "max_skew": 300,
        }
        return verify_request(request or self.request, **{**options, **changes})

    def refusal(self, request: SignedRequest | None = None, **changes: Any) -> str:
        with pytest.raises(ErrorAnswer) as caught:
            self.verify(request, **changes)
        assert caught.value.status == 403
        return caught.value.code

    def with_header(self, name: str, value: str | None) -> SignedRequest:
        others = [pair for pair in self.request.headers if pair[0] != name]
        return replace(self.request, headers=others + ([(name, value)] if value else []))


@pytest.fixture
def vector(vectors: dict[str, Any]) -> Vector:
    return Vector(vectors, 0)


@pytest.mark.parametrize("index", [0, 1])
def test_requests_of_the_sdk_verify(vectors: dict[str, Any], index: int):
    Vector(vectors, index).verify()


def test_the_empty_query_of_the_sdk_makes_no_difference(vector: Vector):
    vector.verify(replace(vector.request, path=vector.request.path.rstrip("?")))


def test_any_changed_part_is_noticed(vector: Vector):
    changes = [
        replace(vector.request, method="PUT"),
        replace(vector.request, path=vector.request.path.replace("nova-3", "nova-4")),
        replace(vector.request, path=vector.request.path + "a=b"),
        replace(vector.request, authority=vector.request.authority.replace(":8443", "")),
        vector.with_header("x-amzn-sagemaker-model-query-string", "model=nova-2"),
        vector.with_header("x-amzn-sagemaker-target-variant", None),
    ]
    assert {vector.refusal(request) for request in changes} == {"InvalidSignatureException"}


def test_a_wrong_secret_is_noticed(vector: Vector):
    wrong = replace(vector.credentials, secret_access_key="wrong")
    assert vector.refusal(credentials=[wrong]) == "InvalidSignatureException"


def test_an_unknown_key_id_is_said_to_be_so(vector: Vector):
    other = replace(vector.credentials, access_key_id="AKIDOTHER")
    assert vector.refusal(credentials=[other]) == "UnrecognizedClientException"


def test_expired_credentials_are_said_to_be_so(vector: Vector):
    expired = replace(vector.credentials, expired=True)
    assert vector.refusal(credentials=[expired]) == "ExpiredTokenException"


def test_the_session_token_must_be_the_known_one(vectors: dict[str, Any]):
    with_token = Vector(vectors, 1)
    request = with_token.with_header("x-amz-security-token", "another")
    assert with_token.refusal(request) == "UnrecognizedClientException"
    without = with_token.with_header("x-amz-security-token", None)
    assert with_token.refusal(without) == "UnrecognizedClientException"


def test_a_token_that_nobody_expects_is_refused(vectors: dict[str, Any]):
    with_token = Vector(vectors, 1)
    unexpected = replace(with_token.credentials, session_token=None)
    assert with_token.refusal(credentials=[unexpected]) == "UnrecognizedClientException"


def test_no_authorization_is_said_to_be_so(vector: Vector):
    request = vector.with_header("authorization", None)
    assert vector.refusal(request) == "MissingAuthenticationTokenException"


@pytest.mark.parametrize("value", ["Bearer abc", "AWS4-HMAC-SHA256 Credential=a/b"])
def test_another_authorization_is_incomplete(vector: Vector, value: str):
    request = vector.with_header("authorization", value)
    assert vector.refusal(request) == "IncompleteSignatureException"


@pytest.mark.parametrize("seconds", [-303, 301])
def test_a_clock_off_by_more_than_five_minutes_is_refused(vector: Vector, seconds: int):
    now = NOW + timedelta(seconds=seconds)
    assert vector.refusal(now=now) == "InvalidSignatureException"


@pytest.mark.parametrize("seconds", [-300, 290])
def test_a_clock_off_by_less_is_accepted(vector: Vector, seconds: int):
    vector.verify(now=NOW + timedelta(seconds=seconds))


def test_a_missing_date_is_incomplete(vector: Vector):
    request = vector.with_header("x-amz-date", None)
    assert vector.refusal(request) == "IncompleteSignatureException"


def test_another_region_or_service_is_refused(vector: Vector):
    assert vector.refusal(region="us-east-1") == "InvalidSignatureException"
    assert vector.refusal(service="bedrock") == "InvalidSignatureException"


def test_every_amz_header_must_be_signed(vector: Vector):
    request = vector.with_header("x-amz-security-token", "unsigned")
    known = replace(vector.credentials, session_token="unsigned")
    assert vector.refusal(request, credentials=[known]) == "InvalidSignatureException"


def test_the_host_must_be_signed(vector: Vector):
    authorization = vector.request.value("authorization")
    assert authorization is not None
    without_host = authorization.replace("content-type;host;", "content-type;")
    with pytest.raises(ErrorAnswer, match="must be signed: host"):
        vector.verify(vector.with_header("authorization", without_host))


def test_the_payload_must_be_announced_as_signed_events(vector: Vector):
    request = vector.with_header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    assert vector.refusal(request) == "InvalidSignatureException"


def test_the_events_of_the_sdk_verify_across_midnight(vectors: dict[str, Any]):
    chain = Vector(vectors, 0).verify()
    for each in vectors["events"]:
        outer = decode_message(bytes.fromhex(each["encoded"]))
        assert chain.open(outer, now=NOW).hex() == each["inner"]
    days = {each["date"][:10] for each in vectors["events"]}
    assert len(days) == 2


def first_events(vectors: dict[str, Any]) -> list[EventStreamMessage]:
    return [decode_message(bytes.fromhex(each["encoded"])) for each in vectors["events"][:2]]


def test_a_changed_event_is_noticed(vectors: dict[str, Any]):
    first, _ = first_events(vectors)
    changed = EventStreamMessage(first.headers, first.payload[:-1] + b"x")
    with pytest.raises(EventSignatureError, match="signature"):
        Vector(vectors, 0).verify().open(changed, now=NOW)


def test_a_changed_date_is_noticed(vectors: dict[str, Any]):
    first, _ = first_events(vectors)
    date = first.headers[":date"]
    assert isinstance(date, Timestamp)
    changed = EventStreamMessage(
        {**first.headers, ":date": Timestamp(date.milliseconds + 1)}, first.payload
    )
    with pytest.raises(EventSignatureError, match="signature"):
        Vector(vectors, 0).verify().open(changed, now=NOW)


def test_events_out_of_order_are_noticed(vectors: dict[str, Any]):
    _, second = first_events(vectors)
    with pytest.raises(EventSignatureError, match="signature"):
        Vector(vectors, 0).verify().open(second, now=NOW)


def test_an_event_from_another_time_is_refused(vectors: dict[str, Any]):
    first, _ = first_events(vectors)
    chain = Vector(vectors, 0).verify()
    with pytest.raises(EventSignatureError, match=":date"):
        chain.open(first, now=NOW + timedelta(seconds=400))


def test_an_unsigned_event_is_refused(vectors: dict[str, Any]):
    chain = Vector(vectors, 0).verify()
    with pytest.raises(EventSignatureError, match="no :date"):
        chain.open(EventStreamMessage({":message-type": "event"}, b""), now=NOW)


def test_the_signing_key_is_that_of_the_aws_documentation():
    """The example of AWS, "Examples of how to derive a signing key for Signature Version 4"."""
    key = signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"

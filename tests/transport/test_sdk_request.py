# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Requests of the AWS SDK: how they are copied, and what they are in HTTP/2."""

from copy import deepcopy

from hpack import NeverIndexedHeaderTuple
from smithy_core import URI
from smithy_http import Field, Fields

from pipecat_sagemaker_deepgram.transport.sdk_request import (
    SdkRequest,
    request_headers,
    response_fields,
)


def a_request() -> SdkRequest:
    return SdkRequest(
        destination=URI(scheme="https", host="host", port=8443, path="/x", query="a=b"),
        method="POST",
        fields=Fields([Field(name="Host", values=["host"]), Field(name="X-A", values=["1", "2"])]),
        body=b"never sent",
    )


def test_what_is_added_to_a_copy_is_not_in_the_request() -> None:
    """The SDK's signer adds fields to a copy, and may change the copy's."""
    request = a_request()
    copied = deepcopy(request)
    assert copied == request
    copied.fields["X-A"].add("3")
    copied.fields.set_field(Field(name="Authorization", values=["signed"]))
    assert request == a_request()


def test_a_copy_keeps_destination_method_and_body() -> None:
    request = a_request()
    copied = deepcopy(request)
    assert (copied.destination, copied.method) == (request.destination, "POST")
    assert copied.body is request.body


def test_a_request_of_the_sdk_is_taken_as_it_is() -> None:
    request = a_request()
    assert SdkRequest.of(request) == request


def test_pseudo_headers_come_first_and_the_host_is_one_of_them() -> None:
    assert request_headers(a_request()) == [
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", "host:8443"),
        (":path", "/x?a=b"),
        ("x-a", "1"),
        ("x-a", "2"),
    ]


def test_the_signature_is_a_secret() -> None:
    request = a_request()
    request.fields.set_field(Field(name="Authorization", values=["signed"]))
    last = request_headers(request)[-1]
    assert isinstance(last, NeverIndexedHeaderTuple)
    assert tuple(last) == (b"authorization", b"signed")


def test_a_responses_pseudo_headers_are_no_fields() -> None:
    fields = response_fields([(":status", "200"), ("x-amzn-requestid", "r-1")])
    assert [(each.name, each.values) for each in fields] == [("x-amzn-requestid", ["r-1"])]

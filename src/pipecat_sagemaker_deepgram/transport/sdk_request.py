# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Requests and responses between the AWS SDK's form and HTTP/2's. Pure."""

from dataclasses import replace
from typing import Any

from smithy_http import Field, Fields
from smithy_http.aio import HTTPRequest
from smithy_http.aio.interfaces import HTTPRequest as AnyRequest

from pipecat_sagemaker_deepgram.transport.http2_frames import Headers, RequestHeader, header
from pipecat_sagemaker_deepgram.transport.invocation import HIDDEN_FIELDS


class SdkRequest(HTTPRequest):
    """A request that is cheap for the SDK's signer to copy.

    The signer signs a deep copy, to which it adds fields. The body, which has locks and queues, is
    never sent and need not be copied: a stream's events go out as they are written.
    """

    @classmethod
    def of(cls, request: AnyRequest) -> "SdkRequest":
        """Make one of a request that the SDK has made."""
        return cls(
            destination=request.destination,
            body=request.body,
            method=request.method,
            fields=request.fields,
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> "SdkRequest":
        """Return a request with fields of its own."""
        fields = [Field(name=each.name, values=each.values, kind=each.kind) for each in self.fields]
        return replace(self, fields=Fields(fields, encoding=self.fields.encoding))


def request_headers(request: AnyRequest) -> list[RequestHeader]:
    """Write a request as the headers of an HTTP/2 stream, pseudo-headers first."""
    uri = request.destination
    query = f"?{uri.query}" if uri.query else ""
    pseudo: list[RequestHeader] = [
        (":method", request.method),
        (":scheme", uri.scheme),
        (":authority", uri.netloc),
        (":path", f"{uri.path or '/'}{query}"),
    ]
    fields = [
        header(field.name.lower(), value, is_secret=field.name in HIDDEN_FIELDS)
        for field in request.fields.entries.values()
        if field.kind == "header" and field.name.lower() != "host"
        for value in field.values
    ]
    return pseudo + fields


def response_fields(headers: Headers) -> Fields:
    """Write a response's headers as the SDK's fields."""
    fields = Fields()
    for name, value in headers:
        if not name.startswith(":"):
            fields.set_field(Field(name=name, values=[value]))
    return fields

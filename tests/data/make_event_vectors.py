# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Writes signed_events.json with the AWS SDK's own serialisers, signers and encoders.

Neither this project's client nor its emulator takes part, so the file can judge both. Run it again
with `python tests/data/make_event_vectors.py` after a change of the SDK; the dates, credentials and
names below are fixed, so the file changes only if the SDK signs or encodes differently.

The file has, beside credentials, region and service:

- `requests`: opening requests as sent, with the canonical scope's date and the signature;
- `events`: the events of the first request, in their order, the last one empty; each with its
  payload, data type, completion state and padding, `:date`, the inner and the outer encoding, the
  signature before it and its own;
- `responses`: output events, each with headers, payload and encoding.

Bytes are hexadecimal. The first event is dated just before midnight, so that the chain crosses a
day and with it a signing key.
"""

import asyncio
import datetime
import io
import json
import types
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aws_sdk_signers.signers as signers_module
from aws_sdk_sagemaker_runtime_http2.client import AsyncSageMakerRuntimeHTTP2Client
from aws_sdk_sagemaker_runtime_http2.config import AsyncSageMakerRuntimeHTTP2Config
from aws_sdk_sagemaker_runtime_http2.models import (
    InvokeEndpointWithBidirectionalStreamInput,
    RequestPayloadPart,
    RequestStreamEventPayloadPart,
)
from smithy_aws_event_stream.events import Event, EventMessage
from smithy_core.aio.types import AsyncBytesReader
from smithy_http import Field, Fields
from smithy_http.aio import HTTPResponse

ACCESS_KEY_ID = "AKIDEXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "EXAMPLESESSIONTOKEN//////////aGVsbG8="
REGION = "us-west-2"
SERVICE = "sagemaker"
START = datetime.datetime(2026, 1, 1, 23, 59, 59, 120_000, datetime.UTC)
STEP = datetime.timedelta(milliseconds=345)

PARTS: list[dict[str, Any]] = [
    {"bytes_": bytes(range(256)) + b"\x00" * 384, "data_type": "BINARY"},
    {"bytes_": b'{"type": "KeepAlive"}', "data_type": "UTF8"},
    {"bytes_": b"\x01\x02\x03"},
    {"bytes_": b'{"text": "h\xc3', "data_type": "UTF8", "completion_state": "PARTIAL"},
    {"bytes_": b'\xa9llo"}', "data_type": "UTF8", "completion_state": "COMPLETE"},
    {"bytes_": b"padded", "data_type": "BINARY", "completion_state": "COMPLETE", "p": "abcdef"},
    {"bytes_": b"", "data_type": "BINARY"},
    {"bytes_": b'{"type": "CloseStream"}', "data_type": "UTF8", "completion_state": "COMPLETE"},
]

RESPONSES: list[tuple[str, dict[str, str], bytes]] = [
    (
        "text",
        {
            ":message-type": "event",
            ":event-type": "PayloadPart",
            ":content-type": "application/octet-stream",
            "DataType": "UTF8",
            "CompletionState": "COMPLETE",
        },
        '{"type": "Results", "text": "café"}'.encode(),
    ),
    (
        "binary",
        {
            ":message-type": "event",
            ":event-type": "PayloadPart",
            ":content-type": "application/octet-stream",
            "DataType": "BINARY",
            "CompletionState": "PARTIAL",
        },
        b"\x00\x01\xfe\xff",
    ),
    (
        "model stream error",
        {
            ":message-type": "exception",
            ":exception-type": "ModelStreamError",
            ":content-type": "application/json",
        },
        b'{"Message": "Input stream broken", "ErrorCode": "1011"}',
    ),
    (
        "internal stream failure",
        {
            ":message-type": "exception",
            ":exception-type": "InternalStreamFailure",
            ":content-type": "application/json",
        },
        b'{"Message": "Internal failure"}',
    ),
    (
        "unmodelled error",
        {
            ":message-type": "error",
            ":error-code": "InternalFailure",
            ":error-message": "An error without a model",
        },
        b"",
    ),
    (
        "unknown event",
        {
            ":message-type": "event",
            ":event-type": "FuturePart",
            ":content-type": "application/octet-stream",
        },
        b"{}",
    ),
]


class SteppingClock:
    """Stands in for `datetime.datetime` in the signers; each look moves it on."""

    def __init__(self) -> None:
        self._next = START

    def now(self, _: datetime.tzinfo) -> datetime.datetime:
        now, self._next = self._next, self._next + STEP
        return now


class RecordingTransport:
    """An HTTP client that keeps the request and answers with an empty stream."""

    SUPPORTS_DUPLEX_STREAMING = True
    TIMEOUT_EXCEPTIONS = ()

    def __init__(self) -> None:
        self.request: Any = None

    async def send(self, request: Any, *, request_config: Any = None) -> HTTPResponse:
        self.request = request
        content_type = Field(name="content-type", values=["application/vnd.amazon.eventstream"])
        return HTTPResponse(
            status=200, fields=Fields([content_type]), body=AsyncBytesReader(_nothing())
        )


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def record(session_token: str | None) -> tuple[dict[str, Any], list[bytes]]:
    """Makes the SDK open a stream and send every part; returns the request and the events."""
    clock = types.SimpleNamespace(datetime=SteppingClock(), UTC=datetime.UTC)
    signers_module.datetime = clock  # type: ignore[assignment]
    transport = RecordingTransport()
    config = await AsyncSageMakerRuntimeHTTP2Config.resolve(
        region=REGION,
        endpoint_uri=f"https://runtime.sagemaker.{REGION}.amazonaws.com:8443",
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        aws_session_token=session_token,
        transport=transport,
    )
    client = AsyncSageMakerRuntimeHTTP2Client(config=config)
    stream = await client.invoke_endpoint_with_bidirectional_stream(
        InvokeEndpointWithBidirectionalStreamInput(
            endpoint_name="deepgram-nova-3",
            target_variant="variant-1",
            model_invocation_path="v1/listen",
            model_query_string="model=nova-3&keyterm=caf%C3%A9%20au%20lait",
        )
    )
    await stream.await_output()
    reading = asyncio.create_task(_read(transport.request.body))
    for part in PARTS:
        await stream.input_stream.send(
            RequestStreamEventPayloadPart(value=RequestPayloadPart(**part))
        )
    await stream.input_stream.close()
    return describe_request(transport.request), await reading


async def _read(body: Any) -> list[bytes]:
    return [chunk async for chunk in body]


def describe_request(request: Any) -> dict[str, Any]:
    """The request as JSON; the user agent is left out, it names the machine and is not signed."""
    fields = {field.name.lower(): field.as_string() for field in request.fields}
    fields.pop("user-agent", None)
    destination = request.destination
    query = "" if destination.query is None else f"?{destination.query}"
    host = destination.netloc
    return {
        "method": request.method,
        "path": f"{destination.path}{query}",
        "host": fields.pop("host", host),
        "headers": sorted(fields.items()),
        "signature": fields["authorization"].rpartition("Signature=")[2],
    }


def describe_event(encoded: bytes, part: dict[str, Any] | None, prior: str) -> dict[str, Any]:
    """A signed event as JSON; no part means the empty one at the end."""
    outer = _decode(encoded)
    date = outer.headers[":date"]
    signature = outer.headers[":chunk-signature"]
    assert isinstance(date, datetime.datetime)
    assert isinstance(signature, bytes)
    return {
        "payload": None if part is None else part["bytes_"].hex(),
        "data_type": None if part is None else part.get("data_type"),
        "completion_state": None if part is None else part.get("completion_state"),
        "p": None if part is None else part.get("p"),
        "date": date.astimezone(datetime.UTC).isoformat(timespec="milliseconds"),
        "inner": outer.payload.hex(),
        "encoded": encoded.hex(),
        "prior_signature": prior,
        "signature": signature.hex(),
    }


def _decode(encoded: bytes) -> EventMessage:
    event = Event.decode(io.BytesIO(encoded))
    assert event is not None
    return event.message


def describe_events(encoded: list[bytes], seed: str) -> list[dict[str, Any]]:
    """Every event, each with the signature before it."""
    events: list[dict[str, Any]] = []
    for chunk, part in zip(encoded, [*PARTS, None], strict=True):
        prior = events[-1]["signature"] if events else seed
        events.append(describe_event(chunk, part, prior))
    return events


def describe_responses() -> list[dict[str, Any]]:
    """Output events, encoded by the SDK."""
    return [
        {
            "name": name,
            "headers": headers,
            "payload": payload.hex(),
            "encoded": EventMessage(headers=headers, payload=payload).encode().hex(),
        }
        for name, headers, payload in RESPONSES
    ]


async def main() -> None:
    """Writes the file beside this one."""
    plain, events = await record(None)
    with_token, _ = await record(SESSION_TOKEN)
    vectors = {
        "credentials": {
            "access_key_id": ACCESS_KEY_ID,
            "secret_access_key": SECRET_ACCESS_KEY,
            "session_token": SESSION_TOKEN,
        },
        "region": REGION,
        "service": SERVICE,
        "requests": [
            {"name": "without a session token", **plain},
            {"name": "with a session token", **with_token},
        ],
        "events": describe_events(events, plain["signature"]),
        "responses": describe_responses(),
    }
    path = Path(__file__).with_name("signed_events.json")
    path.write_text(json.dumps(vectors, indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(main())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One call of the AWS SDK's operation; ``sdk_config.py`` knows how SDKs 0.9 to 0.12 differ.

The SDK keeps the operation's model, the binding of its input to headers, SigV4 of the request
and the request's life cycle. Its options ``transport=`` and ``protocol=`` carry our HTTP/2
stream and our events. One SDK client is made for each stream, so that a stream's credentials
are frozen with it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aws_sdk_sagemaker_runtime_http2.client import AsyncSageMakerRuntimeHTTP2Client
from aws_sdk_sagemaker_runtime_http2.models import InvokeEndpointWithBidirectionalStreamInput
from smithy_http.aio import HTTPResponse
from smithy_http.aio.interfaces import HTTPRequest

from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    RejectedError,
    SageMakerDeepgramError,
    StreamError,
    StreamIdentity,
)
from pipecat_sagemaker_deepgram.transport.credentials import Credentials
from pipecat_sagemaker_deepgram.transport.endpoint import PORT, Address
from pipecat_sagemaker_deepgram.transport.events import EventPublisher, EventReceiver
from pipecat_sagemaker_deepgram.transport.http2 import Http2Stream
from pipecat_sagemaker_deepgram.transport.http2_frames import Headers
from pipecat_sagemaker_deepgram.transport.identities import FrozenIdentity, GivenIdentity
from pipecat_sagemaker_deepgram.transport.invocation import SdkCall, SharedByCopies
from pipecat_sagemaker_deepgram.transport.refusals import refusal
from pipecat_sagemaker_deepgram.transport.request import StreamRequest
from pipecat_sagemaker_deepgram.transport.sdk_config import SDK_CONFIGS
from pipecat_sagemaker_deepgram.transport.sdk_request import (
    SdkRequest,
    request_headers,
    response_fields,
)
from pipecat_sagemaker_deepgram.transport.signing import EventSigner

type Connect = Callable[[Address], Awaitable[None]]

MAX_ERROR_BODY = 64 * 1024
"""Most bytes to read of the body of an error response."""

ERROR_BODY_TIMEOUT = 1.0
"""Seconds to wait for the body of an error response."""

_SIGNED = re.compile(
    r"Credential=[^/]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request,"
    r".*Signature=(?P<signature>[0-9a-f]{64})$"
)


@dataclass(frozen=True)
class AcceptedStream:
    """What the SDK returns once the endpoint has accepted a request.

    Attributes:
        publisher: Sends events.
        receiver: Receives messages.
        identity: Names the stream, with the request id and variant from the response.
    """

    publisher: EventPublisher
    receiver: EventReceiver
    identity: StreamIdentity


async def invoke(
    stream: Http2Stream,
    connect: Connect,
    *,
    request: StreamRequest,
    credentials: Credentials,
    response_timeout: float,
    overrides: Mapping[str, Any],
) -> AcceptedStream:
    """Call ``InvokeEndpointWithBidirectionalStream`` over ``stream``.

    Args:
        stream: The HTTP/2 stream to use, not connected yet.
        connect: Connects it.
        request: What to invoke.
        credentials: What the request and the stream's events are signed with.
        response_timeout: Seconds that may pass from the request to the response's headers.
        overrides: Fields of the SDK's configuration to override, by name.

    Raises:
        RejectedError: The endpoint answered with an error status.
        ConnectTimeoutError: The endpoint did not answer in time.
        ConnectError: The SDK could not send the request.
        ConfigurationError: The SDK rejects its configuration.
        SageMakerDeepgramError: ``connect`` or ``stream`` raised it.
    """
    transport = _Transport(stream, connect, request, response_timeout)
    invocation = SdkCall()

    async def call() -> tuple[EventPublisher, EventReceiver]:
        config = await _config(transport, request, credentials, overrides)
        identity = FrozenIdentity(config.aws_credentials_identity_resolver)
        config.aws_credentials_identity_resolver = identity
        config.protocol = _Protocol(config.protocol, stream, identity)
        config.interceptors = [invocation, *config.interceptors]
        client = AsyncSageMakerRuntimeHTTP2Client(config=config)
        duplex: Any = await client.invoke_endpoint_with_bidirectional_stream(_input(request))
        _, receiver = await duplex.await_output()
        return duplex.input_stream, receiver

    try:
        publisher, receiver = await invocation.run(call())
    except Exception as error:
        failure = _unwrapped(error)
    else:
        return AcceptedStream(publisher, receiver, identity=transport.identity)
    raise failure


def _input(request: StreamRequest) -> InvokeEndpointWithBidirectionalStreamInput:
    return InvokeEndpointWithBidirectionalStreamInput(
        endpoint_name=request.endpoint_name,
        target_variant=request.target_variant,
        model_invocation_path=request.invocation_path or None,
        model_query_string=request.query_string or None,
    )


async def _config(
    transport: "_Transport",
    request: StreamRequest,
    credentials: Credentials,
    overrides: Mapping[str, Any],
) -> Any:
    own = {
        "transport": transport,
        "aws_credentials_identity_resolver": GivenIdentity(credentials),
    }
    shared = {"region": request.region, "endpoint_uri": request.url}
    return await SDK_CONFIGS.resolve(own, shared, overrides)


def _unwrapped(error: Exception) -> SageMakerDeepgramError:
    """Find this package's own error inside the SDK's wrapping, or map the SDK's."""
    root: BaseException = error
    while not isinstance(root, SageMakerDeepgramError):
        if root.__cause__ is None:
            mapped = ConnectError(
                f"The AWS SDK could not send the request: {type(root).__name__}: {root}"
            )
            mapped.__cause__ = error
            return mapped
        root = root.__cause__
    return root


class _Transport(SharedByCopies):
    """The SDK's HTTP client for the one request of a stream."""

    SUPPORTS_DUPLEX_STREAMING = True
    TIMEOUT_EXCEPTIONS: tuple[type[Exception], ...] = ()

    def __init__(
        self, stream: Http2Stream, connect: Connect, request: StreamRequest, timeout: float
    ) -> None:
        self._stream = stream
        self._connect = connect
        self._request = request
        self._timeout = timeout
        self.identity = request.identity()

    async def send(self, request: HTTPRequest, *, request_config: Any = None) -> HTTPResponse:
        """Connect, send the request's headers and wait for the response's."""
        destination = request.destination
        await self._connect(Address(destination.host.strip("[]"), destination.port or PORT))
        self._stream.send_request(request_headers(request))
        status, headers = await self._response()
        fields = dict(headers)
        self.identity = self._request.identity(
            request_id=fields.get("x-amzn-requestid"),
            production_variant=fields.get("x-amzn-invoked-production-variant"),
        )
        if not 200 <= status < 300:
            raise await self._refusal(status, fields)
        return HTTPResponse(status=status, fields=response_fields(headers))

    async def _response(self) -> tuple[int, Headers]:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._stream.response()
        except TimeoutError as error:
            raise ConnectTimeoutError(
                f"{self._request.url} accepted the connection but did not answer the request "
                f"within {self._timeout:g} s",
                advice="SageMaker serves streams on port 8443 only; check the endpoint URL.",
            ) from error

    async def _refusal(self, status: int, headers: Mapping[str, str]) -> RejectedError:
        error = refusal(
            status=status,
            headers=headers,
            body=await _error_body(self._stream),
            endpoint_name=self._request.endpoint_name,
        )
        error.identity = self.identity
        return error


async def _error_body(stream: Http2Stream) -> bytes:
    """Read the body of an error response, or as much of it as arrives in time."""
    # Some servers end their response only when the request has ended.
    stream.end_input()
    body = b""
    try:
        async with asyncio.timeout(ERROR_BODY_TIMEOUT):
            while len(body) < MAX_ERROR_BODY and (data := await stream.read()):
                body += data
    except (TimeoutError, StreamError):
        pass  # The status says enough.
    return body


class _Protocol(SharedByCopies):
    """The SDK's protocol, with event streams of our own."""

    def __init__(self, wrapped: Any, stream: Http2Stream, identity: FrozenIdentity) -> None:
        self._wrapped = wrapped
        self._stream = stream
        self._identity = identity

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)

    def serialize_request(self, **parts: Any) -> SdkRequest:
        return SdkRequest.of(self._wrapped.serialize_request(**parts))

    def create_event_publisher(self, *, request: HTTPRequest, **_: Any) -> EventPublisher:
        signed = _SIGNED.search(request.fields["Authorization"].as_string())
        if signed is None:
            raise ConfigurationError(
                "The AWS SDK did not sign the request with Signature Version 4",
                advice="Leave auth_schemes and auth_scheme_resolver out of sdk_config.",
            )
        signer = EventSigner(
            secret_access_key=self._identity.secret_access_key,
            region=signed["region"],
            service=signed["service"],
            seed_signature=signed["signature"],
        )
        return EventPublisher(self._stream, signer)

    def create_event_receiver(self, **_: Any) -> EventReceiver:
        return EventReceiver(self._stream)

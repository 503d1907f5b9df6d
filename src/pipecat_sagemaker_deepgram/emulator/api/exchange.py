# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The exchange of one request that is answered as a whole, over either version of HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from email.utils import format_datetime
from typing import NamedTuple, Protocol
from uuid import uuid4

from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.exchange import Responder
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

LONGEST_BODY = 25 * 1024 * 1024
"""Maximum bytes of the body of ``InvokeEndpoint``. AWS, "SageMaker endpoints and quotas": 25 MB."""


class Answer(NamedTuple):
    """The response to a request, without the headers that every response has."""

    status: int
    headers: Iterable[tuple[str, str]]
    body: bytes


class Carrier(Protocol):
    """The connection, seen from one of its exchanges."""

    def flush(self) -> None:
        """Writes what is queued."""

    def close(self) -> None:
        """Ends the connection."""


type AnswerWhole = Callable[[bytes, str], Awaitable[Answer | None]]
"""Answers a body, given the request id; None closes the connection without an answer."""


class CallExchange:
    """Collects the body, answers it in a task, and sends the response."""

    def __init__(
        self,
        responder: Responder,
        carrier: Carrier,
        request: SignedRequest,
        endpoint: EmulatedEndpoint,
        answer: AnswerWhole,
        *,
        longest_body: int = LONGEST_BODY,
    ) -> None:
        """Refuses a body at once if its declared length is too large; otherwise waits for it.

        Args:
            responder: Sends the response.
            carrier: The connection.
            request: The request.
            endpoint: Has the clock for ``Date``, and owns the task.
            answer: Answers the whole body.
            longest_body: Maximum bytes of the body.
        """
        self._responder = responder
        self._carrier = carrier
        self._endpoint = endpoint
        self._answer = answer
        self._longest_body = longest_body
        self._request_id = str(uuid4())
        self._body = bytearray()
        self._is_over = False
        self._answering: asyncio.Task[None] | None = None
        length = request.value("content-length") or ""
        if length.isdigit() and int(length) > longest_body:
            self._send(body_too_long(longest_body))

    def data_received(self, data: bytes) -> None:
        """Adds to the body."""
        if self._is_over:
            return
        self._body += data
        if len(self._body) > self._longest_body:
            self._send(body_too_long(self._longest_body))

    def input_ended(self) -> None:
        """Starts to answer the body."""
        if not self._is_over:
            self._answering = self._endpoint.spawn(self._run())

    def stream_lost(self, reason: str) -> None:
        """Cancels the work: the client has disconnected."""
        self._is_over = True
        if self._answering is not None:
            self._answering.cancel()

    def output_paused(self, paused: bool) -> None:
        """Does nothing: a whole response is never paused."""

    async def _run(self) -> None:
        try:
            answer = await self._answer(bytes(self._body), self._request_id)
        except Exception:
            self._send(internal_failure())
            self._carrier.flush()
            raise
        if answer is None:
            self._carrier.close()
        else:
            self._send(answer)
            self._carrier.flush()

    def _send(self, answer: Answer) -> None:
        self._is_over = True
        self._body.clear()
        headers = [
            *answer.headers,
            ("date", format_datetime(self._endpoint.now(), usegmt=True)),
            ("x-amzn-requestid", self._request_id),
        ]
        self._responder.respond(answer.status, headers, body=answer.body)


def body_too_long(longest: int) -> Answer:
    """The response to a body that is too long; AWS's front end sends it without a code.

    Args:
        longest: Maximum bytes.
    """
    message = f"HTTP content length exceeded {longest} bytes."
    body = json.dumps({"message": message}).encode()
    return Answer(413, [("content-type", "application/json")], body)


def internal_failure() -> Answer:
    """The response if the emulator itself has failed."""
    error = ErrorAnswer(500, "InternalFailure", "The emulator has failed; its log says why.")
    return Answer(error.status, error.headers(), error.body())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""``InvokeEndpoint``: one request, one reply of the container.

A call has a number and a record, as a stream has. Of the faults for that number, those that happen
at connect are played.
"""

import asyncio

from loguru import logger

from pipecat_sagemaker_deepgram.emulator.api.container_http import (
    ContainerHttpError,
    ContainerReply,
    post_invocations,
)
from pipecat_sagemaker_deepgram.emulator.api.exchange import Answer
from pipecat_sagemaker_deepgram.emulator.api.invoke_endpoint import (
    ACTION,
    CODES,
    InvokeRequest,
    parse_invoke,
    validation_error,
)
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer, usual_code, usual_message
from pipecat_sagemaker_deepgram.emulator.faults.actions import (
    Action,
    AnswerLate,
    GoAway,
    NeverAnswer,
    Refuse,
)
from pipecat_sagemaker_deepgram.emulator.faults.player import FaultPlayer
from pipecat_sagemaker_deepgram.emulator.faults.text import describe_action
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest, body_hash

_TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the "
    "latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
)
_RETURNED = (
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-new-session-id",
    "x-amzn-sagemaker-closed-session-id",
)
"""Headers of the container that are passed on to the caller."""


class InvokeEndpoint:
    """One call."""

    def __init__(
        self, request: SignedRequest, name: str, endpoint: EmulatedEndpoint, connection: int
    ):
        """Waits for the body; the call gets a number and a record once the body is complete.

        Args:
            request: The request.
            name: The endpoint's name in its path.
            endpoint: The state that all calls share.
            connection: The number of the connection that carries it.
        """
        self._request = request
        self._name = name
        self._endpoint = endpoint
        self._connection = connection

    async def answer(self, body: bytes, request_id: str) -> Answer | None:
        """Carries out the call.

        Args:
            body: The whole body.
            request_id: The ``x-amzn-requestid`` of the answer.

        Returns:
            The answer; None if the connection is to be closed without one.
        """
        number = self._endpoint.numbers.reserve()
        self._record = self._endpoint.record(number, self._connection)
        self._record.operation = "InvokeEndpoint"
        self._record.request_id = request_id
        self._record.audio_bytes_in = len(body)
        try:
            return await self._invoke(body)
        except ErrorAnswer as error:
            self._end(error.status, f"refused: {error.status} {error.code}")
            return Answer(error.status, error.headers(), error.body())
        finally:
            if self._record.ended is None:
                self._end(None, "connection lost: by the client")

    async def _invoke(self, body: bytes) -> Answer | None:
        invoke = self._admit(body)
        player = FaultPlayer(self._endpoint.faults, self._record.number)
        for action in player.connect_actions():
            if isinstance(action, GoAway):
                self._end(None, f"fault: {describe_action(action)}")
                return None
            await self._play(action, invoke, player.retry_after)
        reply = await self._ask(invoke, body)
        self._end(200, "answered: 200")
        return Answer(200, self._headers(invoke, reply), reply.body)

    def _admit(self, body: bytes) -> InvokeRequest:
        endpoint = self._endpoint
        endpoint.verify(self._request, endpoint.now(), payload=body_hash(body))
        invoke = parse_invoke(self._request, self._name, variants=endpoint.variants)
        if endpoint.endpoint_names is not None and self._name not in endpoint.endpoint_names:
            account = endpoint.settings.account
            raise validation_error(f"Endpoint {self._name} of account {account} not found.")
        endpoint.authorize(ACTION, self._name)
        path, _, query = invoke.custom_attributes.partition("?")
        record = self._record
        record.endpoint_name, record.variant = invoke.endpoint, invoke.variant
        record.path, record.query = path, query
        return invoke

    async def _play(self, action: Action, invoke: InvokeRequest, retry_after: int | None) -> None:
        match action:
            case AnswerLate(seconds):
                await asyncio.sleep(self._endpoint.settings.real(seconds))
            case NeverAnswer():
                await asyncio.Event().wait()
            case Refuse(status, code, message):
                code = code or CODES.get(status) or usual_code(status)
                answer = self._scripted(status, code, message or usual_message(code), invoke)
                answer.retry_after = retry_after
                raise answer

    def _scripted(self, status: int, code: str, message: str, invoke: InvokeRequest) -> ErrorAnswer:
        if code != "ModelError":
            return ErrorAnswer(status, code, message)
        return self._endpoint.model_error(invoke.endpoint, invoke.variant, 500, message)

    async def _ask(self, invoke: InvokeRequest, body: bytes) -> ContainerReply:
        settings = self._endpoint.settings
        try:
            reply = await post_invocations(
                self._endpoint.container_url,
                invoke.headers,
                body,
                timeout=settings.real(settings.invocation_timeout),
            )
        except TimeoutError:
            raise self._model_error(invoke, 0, _TIMED_OUT) from None
        except ContainerHttpError as error:
            logger.warning(f"Emulator: the container did not answer POST /invocations: {error}")
            message = f"The container did not send a complete response: {error}"
            raise self._model_error(invoke, 0, message) from error
        if not 200 <= reply.status < 300:
            raise self._model_error(invoke, reply.status, reply.body.decode(errors="replace"))
        return reply

    def _model_error(self, invoke: InvokeRequest, status: int, message: str) -> ErrorAnswer:
        side = "client" if 400 <= status < 500 else "server"
        return self._endpoint.model_error(
            invoke.endpoint, invoke.variant, status, message, side=side
        )

    def _headers(self, invoke: InvokeRequest, reply: ContainerReply) -> list[tuple[str, str]]:
        variant = invoke.variant or self._endpoint.settings.variant
        content_type = reply.headers.get("content-type", "application/octet-stream")
        return [
            ("content-type", content_type),
            ("x-amzn-invoked-production-variant", variant),
            *((name, reply.headers[name]) for name in _RETURNED if name in reply.headers),
        ]

    def _end(self, status: int | None, how: str) -> None:
        self._record.status = status
        self._endpoint.end(self._record, how)

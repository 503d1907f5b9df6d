# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``POST /v1/listen``: transcribes a recording in the body or behind a URL."""

from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.query import (
    Parameters,
    one,
    read_request_query,
    write_query,
)
from pipecat_sagemaker_deepgram.gateway.recorded.fetching import fetch
from pipecat_sagemaker_deepgram.gateway.recorded.recording_request import RecordingRequest
from pipecat_sagemaker_deepgram.gateway.recorded.transcribing import Transcribing
from pipecat_sagemaker_deepgram.web.bodies import read_body
from pipecat_sagemaker_deepgram.web.errors import InvalidJsonError, RequestError
from pipecat_sagemaker_deepgram.web.front import json_response, request_id

_JSON = "application/json"


class _UrlBody(msgspec.Struct):
    url: str


class RecordedListening:
    """Serves the route.

    Args:
        options: The limits.
        transcribing: Transcribes recordings.
    """

    def __init__(self, options: GatewayOptions, transcribing: Transcribing) -> None:
        self._options = options
        self._transcribing = transcribing

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Serve a request.

        Raises:
            RequestError: The request is refused.
        """
        parameters = read_request_query(request.rel_url.raw_query_string)
        answer = await self._transcribing.transcribe(await self.read(request, parameters))
        return json_response(named(answer, request_id(request)))

    async def read(self, request: web.Request, parameters: Parameters) -> RecordingRequest:
        """Read a recording, and fetch it if the body is a URL.

        Args:
            request: The request.
            parameters: The parameters of the model.

        Raises:
            RequestError: The request is refused.
        """
        query = write_query(parameters)
        body, content_type = await self._recording(request)
        return RecordingRequest(
            body=body,
            content_type=content_type,
            model=one(parameters, "model", "base"),
            query=query,
            parameters=parameters,
            request_id=request_id(request),
        )

    async def _recording(self, request: web.Request) -> tuple[bytes, str]:
        body = await read_body(request, idle_timeout=self._options.upload_idle)
        if request.content_type == _JSON:
            fetched = await fetch(_url_in(body), self._options.fetch)
            body, content_type = fetched.body, fetched.content_type
        else:
            content_type = request.content_type
        if not body:
            raise RequestError(
                HTTPStatus.BAD_REQUEST, "Bad Request", "Bad Request: the recording is empty"
            )
        return body, content_type


def named(answer: dict[str, Any], id: str) -> dict[str, Any]:
    """Write a response under the request id that the client knows."""
    return {**answer, "metadata": {**answer.get("metadata", {}), "request_id": id}}


def _url_in(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_UrlBody).url
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidJsonError(str(error)) from error

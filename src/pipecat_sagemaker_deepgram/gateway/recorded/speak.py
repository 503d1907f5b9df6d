# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``POST /v1/speak`` and ``/v2/speak``: converts a text to speech."""

from http import HTTPStatus

from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.query import one, read_request_query, write_query
from pipecat_sagemaker_deepgram.gateway.recorded.requests import EndpointRequests
from pipecat_sagemaker_deepgram.transport.invoke_endpoint import EndpointRequest
from pipecat_sagemaker_deepgram.web.bodies import read_body
from pipecat_sagemaker_deepgram.web.errors import RequestError
from pipecat_sagemaker_deepgram.web.front import request_id

DEFAULT_VOICE = "aura-asteria-en"
"""The default voice (Deepgram docs, "Text to Speech")."""

_JSON = "application/json"


class Speaking:
    """Serves the routes.

    Args:
        options: The limits.
        requests: Sends requests to endpoints.
    """

    def __init__(self, options: GatewayOptions, requests: EndpointRequests) -> None:
        self._options = options
        self._requests = requests

    async def speak(self, request: web.Request) -> web.StreamResponse:
        """Serve a request.

        Raises:
            RequestError: The request is refused.
        """
        parameters = read_request_query(request.rel_url.raw_query_string)
        if request.content_type != _JSON:
            raise RequestError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                f"the body must be {_JSON}",
            )
        path = request.path.strip("/")
        answer = await self._requests.send(
            one(parameters, "model", DEFAULT_VOICE),
            EndpointRequest(
                body=await read_body(request, idle_timeout=self._options.upload_idle),
                content_type=_JSON,
                custom_attributes=f"{path}?{write_query(parameters)}",
                accept="*/*",
            ),
            request_id=request_id(request),
        )
        headers = {"Content-Type": answer.content_type or "application/octet-stream"}
        return web.Response(body=answer.body, headers=headers)

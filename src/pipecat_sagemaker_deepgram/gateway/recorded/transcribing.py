# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribes a recording as a whole by a request, or by streaming where that is impossible.

An endpoint answers a request of up to 25 MB within 60 seconds; a larger or longer recording, or one
for an endpoint that accepts streams only, is streamed faster than real time instead.
"""

from http import HTTPStatus
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError
from pipecat_sagemaker_deepgram.gateway.recorded.recording_request import RecordingRequest
from pipecat_sagemaker_deepgram.gateway.recorded.requests import (
    ContainerRefusal,
    EndpointRequests,
    read_object,
)
from pipecat_sagemaker_deepgram.gateway.recorded.streamed import StreamedRecordings
from pipecat_sagemaker_deepgram.gateway.refusals import unavailable
from pipecat_sagemaker_deepgram.transport.invoke_endpoint import EndpointRequest
from pipecat_sagemaker_deepgram.web.errors import RequestError

MOST_WHOLE = 25 * 1024 * 1024
"""Largest body of a request to an endpoint, in bytes (AWS Developer Guide)."""


class Transcribing:
    """Transcribes recordings.

    Args:
        requests: Sends requests to endpoints.
        streamed: Streams recordings to them.
    """

    def __init__(self, requests: EndpointRequests, streamed: StreamedRecordings) -> None:
        self._requests = requests
        self._streamed = streamed

    async def transcribe(
        self, request: RecordingRequest, *, streams: bool = False
    ) -> dict[str, Any]:
        """Transcribe a recording.

        Args:
            request: The recording and its parameters.
            streams: Whether to stream it, whatever its size.

        Returns:
            Deepgram's response.

        Raises:
            RequestError: It cannot be transcribed.
        """
        if streams or len(request.body) > MOST_WHOLE:
            return await self._streamed.transcribe(request)
        try:
            return await self._whole(request)
        except ContainerRefusal as refused:
            if not _takes_streams_only(refused):
                raise
            return await self._streamed_if_known(request, refused)

    async def _streamed_if_known(
        self, request: RecordingRequest, refused: ContainerRefusal
    ) -> dict[str, Any]:
        """Stream it; if the model is refused there too, the endpoint does not have it."""
        try:
            return await self._streamed.transcribe(request)
        except RequestError as error:
            if isinstance(error.__cause__, ModelUnavailableError):
                raise refused from error
            raise

    async def _whole(self, request: RecordingRequest) -> dict[str, Any]:
        answer = await self._requests.send(
            request.model,
            EndpointRequest(
                body=request.body,
                content_type=request.content_type,
                custom_attributes=f"v1/listen?{request.query}",
            ),
            request_id=request.request_id,
        )
        body = read_object(answer.body)
        if "results" not in body:
            raise unavailable("Service unavailable: the endpoint did not return a result")
        return body


def _takes_streams_only(refused: RequestError) -> bool:
    """Whether an endpoint refused a recording because it accepts streams only.

    Its container finds no such model among those for recordings (Deepgram's own test clients of
    SageMaker).
    """
    return refused.status is HTTPStatus.BAD_REQUEST and "No such model" in refused.description

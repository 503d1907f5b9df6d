# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Adds recordings to the job queue."""

from yarl import URL

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.gateway.access.door import Caller
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.gateway.jobs.options import CallbackOptions
from pipecat_sagemaker_deepgram.gateway.jobs.queue import JobQueue
from pipecat_sagemaker_deepgram.gateway.jobs.records import NewJob
from pipecat_sagemaker_deepgram.gateway.jobs.wishes import JobWish
from pipecat_sagemaker_deepgram.gateway.recorded.fetching import check_literal
from pipecat_sagemaker_deepgram.gateway.recorded.recording_request import RecordingRequest
from pipecat_sagemaker_deepgram.gateway.refusals import bad_query, no_endpoint, no_such_model


class JobSubmission:
    """Adds recordings to the job queue.

    Args:
        queue: The queue.
        endpoints: Finds the endpoints of a model.
        options: The addresses that callbacks may be sent to.
    """

    def __init__(self, queue: JobQueue, endpoints: EndpointList, options: CallbackOptions) -> None:
        self._queue = queue
        self._endpoints = endpoints
        self._options = options

    async def submit(
        self,
        request: RecordingRequest,
        wish: JobWish,
        caller: Caller,
        *,
        user_id: str | None = None,
        streams: bool = False,
    ) -> None:
        """Queue a recording; it is on disk once this returns.

        Args:
            request: The recording and the model's parameters.
            wish: The options of the job.
            caller: Its owner.
            user_id: The user that the caller named; may be empty.
            streams: Whether to stream it, whatever its size.

        Raises:
            RequestError: The request is refused.
        """
        texts = (request.model, request.query, request.content_type, user_id, wish.callback)
        if any("\0" in text for text in texts if text is not None):
            raise bad_query("a value contains a character that cannot be stored")
        if wish.callback is not None:
            check_literal(URL(wish.callback), self._options.is_allowed)
        job = NewJob(
            request_id=request.request_id,
            key_id=caller.key_id,
            user_id=user_id,
            endpoint=self._first_endpoint(request.model),
            model=request.model,
            query=request.query,
            content_type=request.content_type,
            audio=request.body,
            streams=streams,
            priority=wish.priority,
            callback=wish.callback,
            callback_method=wish.callback_method,
        )
        await self._queue.submit(job)

    def _first_endpoint(self, model: str) -> str:
        targets = self._endpoints.targets(model, loop_time())
        if not targets:
            raise no_such_model() if self._endpoints.endpoints else no_endpoint()
        return targets[0].endpoint_name

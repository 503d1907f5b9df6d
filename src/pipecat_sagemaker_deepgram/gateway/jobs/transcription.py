# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribes jobs in the same way as requests."""

from typing import TYPE_CHECKING

import msgspec

from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedJob
from pipecat_sagemaker_deepgram.gateway.query import read_request_query
from pipecat_sagemaker_deepgram.gateway.recorded.listen import named
from pipecat_sagemaker_deepgram.gateway.recorded.recording_request import RecordingRequest
from pipecat_sagemaker_deepgram.gateway.recorded.transcribing import Transcribing
from pipecat_sagemaker_deepgram.gateway.tracing import traced

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer


class JobTranscription:
    """Transcribes jobs.

    Args:
        transcribing: Transcribes recordings.
        tracer: Opens a span for each attempt; ``None`` for no spans.
    """

    def __init__(self, transcribing: Transcribing, tracer: "Tracer | None") -> None:
        self._transcribing = transcribing
        self._tracer = tracer

    async def transcribe(self, job: ClaimedJob, audio: bytes) -> bytes:
        """Transcribe a job.

        Returns:
            Deepgram's response, as JSON.

        Raises:
            RequestError: It cannot be transcribed.
        """
        request = RecordingRequest(
            body=audio,
            content_type=job.content_type,
            model=job.model,
            query=job.query,
            parameters=read_request_query(job.query),
            request_id=job.request_id,
        )
        attributes = {
            "request_id": job.request_id,
            "model": job.model,
            "attempt": job.attempt,
        }
        with traced(self._tracer, "job", attributes):
            answer = await self._transcribing.transcribe(request, streams=job.streams)
        return msgspec.json.encode(named(answer, job.request_id))

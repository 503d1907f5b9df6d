# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Has a job transcribed as a request would be."""

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
    """Has jobs transcribed.

    Args:
        transcribing: Has recordings transcribed.
        tracer: Opens a span for each attempt; ``None`` opens none.
    """

    def __init__(self, transcribing: Transcribing, tracer: "Tracer | None") -> None:
        self._transcribing = transcribing
        self._tracer = tracer

    async def transcribe(self, job: ClaimedJob, audio: bytes) -> bytes:
        """Have a job transcribed.

        Returns:
            Deepgram's answer, as JSON.

        Raises:
            RequestError: It cannot be.
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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A recording, and what is asked of it. Pure."""

from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.gateway.query import Parameters


@dataclass(frozen=True, kw_only=True)
class RecordingRequest:
    """A recording to transcribe.

    Attributes:
        body: The recording.
        content_type: What it is said to be.
        model: Deepgram's model.
        query: The query for the endpoint, written.
        parameters: The same, read.
        request_id: Names the request in the log.
    """

    body: bytes = field(repr=False)
    content_type: str
    model: str
    query: str
    parameters: Parameters
    request_id: str

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A recording and the parameters of its transcription. Pure."""

from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.gateway.query import Parameters


@dataclass(frozen=True, kw_only=True)
class RecordingRequest:
    """A recording to transcribe.

    Attributes:
        body: The recording.
        content_type: Its declared type.
        model: Deepgram's model.
        query: The query for the endpoint, encoded.
        parameters: The same, decoded.
        request_id: Id of the request, for the log.
    """

    body: bytes = field(repr=False)
    content_type: str
    model: str
    query: str
    parameters: Parameters
    request_id: str

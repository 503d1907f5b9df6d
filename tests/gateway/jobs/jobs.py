# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Jobs as tests queue them."""

from typing import Any

from pipecat_sagemaker_deepgram.gateway.jobs.records import NewJob


def new_job(request_id: str, **changes: Any) -> NewJob:
    """A job that asks for nothing unusual."""
    given: dict[str, Any] = {
        "key_id": "key",
        "endpoint": "nova",
        "model": "nova-3",
        "query": "model=nova-3",
        "content_type": "audio/wav",
        "audio": b"sound",
    }
    return NewJob(request_id=request_id, **given | changes)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The timeouts of the doctor. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The timeout of each step, in seconds.

    Attributes:
        credentials: Resolving credentials.
        call: A call of the control plane.
        name: Resolving the host name.
        connect: TCP alone; and name resolution, TCP and TLS together.
        answer: From a stream's request to its acceptance.
        reply: From a stream's acceptance to the container's first message.
        drain: From the last of the recording to the transcript.
        total: The whole run.
    """

    credentials: float = 5.0
    call: float = 6.0
    name: float = 5.0
    connect: float = 5.0
    answer: float = 5.0
    reply: float = 5.0
    drain: float = 8.0
    total: float = 90.0

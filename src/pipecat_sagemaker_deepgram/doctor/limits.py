# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long the doctor waits. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Most seconds for each step.

    Parameters:
        credentials: Resolving credentials.
        call: A call of the control plane.
        name: Resolving the host name.
        connect: Each of TCP, and name, TCP and TLS together.
        answer: From a stream's request to its acceptance.
        reply: From a stream's acceptance to the container's first word.
        drain: From the last of the recording to the transcript.
        total: Everything.
    """

    credentials: float = 5.0
    call: float = 6.0
    name: float = 5.0
    connect: float = 5.0
    answer: float = 5.0
    reply: float = 5.0
    drain: float = 8.0
    total: float = 90.0

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a gateway serves, and its limits. Pure."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions
from pipecat_sagemaker_deepgram.gateway.access.options import AccessOptions
from pipecat_sagemaker_deepgram.gateway.endpoints import Endpoint
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.recorded.addresses import FetchOptions
from pipecat_sagemaker_deepgram.web.bodies import UPLOAD_IDLE

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer


SESSION_CONFIG = ClientConfig(
    close_timeout=30.0, max_replay_seconds=120.0, max_concurrency=10_000, max_concurrent_connects=64
)
"""Clients send files as well as calls: what they still wait for at the end may take long."""


@dataclass(frozen=True, kw_only=True)
class GatewayOptions:
    """How a gateway behaves. Times are seconds.

    Attributes:
        endpoints: The SageMaker endpoints, the preferred one first.
        connection: How they are reached, and as whom.
        access: Who may use it, and how much.
        session: Time limits and sizes of each stream's session.
        open_timeout: Most time until an endpoint has taken a stream; then it is refused.
        idle_timeout: Time without a message after which a stream of v1/listen is closed with
            NET-0001 (Deepgram: 10).
        flux_idle_timeout: The same of v2/listen (Deepgram: 60).
        speech_idle: The same of v1/speak and v2/speak, closed with NET-0004 (Deepgram: 60).
        upload_idle: Most time in which nothing more of a request's body comes.
        send_timeout: Most time that a client may leave a message untaken before it is dropped.
        most_unheard: Seconds of audio that the endpoint has not listened to, from which a client
            is read in real time at most.
        drain_timeout: Most time that running streams get when the gateway stops.
        fetch: Limits of what is fetched from URLs.
        max_body: Bytes that a request's body may have.
        metrics_port: Where ``/metrics`` is served to everybody, on all addresses; ``None`` for
            nowhere: it is then where everything else is, for those who have a key.
        tracer: Opens OpenTelemetry's spans; ``None`` opens none.
        jobs: How recordings are queued; ``None`` queues none.
    """

    endpoints: tuple[Endpoint, ...]
    connection: ConnectionOptions = field(default_factory=ConnectionOptions)
    access: AccessOptions = field(default_factory=AccessOptions)
    session: ClientConfig = SESSION_CONFIG
    open_timeout: float = 8.0
    idle_timeout: float = 10.0
    flux_idle_timeout: float = 60.0
    speech_idle: float = 60.0
    upload_idle: float = UPLOAD_IDLE
    send_timeout: float = 10.0
    most_unheard: float = 20.0
    drain_timeout: float = 30.0
    fetch: FetchOptions = field(default_factory=FetchOptions)
    max_body: int = 100 * 2**20
    metrics_port: int | None = None
    tracer: "Tracer | None" = None
    jobs: JobOptions | None = None

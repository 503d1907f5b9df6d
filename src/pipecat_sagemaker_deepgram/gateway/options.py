# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options of a gateway. Pure."""

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
"""Clients also stream files, so the rest of a transcript may take long."""


@dataclass(frozen=True, kw_only=True)
class GatewayOptions:
    """The options of a gateway. Times are in seconds.

    Attributes:
        endpoints: The SageMaker endpoints, in order of preference.
        connection: How to reach them, and with which credentials.
        access: Access rights and limits.
        session: Time limits and sizes of each stream's session.
        open_timeout: Longest time until an endpoint accepts a stream; after that the stream is
            refused.
        idle_timeout: Time without a message after which a stream of v1/listen is closed with
            NET-0001 (Deepgram: 10).
        flux_idle_timeout: The same for v2/listen (Deepgram: 60).
        speech_idle: The same for v1/speak and v2/speak, closed with NET-0004 (Deepgram: 60).
        upload_idle: Longest pause while a request's body is received.
        send_timeout: Longest time that a client may leave a message unread before it is
            disconnected.
        most_unheard: Seconds of audio not yet processed by the endpoint, beyond which a client is
            read no faster than in real time.
        drain_timeout: Longest time that running streams have to end when the gateway stops.
        fetch: Limits for fetching URLs.
        max_body: Largest body of a request, in bytes.
        metrics_port: Port on which ``/metrics`` is served to everybody, on all addresses; with
            ``None`` it is served with everything else, to those who have a key.
        tracer: Opens OpenTelemetry spans; ``None`` for no spans.
        jobs: Options of the job queue; ``None`` for no queue.
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

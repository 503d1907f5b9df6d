# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Options of the job queue. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipecat_sagemaker_deepgram.gateway.recorded.addresses import Address, is_public


@dataclass(frozen=True, kw_only=True)
class CallbackOptions:
    """Options of callbacks. Times are in seconds.

    Attributes:
        attempts: Number of attempts in all (Deepgram docs, "Callback": ten).
        interval: Time between two attempts (Deepgram: 30).
        timeout: Longest time that the receiver may take to respond.
        concurrency: Concurrent callbacks per worker.
        secret: Secret that signs callbacks, as in Standard Webhooks; ``None`` leaves them unsigned.
        is_allowed: Returns whether connecting to an address is permitted.
    """

    attempts: int = 10
    interval: float = 30.0
    timeout: float = 30.0
    concurrency: int = 10
    secret: bytes | None = field(default=None, repr=False)
    is_allowed: Callable[[Address], bool] = is_public


@dataclass(frozen=True, kw_only=True)
class JobOptions:
    """Options of the job queue. Times are in seconds.

    Attributes:
        database: URL of the database, as SQLAlchemy defines it:
            ``sqlite:////var/lib/gateway/jobs.db`` or
            ``postgresql+psycopg://user@host/name``.
        concurrency: Concurrent jobs in this process; 0 leaves them to other workers.
        concurrency_per_endpoint: Concurrent jobs whose first target is the same endpoint, across
            all workers; ``None`` for no limit.
        attempts: Number of attempts at a job in all.
        backoff: Time before the second attempt; each further delay is twice as long.
        lease: Time after which a worker must renew its claim on a job.
        poll: Time between two queries of an idle worker.
        store_patience: Longest time for which a worker tries to store a result while the database
            is unavailable.
        retention: Time for which results are kept.
        callbacks: Options of callbacks.
    """

    database: str
    concurrency: int = 10
    concurrency_per_endpoint: int | None = None
    attempts: int = 3
    backoff: float = 5.0
    lease: float = 30.0
    poll: float = 1.0
    store_patience: float = 600.0
    retention: float = 7 * 24 * 3600.0
    callbacks: CallbackOptions = field(default_factory=CallbackOptions)


def sqlite_url(path: Path) -> str:
    """The URL of a database in a file."""
    return f"sqlite:///{path.absolute()}"

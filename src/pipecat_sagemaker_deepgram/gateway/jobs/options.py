# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How jobs are kept, run, tried again and reported. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipecat_sagemaker_deepgram.gateway.recorded.addresses import Address, is_public


@dataclass(frozen=True, kw_only=True)
class CallbackOptions:
    """How results are sent to those who asked for it. Times are seconds.

    Attributes:
        attempts: How often it is tried in all (Deepgram docs, "Callback": ten times).
        interval: Time from one attempt to the next (Deepgram: 30).
        timeout: Most time that the receiver may take to answer.
        concurrency: Callbacks that a worker sends at a time.
        secret: What callbacks are signed with, as Standard Webhooks has it; ``None`` signs none.
        is_allowed: Says whether an address may be connected to.
    """

    attempts: int = 10
    interval: float = 30.0
    timeout: float = 30.0
    concurrency: int = 10
    secret: bytes | None = field(default=None, repr=False)
    is_allowed: Callable[[Address], bool] = is_public


@dataclass(frozen=True, kw_only=True)
class JobOptions:
    """How jobs are kept and run. Times are seconds.

    Attributes:
        database: SQLAlchemy's URL of the database, as ``sqlite:////var/lib/gateway/jobs.db`` or
            ``postgresql+psycopg://user@host/name``.
        concurrency: Jobs that a worker runs at a time; 0 runs none, so that others have to.
        concurrency_per_endpoint: Jobs at a time that go first to one endpoint, by all workers
            together; ``None`` for no limit.
        attempts: How often a job is tried in all.
        backoff: Time before the second attempt; each further wait is twice as long.
        lease: Time for which a worker has a job before it has to say that it still works on it.
        poll: Time after which a worker that has found nothing looks again.
        store_patience: Most time for which a result is offered to a database that is away.
        retention: Time for which results are kept.
        callbacks: How results are sent to those who asked for it.
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

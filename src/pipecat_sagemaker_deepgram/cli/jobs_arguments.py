# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be written of the queue after ``serve`` and ``worker``. Standard library only."""

import argparse
import os
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.argument_values import count

DAY = 24 * 3600.0


@dataclass(frozen=True, kw_only=True)
class JobArguments:
    """The queue.

    Parameters:
        database: URL of its database.
        concurrency: Jobs that run in this process at a time; 0 leaves them to workers.
        concurrency_per_endpoint: Jobs of one endpoint at a time, by all workers.
        retention: Days for which results are kept.
        callback_secret: File with the secret that callbacks are signed with.
        callback_networks: Networks that callbacks may go to beside the public ones.
    """

    database: str
    concurrency: int = 10
    concurrency_per_endpoint: int | None = None
    retention: float = 7.0
    callback_secret: Path | None = None
    callback_networks: tuple[IPv4Network | IPv6Network, ...] = ()


def default_database() -> str:
    """Where jobs are kept unless somebody says otherwise (XDG Base Directory Specification)."""
    folder = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return f"sqlite:///{Path(folder).absolute() / 'pipecat-sagemaker-deepgram' / 'jobs.db'}"


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add the options of the queue.

    Args:
        parser: Where to.
    """
    group = parser.add_argument_group("jobs")
    group.add_argument(
        "--jobs",
        metavar="URL",
        help="database of the queue: sqlite:////PATH, or for several hosts "
        "postgresql+psycopg://USER@HOST/NAME (default: a file of this user)",
    )
    group.add_argument(
        "--workers",
        type=int,
        default=10,
        metavar="N",
        help="jobs that run in this process at a time; 0 leaves them to 'worker' (default: 10)",
    )
    group.add_argument(
        "--workers-per-endpoint",
        type=count,
        metavar="N",
        help="jobs of one endpoint at a time, by all workers together (default: no limit)",
    )
    group.add_argument(
        "--keep-results",
        type=float,
        default=7.0,
        metavar="DAYS",
        help="how long results are kept (default: 7)",
    )
    group.add_argument(
        "--callback-secret",
        type=Path,
        metavar="FILE",
        help="sign callbacks with the secret in it (base64, as Standard Webhooks has it)",
    )
    group.add_argument(
        "--allow-callbacks-to",
        action="append",
        type=ip_network,
        default=[],
        metavar="NETWORK",
        help="a private network that callbacks may go to, as 10.0.0.0/8; may be repeated",
    )


def read_jobs(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> JobArguments:
    """Read the options of the queue."""
    if arguments.workers < 0:
        parser.error("--workers has to be 0 or more")
    if arguments.keep_results <= 0:
        parser.error("--keep-results has to be more than 0")
    return JobArguments(
        database=arguments.jobs or default_database(),
        concurrency=arguments.workers,
        concurrency_per_endpoint=arguments.workers_per_endpoint,
        retention=arguments.keep_results,
        callback_secret=arguments.callback_secret,
        callback_networks=tuple(arguments.allow_callbacks_to),
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of the job queue. Imports the standard library only."""

import argparse
import os
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.argument_values import count, network, time_from

DAY = 24 * 3600.0


@dataclass(frozen=True, kw_only=True)
class JobArguments:
    """The queue.

    Attributes:
        database: URL of its database.
        concurrency: Concurrent jobs in this process; 0 leaves them to workers.
        concurrency_per_endpoint: Concurrent jobs of one endpoint, across all workers.
        retention: Days for which results are kept.
        callback_secret: File with the secret that signs callbacks.
        callback_networks: Networks that callbacks may be sent to besides public ones.
    """

    database: str
    concurrency: int = 10
    concurrency_per_endpoint: int | None = None
    retention: float = 7.0
    callback_secret: Path | None = None
    callback_networks: tuple[IPv4Network | IPv6Network, ...] = ()


def default_database() -> str:
    """The default database (XDG Base Directory Specification)."""
    folder = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return f"sqlite:///{Path(folder).absolute() / 'pipecat-sagemaker-deepgram' / 'jobs.db'}"


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add the options of the queue.

    Args:
        parser: The parser to add them to.
    """
    group = parser.add_argument_group("jobs")
    group.add_argument(
        "--jobs",
        metavar="URL",
        help="database of the job queue: sqlite:////PATH, or for several hosts "
        "postgresql+psycopg://USER@HOST/NAME (default: a file in the user's data "
        "directory)",
    )
    _add_concurrency(group)
    group.add_argument(
        "--keep-results",
        type=time_from(1 / 86_400, "a number of days, such as 7 or 0.5"),
        default=7.0,
        metavar="DAYS",
        help="how long results are kept (default: 7)",
    )
    _add_callbacks(group)


def _add_concurrency(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--workers",
        type=int,
        default=10,
        metavar="N",
        help="concurrent jobs in this process; 0 leaves them to 'worker' (default: 10)",
    )
    group.add_argument(
        "--workers-per-endpoint",
        type=count,
        metavar="N",
        help="concurrent jobs of one endpoint, across all workers (default: no limit)",
    )


def _add_callbacks(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--callback-secret",
        type=Path,
        metavar="FILE",
        help="sign callbacks with the secret in this file (base64, as in Standard Webhooks)",
    )
    group.add_argument(
        "--allow-callbacks-to",
        action="append",
        type=network,
        default=[],
        metavar="NETWORK",
        help="a private network that callbacks may be sent to, such as 10.0.0.0/8; may be repeated",
    )


def read_jobs(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> JobArguments:
    """Read the options of the queue."""
    if arguments.workers < 0:
        parser.error("--workers must be 0 or more")
    return JobArguments(
        database=arguments.jobs or default_database(),
        concurrency=arguments.workers,
        concurrency_per_endpoint=arguments.workers_per_endpoint,
        retention=arguments.keep_results,
        callback_secret=arguments.callback_secret,
        callback_networks=tuple(arguments.allow_callbacks_to),
    )

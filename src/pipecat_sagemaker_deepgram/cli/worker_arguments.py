# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``worker``. Imports the standard library only."""

import argparse
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.cli.gateway_arguments import (
    GatewayProcessOptions,
    add_endpoints,
    add_operation,
    check_process,
)
from pipecat_sagemaker_deepgram.cli.jobs_arguments import JobArguments, add_jobs, read_jobs
from pipecat_sagemaker_deepgram.cli.shared_arguments import new_options


@dataclass(frozen=True, kw_only=True)
class WorkerOptions(GatewayProcessOptions):
    """``worker``.

    Attributes:
        jobs: The queue.
    """

    jobs: JobArguments


def add_worker(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``worker``.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "worker",
        help="run the jobs of a gateway's queue",
        description="Run the jobs that gateways have queued, on this host or on others. On "
        "SIGTERM, the worker takes no further jobs and finishes those that are running within "
        "--drain-timeout; the rest return to the queue.",
    )
    add_endpoints(parser)
    add_jobs(parser)
    add_operation(parser)
    parser.set_defaults(read=lambda arguments: _read(arguments, parser))


def _read(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> WorkerOptions:
    check_process(arguments, parser)
    if not arguments.workers:
        parser.error("--workers must be 1 or more")
    return new_options(WorkerOptions, arguments, jobs=read_jobs(arguments, parser))

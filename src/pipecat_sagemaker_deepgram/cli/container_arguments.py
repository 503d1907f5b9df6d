# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``container``. Imports the standard library only."""

import argparse
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.cli.shared_arguments import add_address, add_verbose, new_options

SAGEMAKER_PORT = 8080
"""Where SageMaker expects a container (AWS Developer Guide, "Bidirectional streaming")."""


@dataclass(frozen=True, kw_only=True)
class RunContainerOptions:
    """``container``.

    Attributes:
        kind: ``echo`` or ``model``.
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        max_streams: Concurrent streams that the model serves; ``None`` for no limit.
        verbose: Whether to show the log.
    """

    kind: str
    host: str = "127.0.0.1"
    port: int = SAGEMAKER_PORT
    max_streams: int | None = None
    verbose: bool = False


def add_container(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add the command.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "container",
        help="run a model container by itself, as SageMaker does",
        description="Run what SageMaker runs behind an endpoint: a web server with /ping and a "
        "WebSocket for each stream. echo sends every message back; model has a real "
        "speech recogniser and a real voice, and serves Deepgram's v1/listen, v2/listen, "
        "v1/speak and v2/speak, by WebSocket and by POST.",
    )
    _add_what_runs(parser)
    add_address(parser, default_port=SAGEMAKER_PORT)
    parser.add_argument(
        "--max-streams", type=int, metavar="N", help="concurrent streams (default: no limit)"
    )
    add_verbose(parser)
    parser.set_defaults(read=lambda arguments: _read_container(arguments, parser))


def _add_what_runs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("echo", "model"))
    parser.add_argument(
        "serve",
        nargs="?",
        choices=("serve",),
        help="the argument that SageMaker adds when it starts an image; has no effect",
    )


def _read_container(
    arguments: argparse.Namespace, parser: argparse.ArgumentParser
) -> RunContainerOptions:
    if arguments.max_streams is not None:
        if arguments.kind == "echo":
            parser.error("--max-streams applies to the model only")
        if arguments.max_streams < 1:
            parser.error("--max-streams must be 1 or more")
    return new_options(RunContainerOptions, arguments)

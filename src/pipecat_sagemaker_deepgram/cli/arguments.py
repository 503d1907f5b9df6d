# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The commands and their arguments.

Imports the standard library only: ``--help`` must not wait for Pipecat or a speech model.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from urllib.parse import urlsplit

from pipecat_sagemaker_deepgram.cli.argument_values import count, port
from pipecat_sagemaker_deepgram.cli.container_arguments import RunContainerOptions, add_container
from pipecat_sagemaker_deepgram.cli.deploy_arguments import DeployOptions, add_deploy
from pipecat_sagemaker_deepgram.cli.doctor_arguments import DoctorOptions, add_doctor
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import (
    FAULT_HELP,
)
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions, add_listen
from pipecat_sagemaker_deepgram.cli.report_arguments import ReportOptions, add_report
from pipecat_sagemaker_deepgram.cli.serve_arguments import (
    KeysOptions,
    ServeOptions,
    WorkerOptions,
    add_serve,
)
from pipecat_sagemaker_deepgram.cli.transcribe_arguments import (
    TranscribeOptions,
    add_transcribe,
    read_speed,
)

FLUX_BUNDLES = ("2026-03", "2026-04", "2026-06", "current")
"""Releases of Deepgram Flux that the container can speak."""

_DISTRIBUTION = "pipecat-sagemaker-deepgram"
_CLOSE_STREAM = {"finalize": True, "update": False, None: None}


@dataclass(frozen=True, kw_only=True)
class EmulateOptions:
    """``emulate``.

    Attributes:
        container_url: A model container that is already running; ``None`` starts one.
        port: Port of the endpoint; 0 picks a free one.
        as_aws: Whether it also answers at AWS's own host names and ports.
        container_port: Port of the container that is started; 0 picks a free one.
        flux_bundle: The release of Deepgram Flux that the container behaves like; ``None`` for the
            newest.
        closestream_finalizes: Whether its ``CloseStream`` ends an open turn; ``None`` for what the
            release does.
        max_streams: Concurrent streams that it accepts; ``None`` for no limit.
        refuses_plus: Whether it refuses a plus sign in the query string.
        ignores_pings: Whether it leaves pings unanswered, as if it were dead.
        endpoint_name: Name of the endpoint.
        region: Region it claims to be in.
        keeps_credentials: Whether it accepts the credentials found on this machine, and exports
            none.
        faults: Faults to inject.
        verbose: Whether to show the log.
    """

    container_url: str | None = None
    port: int = 0
    as_aws: bool = False
    container_port: int = 0
    flux_bundle: str | None = None
    closestream_finalizes: bool | None = None
    max_streams: int | None = None
    refuses_plus: bool = False
    ignores_pings: bool = False
    endpoint_name: str = "deepgram"
    region: str = "us-east-1"
    keeps_credentials: bool = False
    faults: tuple[str, ...] = ()
    verbose: bool = False


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """``demo``.

    Attributes:
        speed: How many times faster than real time the audio is fed.
        verbose: Whether to show the log.
    """

    speed: float = 1.0
    verbose: bool = False


type Options = (
    TranscribeOptions
    | ListenOptions
    | DoctorOptions
    | EmulateOptions
    | DemoOptions
    | RunContainerOptions
    | DeployOptions
    | ReportOptions
    | ServeOptions
    | KeysOptions
    | WorkerOptions
)


def parse_arguments(argv: Sequence[str] | None = None) -> Options:
    """Read the command line.

    Args:
        argv: The arguments; the process's own by default.

    Returns:
        The options of the command.

    Raises:
        SystemExit: Help was requested (0), or the arguments are invalid (2).
    """
    arguments = new_parser().parse_args(argv)
    return arguments.read(arguments)


def new_parser() -> argparse.ArgumentParser:
    """Make the parser of the command line, with a parser for each command."""
    parser = argparse.ArgumentParser(
        prog=_DISTRIBUTION,
        description="Speech-to-text through Deepgram on Amazon SageMaker, and an endpoint to try "
        "it against with no AWS account.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=metadata.version(_DISTRIBUTION))
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_transcribe(commands)
    add_listen(commands)
    add_doctor(commands)
    _add_emulate(commands)
    _add_demo(commands)
    add_container(commands)
    add_deploy(commands)
    add_report(commands)
    add_serve(commands)
    return parser


# One pair of functions per command: one adds its arguments, the other reads them


def _add_emulate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    defaults = EmulateOptions()
    parser = commands.add_parser(
        "emulate",
        help="run an endpoint on this machine",
        description="Run a SageMaker endpoint on this machine, with a real speech recogniser "
        "behind it, until Ctrl-C. The environment variables that point clients to it are written "
        "to stdout as shell commands.",
    )
    parser.add_argument(
        "--container", metavar="WS_URL", help="use this model container, as ws://HOST:PORT"
    )
    parser.add_argument(
        "--port", type=port, default=0, help="port of the endpoint (default: a free one)"
    )
    parser.add_argument(
        "--as-aws",
        action="store_true",
        help="answer at AWS's own host names too, on port 8443 and, where permitted, 443",
    )
    parser.add_argument(
        "--container-port",
        metavar="PORT",
        type=port,
        default=0,
        help="port of the container (default: a free one)",
    )
    parser.add_argument(
        "--flux-bundle",
        choices=FLUX_BUNDLES,
        help="the release of Deepgram Flux that the container behaves like (default: current)",
    )
    parser.add_argument(
        "--close-stream",
        choices=("finalize", "update"),
        help="whether CloseStream ends an open turn of Deepgram Flux or only updates it "
        "(default: as the release does)",
    )
    parser.add_argument(
        "--max-streams",
        type=count,
        metavar="N",
        help="concurrent streams that the container accepts; further ones are refused "
        "(default: no limit)",
    )
    parser.add_argument(
        "--refuse-plus",
        action="store_true",
        help="make the container refuse a plus sign in the query, which AWS's pattern does "
        "not allow",
    )
    parser.add_argument(
        "--no-pongs",
        action="store_true",
        help="make the container leave pings unanswered, as if it were dead",
    )
    parser.add_argument(
        "--endpoint",
        metavar="NAME",
        default=defaults.endpoint_name,
        help=f"name of the endpoint (default: {defaults.endpoint_name})",
    )
    parser.add_argument(
        "--region", default=defaults.region, help=f"its AWS region (default: {defaults.region})"
    )
    parser.add_argument(
        "--keep-credentials",
        action="store_true",
        help="accept the AWS credentials found on this machine and export none, so that a "
        "bot's other services, such as Bedrock and Polly, keep working",
    )
    parser.add_argument("--fault", action="append", default=[], metavar="SPEC", help=FAULT_HELP)
    _add_verbose(parser)
    parser.set_defaults(read=lambda arguments: _read_emulate(arguments, parser))


def _read_emulate(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> EmulateOptions:
    if arguments.container is not None:
        if not _is_container_url(arguments.container):
            parser.error(f"--container {arguments.container} must have the form ws://HOST:PORT")
        own = ("container_port", "flux_bundle", "close_stream")
        for name in (*own, "max_streams", "refuse_plus", "no_pongs"):
            if getattr(arguments, name):
                option = name.replace("_", "-")
                parser.error(
                    f"--{option} cannot be combined with --container: it configures the "
                    "container that this command starts"
                )
    return EmulateOptions(
        container_url=arguments.container,
        port=arguments.port,
        as_aws=arguments.as_aws,
        container_port=arguments.container_port,
        flux_bundle=arguments.flux_bundle,
        closestream_finalizes=_CLOSE_STREAM[arguments.close_stream],
        max_streams=arguments.max_streams,
        refuses_plus=arguments.refuse_plus,
        ignores_pings=arguments.no_pongs,
        endpoint_name=arguments.endpoint,
        region=arguments.region,
        keeps_credentials=arguments.keep_credentials,
        faults=tuple(arguments.fault),
        verbose=arguments.verbose,
    )


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "demo",
        help="transcribe sample recordings on this machine",
        description="Transcribe 44 seconds of human speech on this machine, through Pipecat, "
        "the emulated endpoint and a real speech recogniser, and report the word error rate; "
        "then 10 seconds of a speaker's turns, as Deepgram Flux reports them.",
    )
    parser.add_argument(
        "--speed", type=read_speed, default=1.0, help="times faster than real time (default: 1.0)"
    )
    _add_verbose(parser)
    parser.set_defaults(
        read=lambda arguments: DemoOptions(speed=arguments.speed, verbose=arguments.verbose)
    )


def _add_verbose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")


def _is_container_url(text: str) -> bool:
    try:
        address = urlsplit(text)
        return address.scheme == "ws" and bool(address.hostname) and bool(address.port)
    except ValueError:
        return False

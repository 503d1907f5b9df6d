# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``emulate``. Imports the standard library only."""

import argparse
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipecat_sagemaker_deepgram.cli.argument_values import count, port
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import FAULT_HELP
from pipecat_sagemaker_deepgram.cli.shared_arguments import add_faults, add_verbose, new_options

FLUX_BUNDLES = ("2026-03", "2026-04", "2026-06", "current")
"""Releases of Deepgram Flux that the container can emulate."""

_CLOSE_STREAM = {"finalize": True, "update": False, None: None}

_OF_STARTED_CONTAINER = {
    "container_port": "--container-port",
    "flux_bundle": "--flux-bundle",
    "close_stream": "--close-stream",
    "max_streams": "--max-streams",
    "refuses_plus": "--refuse-plus",
    "ignores_pings": "--no-pongs",
}
"""The options of the container that the command starts, by the names of the arguments."""


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
        closestream_finalizes: Whether its ``CloseStream`` ends an open turn; ``None`` for the
            behaviour of the release.
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


def add_emulate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``emulate``.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "emulate",
        help="run an endpoint on this machine",
        description="Run a SageMaker endpoint on this machine, with a real speech recogniser "
        "behind it, until Ctrl-C. The environment variables that point clients to it are written "
        "to stdout as shell commands.",
    )
    _add_endpoint(parser)
    _add_behaviour(parser)
    _add_container(parser)
    _add_flux(parser)
    _add_container_faults(parser)
    add_verbose(parser)
    parser.set_defaults(read=lambda arguments: _read(arguments, parser))


def _add_endpoint(parser: argparse.ArgumentParser) -> None:
    defaults = EmulateOptions()
    parser.add_argument(
        "--endpoint",
        dest="endpoint_name",
        type=_name,
        metavar="NAME",
        default=defaults.endpoint_name,
        help=f"name of the endpoint (default: {defaults.endpoint_name})",
    )
    parser.add_argument(
        "--region",
        type=_name,
        default=defaults.region,
        help=f"its AWS region (default: {defaults.region})",
    )
    parser.add_argument(
        "--port", type=port, default=0, help="port of the endpoint (default: a free one)"
    )


def _add_behaviour(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-aws",
        action="store_true",
        help="answer at AWS's own host names too, on port 8443 and, where permitted, 443",
    )
    parser.add_argument(
        "--keep-credentials",
        dest="keeps_credentials",
        action="store_true",
        help="accept the AWS credentials found on this machine and export none, so that a "
        "bot's other services, such as Bedrock and Polly, keep working",
    )
    add_faults(parser, FAULT_HELP)


def _add_container(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--container",
        dest="container_url",
        metavar="WS_URL",
        help="use this model container, as ws://HOST:PORT",
    )
    parser.add_argument(
        "--container-port",
        metavar="PORT",
        type=port,
        default=0,
        help="port of the container (default: a free one)",
    )
    parser.add_argument(
        "--max-streams",
        type=count,
        metavar="N",
        help="concurrent streams that the container accepts; further ones are refused "
        "(default: no limit)",
    )


def _add_container_faults(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--refuse-plus",
        dest="refuses_plus",
        action="store_true",
        help="make the container refuse a plus sign in the query, which AWS's pattern does "
        "not allow",
    )
    parser.add_argument(
        "--no-pongs",
        dest="ignores_pings",
        action="store_true",
        help="make the container leave pings unanswered, as if it were dead",
    )


def _add_flux(parser: argparse.ArgumentParser) -> None:
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


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9](-*[A-Za-z0-9]){0,62}", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a name; use letters, digits and hyphens, 63 at most"
        )
    return text


def _read(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> EmulateOptions:
    if arguments.container_url is not None:
        _check_container(arguments, parser)
    finalizes = _CLOSE_STREAM[arguments.close_stream]
    return new_options(EmulateOptions, arguments, closestream_finalizes=finalizes)


def _check_container(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if not _is_container_url(arguments.container_url):
        parser.error(f"--container {arguments.container_url} must have the form ws://HOST:PORT")
    for dest, option in _OF_STARTED_CONTAINER.items():
        if getattr(arguments, dest):
            parser.error(
                f"{option} cannot be combined with --container: it configures the "
                "container that this command starts"
            )


def _is_container_url(text: str) -> bool:
    try:
        address = urlsplit(text)
        return address.scheme == "ws" and bool(address.hostname) and bool(address.port)
    except ValueError:
        return False

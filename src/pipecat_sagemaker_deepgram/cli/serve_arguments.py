# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``serve``. Imports the standard library only."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.argument_values import count, web_origin
from pipecat_sagemaker_deepgram.cli.gateway_arguments import (
    GatewayProcessOptions,
    add_endpoints,
    add_operation,
    check_process,
)
from pipecat_sagemaker_deepgram.cli.jobs_arguments import JobArguments, add_jobs, read_jobs
from pipecat_sagemaker_deepgram.cli.keys_arguments import default_key_file
from pipecat_sagemaker_deepgram.cli.shared_arguments import add_address, new_options

GATEWAY_PORT = 8080
"""The gateway's default port, which is that of Deepgram's own self-hosted API."""


_LIMITS: dict[str, tuple[str, int | None]] = {
    "--requests-per-minute": ("requests per minute and key", None),
    "--streams": ("concurrent streams and requests per key", None),
    "--streams-in-all": ("concurrent streams and requests of all keys together", None),
    "--requests-per-minute-in-all": ("requests per minute of all keys together", 1000),
}
"""The options that limit requests: their help and defaults."""


@dataclass(frozen=True, kw_only=True)
class ServeOptions(GatewayProcessOptions):
    """``serve``.

    Attributes:
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        key_file: File in which keys are stored.
        allows_anonymous: Whether it may listen beyond this machine without keys.
        certificate: PEM file of the certificate chain for TLS.
        private_key: PEM file of the private key; ``None`` if it is in the certificate's file.
        proxy: Address of the proxy that terminates TLS.
        origins: Origins of web pages that may use it.
        requests_per_minute: Requests per minute and key.
        requests_per_minute_in_all: Requests per minute of all keys together.
        streams: Concurrent streams per key.
        streams_in_all: Concurrent streams of all keys together.
        limit_storage: URL of the storage in which requests are counted.
        jobs: The queue; ``None`` for none.
    """

    host: str = "127.0.0.1"
    port: int = GATEWAY_PORT
    key_file: Path
    allows_anonymous: bool = False
    certificate: Path | None = None
    private_key: Path | None = None
    proxy: str | None = None
    origins: tuple[str, ...] = ()
    requests_per_minute: int | None = None
    requests_per_minute_in_all: int | None = 1000
    streams: int | None = None
    streams_in_all: int | None = None
    limit_storage: str = "memory://"
    jobs: JobArguments | None = None


def add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``serve``.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "serve",
        help="serve Deepgram's API in front of SageMaker endpoints",
        description="Run a gateway that serves Deepgram's own API: any Deepgram client can use a "
        "SageMaker endpoint by changing its base URL. Without --endpoint, an endpoint "
        "with a real speech recogniser is started on this machine.",
    )
    add_address(parser, default_port=GATEWAY_PORT)
    add_endpoints(parser)
    _add_access(parser)
    _add_limits(parser)
    add_jobs(parser)
    add_operation(parser)
    parser.set_defaults(read=lambda arguments: _read(arguments, parser))


def _add_access(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("access")
    group.add_argument("--keys", type=Path, metavar="FILE", help="file in which keys are stored")
    group.add_argument(
        "--allow-anonymous",
        dest="allows_anonymous",
        action="store_true",
        help="listen beyond this machine without keys",
    )
    group.add_argument(
        "--certificate", type=Path, metavar="PEM", help="certificate chain; turns TLS on"
    )
    group.add_argument(
        "--private-key", type=Path, metavar="PEM", help="private key of the certificate"
    )
    _add_origins(group)


def _add_origins(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--behind-proxy",
        dest="proxy",
        metavar="ADDRESS",
        help="address of the proxy that terminates TLS, or its network, such as 10.0.0.0/24; "
        "other clients are refused",
    )
    group.add_argument(
        "--cors-origin",
        dest="origins",
        action="append",
        type=web_origin,
        default=[],
        metavar="ORIGIN",
        help="origin of web pages that may use the gateway, such as https://app.example, or "
        "*; may be repeated",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("limits")
    for option, (what, default) in _LIMITS.items():
        help = f"{what} (default: {default or 'no limit'})"
        group.add_argument(option, type=count, metavar="N", default=default, help=help)
    group.add_argument(
        "--limit-storage",
        default="memory://",
        metavar="URL",
        help="where requests are counted: redis://HOST:6379 to share the limits between "
        "several hosts",
    )


def _read(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> ServeOptions:
    check_process(arguments, parser)
    if arguments.private_key and not arguments.certificate:
        parser.error("--private-key needs --certificate")
    key_file = arguments.keys or default_key_file()
    jobs = read_jobs(arguments, parser)
    return new_options(ServeOptions, arguments, key_file=key_file, jobs=jobs)

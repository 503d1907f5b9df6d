# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``serve``. Imports the standard library only."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipecat_sagemaker_deepgram.cli.argument_values import count, port
from pipecat_sagemaker_deepgram.cli.gateway_arguments import (
    GatewayProcessOptions,
    add_endpoints,
    add_operation,
    read_process,
)
from pipecat_sagemaker_deepgram.cli.jobs_arguments import JobArguments, add_jobs, read_jobs
from pipecat_sagemaker_deepgram.cli.keys_arguments import default_key_file

GATEWAY_PORT = 8080
"""The gateway's default port, which is that of Deepgram's own self-hosted API."""


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
        commands: Where to.
    """
    parser = commands.add_parser(
        "serve",
        help="serve Deepgram's API in front of SageMaker endpoints",
        description="Run a gateway that serves Deepgram's own API: any Deepgram client can use a "
        "SageMaker endpoint by changing its base URL. Without --endpoint, an endpoint "
        "with a real speech recogniser is started on this machine.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port",
        type=port,
        default=GATEWAY_PORT,
        help=f"port to listen on; 0 picks a free one (default: {GATEWAY_PORT})",
    )
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
        action="store_true",
        help="listen beyond this machine without keys",
    )
    group.add_argument(
        "--certificate", type=Path, metavar="PEM", help="certificate chain; turns TLS on"
    )
    group.add_argument(
        "--private-key", type=Path, metavar="PEM", help="private key of the certificate"
    )
    group.add_argument(
        "--behind-proxy",
        metavar="ADDRESS",
        help="address of the proxy that terminates TLS, or its network, such as 10.0.0.0/24; "
        "other clients are refused",
    )
    group.add_argument(
        "--cors-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="origin of web pages that may use the gateway, such as https://app.example, or "
        "*; may be repeated",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("limits")
    for option, what in (
        ("--requests-per-minute", "requests per minute and key"),
        ("--streams", "concurrent streams and requests per key"),
        ("--streams-in-all", "concurrent streams and requests of all keys together"),
    ):
        group.add_argument(option, type=count, metavar="N", help=f"{what} (default: no limit)")
    group.add_argument(
        "--requests-per-minute-in-all",
        type=count,
        metavar="N",
        default=1000,
        help="requests per minute of all keys together (default: 1000)",
    )
    group.add_argument(
        "--limit-storage",
        default="memory://",
        metavar="URL",
        help="where requests are counted: redis://HOST:6379 to share the limits between "
        "several hosts",
    )


def _read(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> ServeOptions:
    shared = read_process(arguments, parser)
    if arguments.private_key and not arguments.certificate:
        parser.error("--private-key needs --certificate")
    return ServeOptions(
        host=arguments.host,
        port=arguments.port,
        jobs=read_jobs(arguments, parser),
        **shared,
        **_read_access(arguments),
        **_read_limits(arguments),
    )


def _read_access(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "key_file": arguments.keys or default_key_file(),
        "allows_anonymous": arguments.allow_anonymous,
        "certificate": arguments.certificate,
        "private_key": arguments.private_key,
        "proxy": arguments.behind_proxy,
        "origins": tuple(arguments.cors_origin),
    }


def _read_limits(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "requests_per_minute": arguments.requests_per_minute,
        "requests_per_minute_in_all": arguments.requests_per_minute_in_all,
        "streams": arguments.streams,
        "streams_in_all": arguments.streams_in_all,
        "limit_storage": arguments.limit_storage,
    }

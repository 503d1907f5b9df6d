# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments that ``serve`` and ``worker`` share. Imports the standard library only."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipecat_sagemaker_deepgram.cli.argument_values import port, time_from, web_url
from pipecat_sagemaker_deepgram.cli.shared_arguments import add_faults, add_verbose


@dataclass(frozen=True, kw_only=True)
class ServedEndpoint:
    """An endpoint, as given on the command line.

    Attributes:
        name: Name of the SageMaker endpoint.
        region: AWS region; ``None`` for the environment's, else the profile's.
    """

    name: str
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class GatewayProcessOptions:
    """The options that ``serve`` and ``worker`` share.

    Attributes:
        endpoints: The endpoints, in order of preference; if empty, one is started on this machine.
        endpoint_file: A file that names them instead.
        endpoint_url: Base URL of SageMaker instead of the region's own.
        ca_bundle: PEM file of trusted certificates instead of the system's.
        profile: Profile of AWS's configuration files.
        metrics_port: Port on which ``/metrics`` is served to everybody; ``None`` for none.
        traces: Base URL of an OpenTelemetry collector; ``None`` for no traces.
        drain_timeout: Seconds that running streams and jobs have to end when the process stops.
        faults: Faults to inject at the endpoint that is started.
        log_json: Whether the log is written as JSON.
        verbose: Whether to log everything from DEBUG up.
    """

    endpoints: tuple[ServedEndpoint, ...] = ()
    endpoint_file: Path | None = None
    endpoint_url: str | None = None
    ca_bundle: str | None = None
    profile: str | None = None
    metrics_port: int | None = None
    traces: str | None = None
    drain_timeout: float = 30.0
    faults: tuple[str, ...] = ()
    log_json: bool = False
    verbose: bool = False


def add_endpoints(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the endpoints."""
    group = parser.add_argument_group("endpoints")
    group.add_argument(
        "--endpoint",
        dest="endpoints",
        action="append",
        type=lambda name: ServedEndpoint(name=name),
        metavar="NAME",
        help="name of a SageMaker endpoint; may be repeated, in order of preference",
    )
    group.add_argument(
        "--region", action=_RegionOfEndpoint, help="AWS region of the endpoint before it"
    )
    group.add_argument(
        "--endpoints",
        dest="endpoint_file",
        type=Path,
        metavar="TOML",
        help="a file of endpoints and their models",
    )
    _add_connection(group)
    add_faults(group, "inject a fault at the endpoint on this machine")


def _add_connection(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--endpoint-url", metavar="URL", help="base URL instead of the region's")
    group.add_argument("--ca-bundle", metavar="PEM", help="certificates to trust")
    group.add_argument("--profile", help="profile of AWS's configuration files")


def add_operation(parser: argparse.ArgumentParser) -> None:
    """Add the options for metrics, traces, the time to stop and the log."""
    _add_monitoring(parser)
    parser.add_argument(
        "--drain-timeout",
        type=time_from(0.0, "a number of seconds, 0 or more"),
        default=30.0,
        metavar="SECONDS",
        help="how long running streams and jobs have to end when it stops (default: 30)",
    )
    parser.add_argument("--log-json", action="store_true", help="write the log as JSON")
    add_verbose(parser, "show all of the log")


def _add_monitoring(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--metrics-port",
        type=port,
        metavar="PORT",
        help="serve /metrics on this port, on all addresses and to everybody",
    )
    parser.add_argument(
        "--trace-to",
        dest="traces",
        type=web_url,
        metavar="URL",
        help="send traces to an OpenTelemetry collector, such as http://127.0.0.1:4318",
    )


def check_process(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Check that the options of ``GatewayProcessOptions`` do not conflict.

    Args:
        arguments: The parsed arguments; ``endpoints`` becomes a list if it is missing.
        parser: Reports options that conflict.
    """
    arguments.endpoints = arguments.endpoints or []
    is_remote = arguments.endpoints or arguments.endpoint_file
    if arguments.endpoints and arguments.endpoint_file:
        parser.error("--endpoints and --endpoint cannot be combined")
    for name in ("endpoint_url", "ca_bundle", "profile"):
        if getattr(arguments, name) and not is_remote:
            parser.error(f"--{name.replace('_', '-')} needs --endpoint or --endpoints")
    if arguments.faults and is_remote:
        parser.error(
            "--fault applies to an endpoint on this machine and cannot be combined with "
            "--endpoint or --endpoints"
        )


class _RegionOfEndpoint(argparse.Action):
    """``--region`` belongs to the ``--endpoint`` before it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        endpoints: Sequence[ServedEndpoint] = namespace.endpoints or ()
        if not endpoints or endpoints[-1].region is not None:
            parser.error("--region must follow the --endpoint that it belongs to")
        *others, last = endpoints
        namespace.endpoints = [*others, ServedEndpoint(name=last.name, region=values)]

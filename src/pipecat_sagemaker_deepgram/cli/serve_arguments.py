# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``serve``, ``worker`` and ``keys``. Imports the standard library only."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipecat_sagemaker_deepgram.cli.argument_values import count, port
from pipecat_sagemaker_deepgram.cli.jobs_arguments import JobArguments, add_jobs, read_jobs

GATEWAY_PORT = 8080
"""The gateway's default port, which is that of Deepgram's own self-hosted API."""


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
class ServeOptions:
    """``serve``.

    Attributes:
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        endpoints: The endpoints, in order of preference; if empty, one is started on this machine.
        endpoint_file: A file that names them instead.
        endpoint_url: Base URL of SageMaker instead of the region's own.
        ca_bundle: PEM file of trusted certificates instead of the system's.
        profile: Profile of AWS's configuration files.
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
        drain_timeout: Seconds that running streams have to end when the gateway stops.
        jobs: The queue; ``None`` for none.
        metrics_port: Port on which ``/metrics`` is served to everybody; ``None`` for none.
        traces: Base URL of an OpenTelemetry collector; ``None`` for no traces.
        faults: Faults to inject at the endpoint that is started.
        log_json: Whether the log is written as JSON.
        verbose: Whether to log everything from DEBUG up.
    """

    host: str = "127.0.0.1"
    port: int = GATEWAY_PORT
    endpoints: tuple[ServedEndpoint, ...] = ()
    endpoint_file: Path | None = None
    endpoint_url: str | None = None
    ca_bundle: str | None = None
    profile: str | None = None
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
    drain_timeout: float = 30.0
    jobs: JobArguments | None = None
    metrics_port: int | None = None
    traces: str | None = None
    faults: tuple[str, ...] = ()
    log_json: bool = False
    verbose: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """``worker``.

    Attributes:
        endpoints: As for ``serve``.
        endpoint_file: As for ``serve``.
        endpoint_url: As for ``serve``.
        ca_bundle: As for ``serve``.
        profile: As for ``serve``.
        jobs: The queue.
        metrics_port: Port on which ``/metrics`` is served; ``None`` for none.
        traces: As for ``serve``.
        drain_timeout: Seconds that running jobs have to end when the worker stops.
        faults: Faults to inject at the endpoint that is started.
        log_json: Whether the log is written as JSON.
        verbose: Whether to log everything from DEBUG up.
    """

    endpoints: tuple[ServedEndpoint, ...] = ()
    endpoint_file: Path | None = None
    endpoint_url: str | None = None
    ca_bundle: str | None = None
    profile: str | None = None
    jobs: JobArguments
    metrics_port: int | None = None
    traces: str | None = None
    drain_timeout: float = 30.0
    faults: tuple[str, ...] = ()
    log_json: bool = False
    verbose: bool = False


@dataclass(frozen=True, kw_only=True)
class KeysOptions:
    """``keys``.

    Attributes:
        action: ``add``, ``list`` or ``revoke``.
        subject: The purpose of a new key, or the id of the one to revoke.
        key_file: File in which keys are stored.
        verbose: Whether to show the log.
    """

    action: str
    subject: str = ""
    key_file: Path
    verbose: bool = False


def default_key_file() -> Path:
    """The default file of keys (XDG Base Directory Specification)."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "pipecat-sagemaker-deepgram" / "keys.json"


class _RegionOfEndpoint(argparse.Action):
    """``--region`` belongs to the ``--endpoint`` before it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        endpoints: Sequence[ServedEndpoint] = namespace.endpoint or ()
        if not endpoints or endpoints[-1].region is not None:
            parser.error("--region must follow the --endpoint that it belongs to")
        *others, last = endpoints
        namespace.endpoint = [*others, ServedEndpoint(name=last.name, region=values)]


def add_serve(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add the commands ``serve`` and ``keys``.

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
    _add_endpoints(parser)
    _add_access(parser)
    _add_limits(parser)
    add_jobs(parser)
    _add_monitoring(parser)
    _add_drain_timeout(parser)
    parser.add_argument("--log-json", action="store_true", help="write the log as JSON")
    parser.add_argument("-v", "--verbose", action="store_true", help="show all of the log")
    parser.set_defaults(read=lambda arguments: _read_serve(arguments, parser))
    _add_worker(commands)
    _add_keys(commands)


def _add_endpoints(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("endpoints")
    group.add_argument(
        "--endpoint",
        action="append",
        type=lambda name: ServedEndpoint(name=name),
        metavar="NAME",
        help="name of a SageMaker endpoint; may be repeated, in order of preference",
    )
    group.add_argument(
        "--region", action=_RegionOfEndpoint, help="AWS region of the endpoint before it"
    )
    group.add_argument(
        "--endpoints", type=Path, metavar="TOML", help="a file of endpoints and their models"
    )
    group.add_argument("--endpoint-url", metavar="URL", help="base URL instead of the region's")
    group.add_argument("--ca-bundle", metavar="PEM", help="certificates to trust")
    group.add_argument("--profile", help="profile of AWS's configuration files")
    group.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="SPEC",
        help="inject a fault at the endpoint on this machine",
    )


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


def _add_drain_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--drain-timeout",
        type=float,
        default=30.0,
        metavar="SECONDS",
        help="how long running streams and jobs have to end when it stops (default: 30)",
    )


def _add_worker(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    parser = commands.add_parser(
        "worker",
        help="run the jobs of a gateway's queue",
        description="Run the jobs that gateways have queued, on this host or on others. On "
        "SIGTERM, the worker takes no further jobs and finishes those that are running within "
        "--drain-timeout; the rest return to the queue.",
    )
    _add_endpoints(parser)
    add_jobs(parser)
    _add_drain_timeout(parser)
    _add_monitoring(parser)
    parser.add_argument("--log-json", action="store_true", help="write the log as JSON")
    parser.add_argument("-v", "--verbose", action="store_true", help="show all of the log")
    parser.set_defaults(read=lambda arguments: _read_worker(arguments, parser))


def _add_monitoring(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--metrics-port",
        type=port,
        metavar="PORT",
        help="serve /metrics on this port, on all addresses and to everybody",
    )
    parser.add_argument(
        "--trace-to",
        metavar="URL",
        help="send traces to an OpenTelemetry collector, such as http://127.0.0.1:4318",
    )


def _read_worker(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> WorkerOptions:
    _check_endpoints(arguments, parser)
    if not arguments.workers:
        parser.error("--workers must be 1 or more")
    return WorkerOptions(
        endpoints=tuple(arguments.endpoint or ()),
        endpoint_file=arguments.endpoints,
        endpoint_url=arguments.endpoint_url,
        ca_bundle=arguments.ca_bundle,
        profile=arguments.profile,
        jobs=read_jobs(arguments, parser),
        metrics_port=arguments.metrics_port,
        traces=arguments.trace_to,
        drain_timeout=arguments.drain_timeout,
        faults=tuple(arguments.fault),
        log_json=arguments.log_json,
        verbose=arguments.verbose,
    )


def _check_endpoints(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    is_remote = arguments.endpoint or arguments.endpoints
    if arguments.endpoint and arguments.endpoints:
        parser.error("--endpoints and --endpoint cannot be combined")
    for name in ("endpoint_url", "ca_bundle", "profile"):
        if getattr(arguments, name) and not is_remote:
            parser.error(f"--{name.replace('_', '-')} needs --endpoint or --endpoints")
    if arguments.fault and is_remote:
        parser.error(
            "--fault applies to an endpoint on this machine and cannot be combined with "
            "--endpoint or --endpoints"
        )


def _read_serve(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> ServeOptions:
    _check_endpoints(arguments, parser)
    if arguments.private_key and not arguments.certificate:
        parser.error("--private-key needs --certificate")
    return ServeOptions(
        host=arguments.host,
        port=arguments.port,
        endpoints=tuple(arguments.endpoint or ()),
        endpoint_file=arguments.endpoints,
        endpoint_url=arguments.endpoint_url,
        ca_bundle=arguments.ca_bundle,
        profile=arguments.profile,
        key_file=arguments.keys or default_key_file(),
        allows_anonymous=arguments.allow_anonymous,
        certificate=arguments.certificate,
        private_key=arguments.private_key,
        proxy=arguments.behind_proxy,
        origins=tuple(arguments.cors_origin),
        requests_per_minute=arguments.requests_per_minute,
        requests_per_minute_in_all=arguments.requests_per_minute_in_all,
        streams=arguments.streams,
        streams_in_all=arguments.streams_in_all,
        limit_storage=arguments.limit_storage,
        drain_timeout=arguments.drain_timeout,
        jobs=read_jobs(arguments, parser),
        metrics_port=arguments.metrics_port,
        traces=arguments.trace_to,
        faults=tuple(arguments.fault),
        log_json=arguments.log_json,
        verbose=arguments.verbose,
    )


def _add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "keys",
        help="create, list and revoke the keys of a gateway",
        description="Create, list and revoke the keys of a gateway. Only digests are stored: a key "
        "is shown once, when it is created. A running gateway applies changes at once.",
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION", dest="action")
    add = actions.add_parser("add", help="create a key and print it")
    add.add_argument("subject", metavar="NAME", help="what the key is for")
    actions.add_parser("list", help="list keys")
    revoke = actions.add_parser("revoke", help="revoke a key and the tokens granted to it")
    revoke.add_argument("subject", metavar="ID", help="its id, as listed")
    for each in actions.choices.values():
        each.add_argument("--keys", type=Path, metavar="FILE", help="file in which keys are stored")
    parser.set_defaults(
        read=lambda arguments: KeysOptions(
            action=arguments.action,
            subject=getattr(arguments, "subject", ""),
            key_file=arguments.keys or default_key_file(),
        )
    )

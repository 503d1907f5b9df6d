# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be written after ``serve``, and what it means. Imports the standard library only."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipecat_sagemaker_deepgram.cli.argument_values import count, port
from pipecat_sagemaker_deepgram.cli.jobs_arguments import JobArguments, add_jobs, read_jobs

GATEWAY_PORT = 8080
"""Where the gateway listens: the port of Deepgram's own self-hosted API."""


@dataclass(frozen=True, kw_only=True)
class ServedEndpoint:
    """An endpoint, as it is written.

    Parameters:
        name: Name of the SageMaker endpoint.
        region: AWS region; ``None`` takes the environment's, else the profile's.
    """

    name: str
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """``serve``.

    Parameters:
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        endpoints: The endpoints, the preferred one first; none starts one on this machine.
        endpoint_file: A file that names them instead.
        endpoint_url: Base URL of SageMaker instead of the region's own.
        ca_bundle: PEM file of trusted certificates instead of the system's.
        profile: Profile of AWS's configuration files.
        key_file: Where keys are kept.
        allows_anonymous: Whether it may listen beyond this machine without keys.
        certificate: PEM file of the certificate chain to speak TLS with.
        private_key: PEM file of its key; ``None`` where the chain's file has it.
        proxy: Address of the proxy that speaks TLS.
        origins: Origins of web pages that may use it.
        requests_per_minute: Requests of one key in a minute.
        requests_per_minute_in_all: Requests of all keys in a minute.
        streams: Streams of one key at a time.
        streams_in_all: Streams of all keys at a time.
        limit_storage: Where requests are counted.
        drain_timeout: Seconds that running streams get when it stops.
        jobs: The queue; ``None`` for none.
        metrics_port: Where ``/metrics`` is served to everybody; ``None`` for nowhere.
        traces: Base URL of a collector of OpenTelemetry's traces; ``None`` traces nothing.
        faults: What goes wrong at the endpoint that is started.
        log_json: Whether the log is written as JSON.
        verbose: Whether all of the log is shown.
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
    limit_storage: str = "async+memory://"
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

    Parameters:
        endpoints: As of ``serve``.
        endpoint_file: As of ``serve``.
        endpoint_url: As of ``serve``.
        ca_bundle: As of ``serve``.
        profile: As of ``serve``.
        jobs: The queue.
        metrics_port: Where ``/metrics`` is served; ``None`` for nowhere.
        traces: As of ``serve``.
        drain_timeout: Seconds that running jobs get when it stops.
        faults: What goes wrong at the endpoint that is started.
        log_json: Whether the log is written as JSON.
        verbose: Whether all of the log is shown.
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

    Parameters:
        action: ``add``, ``list`` or ``revoke``.
        subject: What a new key is for, or the id of the one to revoke.
        key_file: Where keys are kept.
        verbose: Whether the log is shown.
    """

    action: str
    subject: str = ""
    key_file: Path
    verbose: bool = False


def default_key_file() -> Path:
    """Where keys are kept unless somebody says otherwise (XDG Base Directory Specification)."""
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
            parser.error("--region has to follow the --endpoint that it belongs to")
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
        help="speak Deepgram's API in front of SageMaker endpoints",
        description="Run a gateway that speaks Deepgram's own API: any client of Deepgram's uses "
        "a SageMaker endpoint by changing its base URL. Without --endpoint, an endpoint with a "
        "real speech recogniser is started on this machine.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="(default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=port, default=GATEWAY_PORT, help=f"(default: {GATEWAY_PORT})"
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
        help="name of a SageMaker endpoint; may be repeated, the preferred one first",
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
        help="make something go wrong at the endpoint on this machine",
    )


def _add_access(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("access")
    group.add_argument("--keys", type=Path, metavar="FILE", help="where keys are kept")
    group.add_argument(
        "--allow-anonymous",
        action="store_true",
        help="listen beyond this machine without keys",
    )
    group.add_argument("--certificate", type=Path, metavar="PEM", help="speak TLS with it")
    group.add_argument("--private-key", type=Path, metavar="PEM", help="the certificate's key")
    group.add_argument(
        "--behind-proxy",
        metavar="ADDRESS",
        help="the proxy that speaks TLS, or its network as 10.0.0.0/24; others are refused",
    )
    group.add_argument(
        "--cors-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="web pages that may use it, as https://app.example, or *; may be repeated",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("limits")
    for option, what in (
        ("--requests-per-minute", "requests of one key in a minute"),
        ("--streams", "streams and requests of one key at a time"),
        ("--streams-in-all", "streams and requests of all keys at a time"),
    ):
        group.add_argument(option, type=count, metavar="N", help=f"{what} (default: no limit)")
    group.add_argument(
        "--requests-per-minute-in-all",
        type=count,
        metavar="N",
        default=1000,
        help="requests of all keys in a minute (default: 1000)",
    )
    group.add_argument(
        "--limit-storage",
        default="async+memory://",
        metavar="URL",
        help="where requests are counted: async+redis://HOST:6379 for several hosts together",
    )


def _add_drain_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--drain-timeout",
        type=float,
        default=30.0,
        metavar="SECONDS",
        help="how long running streams and jobs get when it stops (default: 30)",
    )


def _add_worker(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    parser = commands.add_parser(
        "worker",
        help="run the jobs of a gateway's queue",
        description="Run the jobs that gateways have queued, on this host or on others. SIGTERM "
        "takes no more and finishes those that run, within a limit; the rest goes back.",
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
        help="serve /metrics there, on all addresses and to everybody",
    )
    parser.add_argument(
        "--trace-to",
        metavar="URL",
        help="send OpenTelemetry's traces to a collector, as http://127.0.0.1:4318",
    )


def _read_worker(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> WorkerOptions:
    _check_endpoints(arguments, parser)
    if not arguments.workers:
        parser.error("--workers has to be 1 or more")
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
        parser.error("--endpoints names a file of endpoints: leave --endpoint out")
    for name in ("endpoint_url", "ca_bundle", "profile"):
        if getattr(arguments, name) and not is_remote:
            parser.error(f"--{name.replace('_', '-')} needs --endpoint or --endpoints")
    if arguments.fault and is_remote:
        parser.error("--fault is for an endpoint on this machine")


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
        help="make, list and revoke the keys of a gateway",
        description="Make, list and revoke the keys of a gateway. Only digests are kept: a key "
        "is shown once, when it is made. A running gateway applies changes at once.",
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION", dest="action")
    add = actions.add_parser("add", help="make a key and print it")
    add.add_argument("subject", metavar="NAME", help="what the key is for")
    actions.add_parser("list", help="list keys")
    revoke = actions.add_parser("revoke", help="revoke a key and the tokens granted to it")
    revoke.add_argument("subject", metavar="ID", help="its id, as listed")
    for each in actions.choices.values():
        each.add_argument("--keys", type=Path, metavar="FILE", help="where keys are kept")
    parser.set_defaults(
        read=lambda arguments: KeysOptions(
            action=arguments.action,
            subject=getattr(arguments, "subject", ""),
            key_file=arguments.keys or default_key_file(),
        )
    )

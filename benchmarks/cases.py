# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The runs of a benchmark. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks import environments
from benchmarks.environments import Environment
from benchmarks.load.spec import LoadSpec

SECTIONS = (
    "signatures", "clients", "uvloop", "opening", "services", "imports", "start", "recovery",
)  # fmt: skip

NULL = "null"
OURS = "this project"
OURS_80_MS = "this project, 80 ms chunks"
AWS_SDK = "AWS SDK 0.12 + CRT"
PIPECAT = "Pipecat 1.14 client"
DEEPGRAM = "deepgram-sagemaker 0.4"
BUILTIN = "Pipecat 1.14 service"
NOVA = "DeepgramSageMakerSTTService"
FLUX = "DeepgramFluxSageMakerSTTService"

MAX_CONNECTS = 32
"""Streams that this project's client opens at once, by default."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """One client library.

    Attributes:
        name: Its name in the report.
        driver: Module of its driver.
        environment: The environment it runs in.
        options: For the driver.
    """

    name: str
    driver: str
    environment: Environment
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One run that is repeated.

    Attributes:
        section: Part of the benchmark.
        client: The client that it measures.
        spec: What the client does.
        behaviour: What the server does.
        is_recovery: Whether streams are cut and words counted, not CPU.
        is_start: Whether only the time to the first open stream is measured.
        once: Whether it runs only once, because its result is always the same.
    """

    section: str
    client: Client
    spec: LoadSpec
    behaviour: Mapping[str, Any] = field(default_factory=dict)
    is_recovery: bool = False
    is_start: bool = False
    once: bool = False

    @property
    def module(self) -> str:
        """Main module of the client's process."""
        if self.section == "imports":
            return "benchmarks.load.imports"
        if self.is_start:
            return "benchmarks.load.start"
        return "benchmarks.load.recovery" if self.is_recovery else "benchmarks.load"

    @property
    def timeout(self) -> float:
        """Seconds after which the client's process counts as failed."""
        spec = self.spec
        return 30.0 + spec.open_timeout + spec.warm_up + spec.window + spec.close_timeout


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of the command line.

    Attributes:
        quick: Whether to measure briefly and less precisely.
        sections: Which sections to run.
        repeat: How often each case is run.
        streams: Numbers of streams; all clients run with the first, this project with all.
        in_step: Whether all streams of a process send at the same moments.
    """

    quick: bool = False
    sections: tuple[str, ...] = SECTIONS
    repeat: int = 3
    streams: tuple[int, ...] = (10, 50)
    in_step: bool = False


_NULL = Client(name=NULL, driver="null", environment=environments.OURS)
_OURS = Client(name=OURS, driver="ours", environment=environments.OURS)
_OURS_80_MS = Client(
    name=OURS_80_MS,
    driver="ours",
    environment=environments.OURS,
    options={"min_chunk_seconds": 0.08},
)
_AWS_SDK = Client(name=AWS_SDK, driver="aws_sdk", environment=environments.AWS_SDK)
_PIPECAT = Client(name=PIPECAT, driver="pipecat_builtin", environment=environments.PIPECAT)
_DEEPGRAM = Client(name=DEEPGRAM, driver="deepgram_transport", environment=environments.DEEPGRAM)
_NULL_SERVICE = Client(name=NULL, driver="service_null", environment=environments.OURS)
_OUR_SERVICE = Client(name=OURS, driver="service_ours", environment=environments.OURS)
_BUILTIN = Client(name=BUILTIN, driver="service_builtin", environment=environments.PIPECAT)

_LIBRARIES = (_OURS, _AWS_SDK, _PIPECAT, _DEEPGRAM)


def cases_of(section: str, options: Options) -> tuple[Case, ...]:
    """The cases of one section, in the order in which each round runs them."""
    match section:
        case "signatures":
            return tuple(_signatures(client) for client in _LIBRARIES)
        case "clients":
            return _clients(options)
        case "uvloop":
            clients = (_NULL, _OURS, _AWS_SDK)
            return tuple(_load("uvloop", each, options.streams[0], options) for each in clients)
        case "opening":
            return _opening(options)
        case "services":
            clients = (_NULL_SERVICE, _OUR_SERVICE, _BUILTIN)
            return tuple(_load("services", each, options.streams[0], options) for each in clients)
        case "imports":
            return tuple(_import(service) for service in (NOVA, FLUX))
        case "start":
            return tuple(_start(client) for client in (_NULL_SERVICE, _OUR_SERVICE, _BUILTIN))
        case "recovery":
            return tuple(_recovery(client, options) for client in _LIBRARIES)
    raise ValueError(f"{section} is not a section")


def _load(section: str, client: Client, streams: int, options: Options) -> Case:
    spec = LoadSpec(
        driver=client.driver,
        options=dict(client.options),
        streams=streams,
        in_step=options.in_step,
        uvloop=section == "uvloop",
        warm_up=1.0,
        window=2.0 if options.quick else 5.0,
        close_timeout=3.0,
    )
    return Case(section=section, client=client, spec=spec)


def _signatures(client: Client) -> Case:
    spec = LoadSpec(driver=client.driver, streams=2, warm_up=0.1, window=0.5, close_timeout=2.0)
    behaviour = {"verify": True}
    return Case(section="signatures", client=client, spec=spec, behaviour=behaviour, once=True)


def _clients(options: Options) -> tuple[Case, ...]:
    first, *further = options.streams
    compared = (_NULL, _OURS, _OURS_80_MS, _AWS_SDK, _PIPECAT, _DEEPGRAM)
    cases = [_load("clients", client, first, options) for client in compared]
    for streams in further:
        cases += [_load("clients", client, streams, options) for client in (_NULL, _OURS)]
    return tuple(cases)


def _opening(options: Options) -> tuple[Case, ...]:
    several, many = (100, 200) if options.quick else (200, 500)
    return (
        _open_at_once(_OURS, several, max_handshakes=1_000_000),
        _open_at_once(_PIPECAT, several, max_handshakes=1_000_000),
        _open_at_once(_OURS, many, max_handshakes=MAX_CONNECTS),
    )


def _open_at_once(client: Client, streams: int, *, max_handshakes: int) -> Case:
    spec = LoadSpec(
        driver=client.driver,
        streams=streams,
        frames_per_chunk=10,
        warm_up=0.2,
        window=2.0,
        close_timeout=5.0,
    )
    behaviour = {"handshake_seconds": 0.02, "max_handshakes": max_handshakes}
    return Case(section="opening", client=client, spec=spec, behaviour=behaviour)


def _import(service: str) -> Case:
    client = Client(
        name=service,
        driver="service_ours",
        environment=environments.OURS,
        options={"service": service},
    )
    spec = LoadSpec(driver=client.driver, options=dict(client.options), streams=0)
    return Case(section="imports", client=client, spec=spec)


def _start(client: Client) -> Case:
    spec = LoadSpec(driver=client.driver, streams=1)
    return Case(section="start", client=client, spec=spec, is_start=True)


def _recovery(client: Client, options: Options) -> Case:
    spec = LoadSpec(
        driver=client.driver,
        streams=8,
        window=4.0 if options.quick else 6.0,
        close_timeout=5.0 if client is _OURS else 2.0,
    )
    return Case(
        section="recovery",
        client=client,
        spec=spec,
        behaviour={"cut_after": 1.0 if options.quick else 1.5, "cuts": 2},
        is_recovery=True,
        once=client is not _OURS,
    )

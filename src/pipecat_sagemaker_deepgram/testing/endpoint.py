# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An endpoint for one test."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

from pipecat_sagemaker_deepgram import Credentials, StaticCredentialsResolver
from pipecat_sagemaker_deepgram.container import (
    FluxOptions,
    ModelContainer,
    MoonshineRecognizer,
    ScriptedBehavior,
    ScriptedRecognizer,
)
from pipecat_sagemaker_deepgram.emulator import (
    EmulatorSettings,
    FaultScript,
    SageMakerEmulator,
    StreamRecord,
    parse_fault,
)
from pipecat_sagemaker_deepgram.testing.background import Background, in_background

_READY_TIMEOUT = 120.0


@dataclass(frozen=True, kw_only=True)
class EndpointOptions:
    """The configuration of an endpoint: keywords of the mark ``sagemaker_endpoint``.

    Attributes:
        name: Name of the endpoint, the only one that exists; ``deepgram`` by default.
        region: AWS region of the endpoint; ``us-east-1`` by default.
        faults: Faults to inject, one per line, as ``emulator.faults.text`` describes; none by
            default.
        behavior: How the scripted recogniser answers; ``None`` (the default) answers regularly.
        flux: How v2/listen is served; ``None`` (the default) serves it like Deepgram's public API.
        settings: Limits and timers of SageMaker; ``None`` (the default) uses the real ones.
    """

    name: str = "deepgram"
    region: str = "us-east-1"
    faults: Sequence[str] = ()
    behavior: ScriptedBehavior | None = None
    flux: FluxOptions | None = None
    settings: EmulatorSettings | None = None


class ServiceOptions(TypedDict):
    """Arguments that direct a service or client of this package to an endpoint."""

    endpoint_name: str
    region: str
    endpoint_url: str
    ca_bundle: Path
    credentials: StaticCredentialsResolver


class LocalEndpoint:
    """A running endpoint.

    Attributes:
        name: Name of the endpoint.
    """

    def __init__(self, background: Background[SageMakerEmulator], name: str) -> None:
        """Wrap a running emulator.

        Args:
            background: The emulator.
            name: The endpoint's name.
        """
        self.name = name
        self._background = background
        self._emulator = background.value

    @property
    def url(self) -> str:
        """The address, ``https://HOST:PORT``."""
        return self._emulator.endpoint_url

    @property
    def options(self) -> ServiceOptions:
        """Arguments for a service: ``DeepgramSageMakerSTTService(**endpoint.options)``."""
        return {
            "endpoint_name": self.name,
            "region": self._emulator.region,
            "endpoint_url": self.url,
            "ca_bundle": self._emulator.ca_bundle,
            "credentials": self._credentials(),
        }

    def _credentials(self) -> StaticCredentialsResolver:
        keys = self._emulator.credentials
        return StaticCredentialsResolver(
            Credentials(
                access_key_id=keys.access_key_id,
                secret_access_key=keys.secret_access_key,
                session_token=keys.session_token,
            )
        )

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that direct AWS clients and bots to this endpoint."""
        return self._emulator.environment() | {"SAGEMAKER_STT_ENDPOINT_NAME": self.name}

    @property
    def streams(self) -> list[StreamRecord]:
        """What is known about each stream so far, in the order in which they were opened."""
        return self._background.call(lambda emulator: [replace(each) for each in emulator.streams])

    def add_fault(self, *faults: str) -> None:
        """Inject faults from now on.

        Args:
            *faults: One line per fault, such as ``reset@bytes=64000`` or
                ``drop@seconds=2,streams=next``; ``emulator.faults.text`` describes them.

        Raises:
            ValueError: A line is not valid; the message says what is allowed.
        """
        parsed = [parse_fault(text) for text in faults]
        self._background.call(lambda emulator: emulator.faults.add(*parsed))

    def clear_faults(self) -> None:
        """Stop injecting faults."""
        self._background.call(lambda emulator: emulator.faults.clear())

    def expire_credentials(self) -> None:
        """Let the credentials expire; ``options`` has new ones from then on."""
        self._background.call(lambda emulator: emulator.rotate_credentials())


@contextmanager
def local_endpoint(
    options: EndpointOptions | None = None, *, container_url: str | None = None
) -> Iterator[LocalEndpoint]:
    """Run an endpoint while the context is open.

    Args:
        options: Its configuration; ``None`` (the default) for ``EndpointOptions()``.
        container_url: URL of a running container; ``None`` (the default) starts one with the
            scripted recogniser.

    Yields:
        The endpoint.

    Raises:
        ValueError: A fault is not valid.
    """
    wanted = options or EndpointOptions()
    with in_background(lambda: _run(wanted, container_url)) as background:
        yield LocalEndpoint(background, wanted.name)


@contextmanager
def real_container() -> Iterator[str]:
    """Run a container with a real recogniser while the context is open.

    Yields:
        Its URL.

    Raises:
        RecognizerUnavailableError: The model cannot be loaded.
    """
    with in_background(_run_real_container) as background:
        yield background.value


@asynccontextmanager
async def _run_real_container() -> AsyncIterator[str]:
    async with ModelContainer(MoonshineRecognizer()) as container:
        await container.wait_until_ready(_READY_TIMEOUT)
        yield container.url


@asynccontextmanager
async def _run(
    options: EndpointOptions, container_url: str | None
) -> AsyncIterator[SageMakerEmulator]:
    if container_url is None:
        recognizer = ScriptedRecognizer(options.behavior)
        async with ModelContainer(recognizer, flux=options.flux) as container:
            await container.wait_until_ready(_READY_TIMEOUT)
            async with _emulator(options, container.url) as emulator:
                yield emulator
    else:
        async with _emulator(options, container_url) as emulator:
            yield emulator


def _emulator(options: EndpointOptions, container_url: str) -> SageMakerEmulator:
    return SageMakerEmulator(
        container_url,
        endpoint_names=[options.name],
        region=options.region,
        faults=FaultScript([parse_fault(text) for text in options.faults]),
        settings=options.settings or EmulatorSettings(slow_open_warning=None),
    )

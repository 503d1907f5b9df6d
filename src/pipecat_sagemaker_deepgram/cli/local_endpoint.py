# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An endpoint on this machine: the emulator with a model container behind it."""

import errno
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from pipecat_sagemaker_deepgram.cli.exceptions import AddressError, CommandError, UsageError
from pipecat_sagemaker_deepgram.container import (
    ContainerOptions,
    ModelContainer,
    MoonshineRecognizer,
    RecognizerUnavailableError,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Recognizer
from pipecat_sagemaker_deepgram.emulator import (
    EmulatorCredentials,
    EmulatorSettings,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
    runtime_host_names,
)

HOST = "127.0.0.1"
AWS_PORT = 8443
"""The port for bidirectional streams."""

HTTPS_PORT = 443
"""The port for all other operations."""

_READY_TIMEOUT = 60.0


def read_faults(specifications: Sequence[str]) -> FaultScript:
    """Read the faults to inject.

    Args:
        specifications: One fault each, as ``parse_fault`` documents.

    Raises:
        UsageError: One of them cannot be read; the message names it.
    """
    try:
        return FaultScript([parse_fault(text) for text in specifications])
    except ValueError as error:
        raise UsageError(str(error).rstrip(".")) from error


@asynccontextmanager
async def run_local_endpoint(
    *,
    endpoint_name: str,
    region: str = "us-east-1",
    container_url: str | None = None,
    port: int = 0,
    as_aws: bool = False,
    https_port: int = HTTPS_PORT,
    container_port: int = 0,
    faults: FaultScript | None = None,
    recognizer: Recognizer | None = None,
    container_options: ContainerOptions | None = None,
    credentials: EmulatorCredentials | None = None,
) -> AsyncIterator[SageMakerEmulator]:
    """Run an endpoint while the context is open.

    Args:
        endpoint_name: The only endpoint that exists.
        region: Its AWS region.
        container_url: A container that is already running; ``None`` starts one.
        port: Port of the endpoint; 0 picks a free one, or 8443 with ``as_aws``.
        as_aws: Whether it also answers at AWS's own host names, and on ``https_port`` if that is
            permitted.
        https_port: The second port of such an endpoint.
        container_port: Port of the container that is started; 0 picks a free one.
        faults: Faults to inject.
        recognizer: The recogniser of the container that is started; Moonshine by default.
        container_options: Behaviour of that container.
        credentials: The credentials that the endpoint accepts; ``None`` makes some.

    Yields:
        The endpoint, once its container is ready.

    Raises:
        CommandError: A port is in use, or the recogniser cannot be loaded.
        ImportError: The extra ``local`` is not installed.
    """
    async with AsyncExitStack() as stack:
        own = container_url is None
        if container_url is None:
            container = ModelContainer(
                recognizer or MoonshineRecognizer(),
                host=HOST,
                port=container_port,
                options=container_options,
            )
            container_url = await _start_container(stack, container, container_port)
        port = port or (AWS_PORT if as_aws else 0)
        # The container of this process is never deployed, so its speed is not logged.
        settings = EmulatorSettings(slow_open_warning=None) if own else EmulatorSettings()
        emulator = SageMakerEmulator(
            container_url,
            host=HOST,
            port=port,
            endpoint_names=[endpoint_name],
            region=region,
            credentials=credentials,
            faults=faults,
            settings=settings,
            host_names=runtime_host_names(region) if as_aws else (),
            optional_ports=(https_port,) if as_aws else (),
        )
        yield await _start_emulator(stack, emulator, port)


async def _start_container(stack: AsyncExitStack, container: ModelContainer, port: int) -> str:
    try:
        await stack.enter_async_context(container)
        await container.wait_until_ready(_READY_TIMEOUT)
    except OSError as error:
        raise _port_error(error, port, "--container-port") from error
    except RecognizerUnavailableError as error:
        raise CommandError(f"The speech recogniser cannot be loaded: {error}") from error
    return container.url


async def _start_emulator(
    stack: AsyncExitStack, emulator: SageMakerEmulator, port: int
) -> SageMakerEmulator:
    try:
        return await stack.enter_async_context(emulator)
    except OSError as error:
        raise _port_error(error, port, "--port") from error


def _port_error(error: OSError, port: int, option: str) -> CommandError:
    if error.errno == errno.EADDRINUSE:
        return CommandError(
            f"Port {port} on {HOST} is already in use",
            advice=f"Choose another with {option}, or omit it to use a free one.",
        )
    return AddressError(f"Port {port} on {HOST}", error)

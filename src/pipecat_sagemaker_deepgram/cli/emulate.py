# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``emulate``: run an endpoint on this machine until a signal arrives."""

import asyncio
import shlex
import sys

from pipecat_sagemaker_deepgram.cli.emulate_arguments import EmulateOptions
from pipecat_sagemaker_deepgram.cli.emulate_environment import exports, users_credentials
from pipecat_sagemaker_deepgram.cli.event_loop import run
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.cli.local_endpoint import (
    HOST,
    HTTPS_PORT,
    read_faults,
    run_local_endpoint,
)
from pipecat_sagemaker_deepgram.container import ContainerOptions, FluxOptions
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Recognizer
from pipecat_sagemaker_deepgram.emulator import (
    ContainerNotReadyError,
    SageMakerEmulator,
    runtime_host_names,
    wait_until_healthy,
)


def run_emulate(options: EmulateOptions) -> ExitCode:
    """Run the command until the first signal; a second one ends it at once.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        ImportError: A package of an optional extra is not installed.
    """
    run(emulate(options))
    return ExitCode.DONE


async def emulate(
    options: EmulateOptions,
    *,
    recognizer: Recognizer | None = None,
    https_port: int = HTTPS_PORT,
) -> None:
    """Run an endpoint until a signal arrives.

    Args:
        options: Where and how.
        recognizer: The recogniser of the container; Moonshine by default.
        https_port: The second port of an endpoint that answers at AWS's host names.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
    """
    credentials = await users_credentials() if options.keeps_credentials else None
    stop = asyncio.Event()
    with Interrupts(stop.set):
        async with run_local_endpoint(
            endpoint_name=options.endpoint_name,
            region=options.region,
            container_url=options.container_url,
            port=options.port,
            as_aws=options.as_aws,
            https_port=https_port,
            container_port=options.container_port,
            faults=read_faults(options.faults),
            recognizer=recognizer,
            container_options=_container_options(options),
            credentials=credentials,
        ) as emulator:
            if options.container_url is None or await _is_ready(options.container_url, stop):
                _announce(emulator, options)
                await stop.wait()
            print("closing", file=sys.stderr)


async def _is_ready(container_url: str, stop: asyncio.Event) -> bool:
    """Wait until a container is ready, and return whether it is."""

    def say(state: str) -> None:
        print(f"Waiting for the container at {container_url}: {state}.", file=sys.stderr)

    waiting = asyncio.create_task(wait_until_healthy(container_url, on_unhealthy=say))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            waiting.result()
        return waiting.done()
    except ContainerNotReadyError as error:
        raise CommandError(str(error).rstrip(".")) from error
    finally:
        waiting.cancel()
        stopping.cancel()
        await asyncio.wait({waiting, stopping})


def _container_options(options: EmulateOptions) -> ContainerOptions:
    return ContainerOptions(
        max_streams=options.max_streams,
        answers_pings=not options.ignores_pings,
        plus_is_space=not options.refuses_plus,
        flux=FluxOptions(
            bundle=options.flux_bundle or FluxOptions.bundle,
            closestream_finalizes=options.closestream_finalizes,
        ),
    )


def _announce(emulator: SageMakerEmulator, options: EmulateOptions) -> None:
    endpoint_name = options.endpoint_name
    variables = exports(emulator, endpoint_name, keeps_credentials=options.keeps_credentials)
    if options.as_aws:
        # For clients that do not read AWS_CA_BUNDLE: those on the CRT, and those in Node.
        variables["SSL_CERT_FILE"] = str(emulator.trust_store)
        variables["NODE_EXTRA_CA_CERTS"] = str(emulator.ca_bundle)
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    sys.stdout.flush()
    print(
        f"Endpoint {endpoint_name} in {emulator.region} is listening at {emulator.endpoint_url}; "
        f"its certificates are signed by {emulator.ca_bundle}.\n"
        "With the lines above in their environment, all clients of this package and the example "
        "bots find it.\n"
        f"{_names_of_aws(emulator) if options.as_aws else ''}"
        "Press Ctrl-C to stop it.",
        file=sys.stderr,
        flush=True,
    )


def _names_of_aws(emulator: SageMakerEmulator) -> str:
    """Explain how to direct clients with a fixed URL to this endpoint."""
    lines = "".join(f"    {HOST} {name}\n" for name in runtime_host_names(emulator.region))
    ports = " and ".join(str(port) for port in emulator.ports)
    missing = "".join(
        f"Port {port} cannot be used ({reason}), and clients with a fixed URL can reach "
        "InvokeEndpoint on that port only.\n"
        for port, reason in emulator.missing_ports.items()
    )
    return (
        f"It answers at AWS's host names on port {ports}. For clients with a fixed URL, add these "
        f"lines to /etc/hosts, and remove them afterwards:\n{lines}{missing}"
    )

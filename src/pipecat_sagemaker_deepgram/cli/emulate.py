# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``emulate``: an endpoint on this machine, for as long as it is wanted."""

import asyncio
import shlex
import sys

from pipecat_sagemaker_deepgram.cli.arguments import EmulateOptions
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
        options: What the user asks for.

    Raises:
        SageMakerDeepgramError: It cannot be done.
        ImportError: A package of an extra is not installed.
    """
    run(emulate(options))
    return ExitCode.DONE


async def emulate(
    options: EmulateOptions,
    *,
    recognizer: Recognizer | None = None,
    https_port: int = HTTPS_PORT,
) -> None:
    """Run an endpoint until a signal comes.

    Args:
        options: Where and how.
        recognizer: What listens in the container; by default Moonshine.
        https_port: The second port of an endpoint that answers to AWS's names.

    Raises:
        SageMakerDeepgramError: It cannot be done.
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
    """Wait until a container is ready; whether it is when the wait or the command is over."""

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
        f"Endpoint {endpoint_name} in {emulator.region} listens at {emulator.endpoint_url}; its "
        f"certificates are signed by {emulator.ca_bundle}.\n"
        "With the lines above in its environment, any client of this package finds it, and so "
        "do the example bots.\n"
        f"{_names_of_aws(emulator) if options.as_aws else ''}"
        "Ctrl-C ends it.",
        file=sys.stderr,
        flush=True,
    )


def _names_of_aws(emulator: SageMakerEmulator) -> str:
    """What to do so that clients with a fixed URL come here."""
    lines = "".join(f"    {HOST} {name}\n" for name in runtime_host_names(emulator.region))
    ports = " and ".join(str(port) for port in emulator.ports)
    missing = "".join(
        f"Port {port} cannot be used ({reason}): clients with a fixed URL reach InvokeEndpoint "
        "only there.\n"
        for port, reason in emulator.missing_ports.items()
    )
    return (
        f"It answers to AWS's names on port {ports}. Add these lines to /etc/hosts for clients "
        f"with a fixed URL, and take them out again afterwards:\n{lines}{missing}"
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``emulate``: an endpoint on this machine, for as long as it is wanted."""

import asyncio
import shlex
import sys

from pipecat_sagemaker_deepgram.cli.arguments import EmulateOptions
from pipecat_sagemaker_deepgram.cli.emulate_environment import exports, users_credentials
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.cli.local_endpoint import read_faults, run_local_endpoint
from pipecat_sagemaker_deepgram.container import FluxOptions
from pipecat_sagemaker_deepgram.container.recognizer import Recognizer
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator


def run_emulate(options: EmulateOptions) -> ExitCode:
    """Run the command until the first signal; a second one ends it at once.

    Args:
        options: What the user asks for.

    Raises:
        SageMakerDeepgramError: It cannot be done.
        ImportError: A package of an extra is not installed.
    """
    asyncio.run(emulate(options))
    return ExitCode.DONE


async def emulate(options: EmulateOptions, *, recognizer: Recognizer | None = None) -> None:
    """Run an endpoint until a signal comes.

    Args:
        options: Where and how.
        recognizer: What listens in the container; by default Moonshine.

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
            container_port=options.container_port,
            faults=read_faults(options.faults),
            recognizer=recognizer,
            credentials=credentials,
            flux=FluxOptions(
                bundle=options.flux_bundle or FluxOptions.bundle,
                closestream_finalizes=options.closestream_finalizes,
            ),
        ) as emulator:
            _announce(emulator, options)
            await stop.wait()
            print("closing", file=sys.stderr)


def _announce(emulator: SageMakerEmulator, options: EmulateOptions) -> None:
    endpoint_name = options.endpoint_name
    variables = exports(emulator, endpoint_name, keeps_credentials=options.keeps_credentials)
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    sys.stdout.flush()
    print(
        f"Endpoint {endpoint_name} in {emulator.region} listens at {emulator.endpoint_url}; its "
        f"certificates are signed by {emulator.ca_bundle}.\n"
        "With the lines above in its environment, any client of this package finds it, and so "
        "do the example bots.\n"
        "Ctrl-C ends it.",
        file=sys.stderr,
        flush=True,
    )

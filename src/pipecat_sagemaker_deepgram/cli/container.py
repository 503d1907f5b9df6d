# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``container``: a model container alone, as SageMaker runs it."""

import asyncio
import sys

from pipecat_sagemaker_deepgram.cli.container_arguments import RunContainerOptions
from pipecat_sagemaker_deepgram.cli.event_loop import run
from pipecat_sagemaker_deepgram.cli.exceptions import AddressError, CommandError
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.container import (
    EchoContainer,
    ModelContainer,
    MoonshineRecognizer,
    RecognizerUnavailableError,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Recognizer

_READY_TIMEOUT = 120.0


def run_container(options: RunContainerOptions) -> ExitCode:
    """Run the command until SIGTERM or Ctrl-C.

    Args:
        options: The options of the command.

    Raises:
        CommandError: The port cannot be used, or the recogniser cannot be loaded.
        ImportError: The extra ``local`` is not installed.
    """
    run(serve(options))
    return ExitCode.DONE


async def serve(options: RunContainerOptions, *, recognizer: Recognizer | None = None) -> None:
    """Serve until a signal arrives.

    Args:
        options: What to run, and where.
        recognizer: The recogniser of the model container; Moonshine by default.

    Raises:
        CommandError: The port cannot be used, or the recogniser cannot be loaded.
    """
    stop = asyncio.Event()
    with Interrupts(stop.set):
        try:
            async with _container(options, recognizer) as container:
                await container.wait_until_ready(_READY_TIMEOUT)
                print(f"{options.kind} container is listening at {container.url}", flush=True)
                await stop.wait()
                print("closing", file=sys.stderr)
        except RecognizerUnavailableError as error:
            raise CommandError(f"The speech recogniser cannot be loaded: {error}") from error
        except OSError as error:
            place = f"{options.host}:{options.port}"
            raise AddressError(place, error, advice="Choose another --port or --host.") from error


def _container(
    options: RunContainerOptions, recognizer: Recognizer | None
) -> EchoContainer | ModelContainer:
    if options.kind == "echo":
        return EchoContainer(host=options.host, port=options.port)
    return ModelContainer(
        recognizer or MoonshineRecognizer(),
        host=options.host,
        port=options.port,
        max_streams=options.max_streams,
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options of the job queue, as the gateway expects them."""

from collections.abc import Callable
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.jobs_arguments import DAY, JobArguments
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.jobs.options import CallbackOptions, JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.signing import read_secret
from pipecat_sagemaker_deepgram.gateway.recorded.addresses import Address, is_public


def job_options(arguments: JobArguments) -> JobOptions:
    """Make the options of the job queue.

    Args:
        arguments: The options of the command.

    Raises:
        ConfigurationError: The secret cannot be read.
    """
    secret = None if arguments.callback_secret is None else _secret(arguments.callback_secret)
    return JobOptions(
        database=arguments.database,
        concurrency=arguments.concurrency,
        concurrency_per_endpoint=arguments.concurrency_per_endpoint,
        retention=arguments.retention * DAY,
        callbacks=CallbackOptions(secret=secret, is_allowed=_allowed(arguments)),
    )


def _allowed(arguments: JobArguments) -> Callable[[Address], bool]:
    networks = arguments.callback_networks
    return lambda address: is_public(address) or any(address in each for each in networks)


def _secret(path: Path) -> bytes:
    try:
        return read_secret(path.read_text().strip())
    except OSError as error:
        raise ConfigurationError(
            f"The secret in {path} cannot be read: {error.strerror or error}",
            advice="Name a file that holds the secret.",
        ) from error
    except ValueError as error:  # Its text could repeat the secret.
        raise ConfigurationError(
            f"The secret in {path} is not one",
            advice="It must be base64, with or without the prefix whsec_.",
        ) from error

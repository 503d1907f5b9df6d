# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Errors that end a command with a message on stderr."""

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError


class CommandError(SageMakerDeepgramError):
    """The command failed; the message explains why."""


class UsageError(CommandError):
    """The command line names something that does not exist, or combines options that conflict."""


class AddressError(CommandError):
    """Nothing can listen at an address.

    Args:
        place: The address, or those of which one cannot be used.
        error: What the operating system reported.
        advice: What to do.
    """

    def __init__(self, place: str, error: OSError, *, advice: str = "") -> None:
        super().__init__(f"{place} cannot be used: {error.strerror or error}", advice=advice)


class MissingExtraError(CommandError):
    """A package of an optional extra is not installed.

    Args:
        package: The distribution that is missing.
        extra: The extra of this package that installs it.
    """

    def __init__(self, package: str, *, extra: str) -> None:
        super().__init__(
            f"This needs {package}, which is not installed",
            advice=f"Run: pip install 'pipecat-sagemaker-deepgram[{extra}]'",
        )

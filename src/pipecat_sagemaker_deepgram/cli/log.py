# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which log messages reach the user."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

_SESSION = "pipecat_sagemaker_deepgram.client.driver"
"""The module whose messages are shown from INFO up: the end of an outage is not a warning."""

_TOLD_BY_US = (
    ("pipecat.processors.frame_processor", "push_error_frame", ""),
    ("pipecat.pipeline.worker", "_source_push_frame", ""),
    ("pipecat.pipeline.worker", "_handle_unusable_processor", ""),
    (_SESSION, "_take", "could not be opened"),
    (_SESSION, "_take", "recovery has failed"),
    (_SESSION, "_take", "lost (gave_up)"),
    (_SESSION, "_take", "lost (closed)"),
    (_SESSION, "_take", "unanswered"),
    (_SESSION, "_take", "s behind"),
    (_SESSION, "_take", ", after: HTTP 424"),
    ("pipecat_sagemaker_deepgram.container.engine", "_load", ""),
)
"""Module, function and text of log messages that repeat what the command itself reports."""

_REFUSALS = (
    ("pipecat_sagemaker_deepgram.web.front", "log_refusals", ""),
    ("pipecat_sagemaker_deepgram.emulator.endpoint", "warn_once", "is refused with 424"),
)
"""Refusals of an endpoint that the command started: the error states the reason."""


def configure_log(*, verbose: bool, serves: bool = False) -> None:
    """Log warnings, and how outages ended, to stderr; or everything.

    Args:
        verbose: Whether to log everything from DEBUG up.
        serves: Whether the command serves other programs, which do not learn why they are refused.
    """
    logger.remove()
    if verbose:
        logger.add(_write, level="DEBUG")
    else:
        logger.add(_write, level="INFO", filter=_news(serves), format=_format)


def _write(line: str) -> None:
    """Write to the present stderr: a terminal display replaces it while it runs."""
    sys.stderr.write(line)


def _news(serves: bool) -> Callable[["Record"], bool]:
    told = _TOLD_BY_US if serves else (*_TOLD_BY_US, *_REFUSALS)
    return lambda record: _is_news(record, told)


def _is_news(record: "Record", told: Sequence[tuple[str, str, str]]) -> bool:
    if record["level"].no < logger.level("WARNING").no and record["name"] != _SESSION:
        return False
    return not any(
        (record["name"], record["function"]) == (module, function) and words in record["message"]
        for module, function, words in told
    )


def _format(record: "Record") -> str:
    kind = "note" if record["level"].name == "INFO" else record["level"].name.lower()
    return f"{kind}: {{message}}\n"

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of the log reaches the user."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

_SESSION = "pipecat_sagemaker_deepgram.client.driver"
"""The module whose lines reach the user from INFO on: how an outage ended is no warning."""

_TOLD_BY_US = (
    ("pipecat.processors.frame_processor", "push_error_frame", ""),
    ("pipecat.pipeline.worker", "_source_push_frame", ""),
    ("pipecat.pipeline.worker", "_handle_unusable_processor", ""),
    (_SESSION, "_take", "could not be opened"),
    (_SESSION, "_take", "recovery has failed"),
    (_SESSION, "_take", "are lost (gave_up)"),
    (_SESSION, "_take", "are lost (closed)"),
    (_SESSION, "_take", "unanswered"),
    (_SESSION, "_take", "s behind"),
    ("pipecat_sagemaker_deepgram.container.engine", "_load", ""),
)
"""Module, function and words of log lines about what the command says itself, or shows by how late
its words come."""

_REFUSALS = (
    ("pipecat_sagemaker_deepgram.web.front", "refusal", ""),
    ("pipecat_sagemaker_deepgram.emulator.endpoint", "warn_once", "is refused with 424"),
)
"""Those of an endpoint of the command's own: the error says what it does not take."""


def configure_log(*, verbose: bool, serves: bool = False) -> None:
    """Send warnings and what has become of them to stderr, or everything.

    Args:
        verbose: Whether everything is wanted.
        serves: Whether the command serves others, who are not told why they are refused.
    """
    logger.remove()
    if verbose:
        logger.add(_write, level="DEBUG")
    else:
        logger.add(_write, level="INFO", filter=_news(serves), format=_format)


def _write(line: str) -> None:
    """Write to what is stderr at this moment: a terminal display stands in for it while it runs."""
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

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which log messages reach the user."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

_SESSION_EVENT = "session_event"
"""The field of a session's log records; they are shown from INFO up, because the end of an outage
is not a warning."""

_REPEATED = (
    ("pipecat.processors.frame_processor", "push_error_frame"),
    ("pipecat.pipeline.worker", "_source_push_frame"),
    ("pipecat.pipeline.worker", "_handle_unusable_processor"),
    ("pipecat_sagemaker_deepgram.container.engine", "_load"),
)
"""Module and function of log messages that repeat what the command itself reports."""

_REPEATED_EVENTS: tuple[Mapping[str, str | int], ...] = (
    {_SESSION_EVENT: "GivenUp"},
    {_SESSION_EVENT: "AudioDropped", "reason": "gave_up"},
    {_SESSION_EVENT: "AudioDropped", "reason": "closed"},
    {_SESSION_EVENT: "Closed"},
    {_SESSION_EVENT: "ContainerSlow"},
    {_SESSION_EVENT: "RetryScheduled", "status": 424},
)
"""Fields of log messages about a session that repeat what the command itself reports."""

_REFUSALS = (("pipecat_sagemaker_deepgram.web.front", "log_refusals"),)
_REFUSAL_EVENTS = ({"emulator_event": "stream_refused"},)
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
    places = set(_REPEATED if serves else (*_REPEATED, *_REFUSALS))
    events = _REPEATED_EVENTS if serves else (*_REPEATED_EVENTS, *_REFUSAL_EVENTS)
    return lambda record: (
        _is_important(record)
        and (record["name"], record["function"]) not in places
        and not any(each.items() <= record["extra"].items() for each in events)
    )


def _is_important(record: "Record") -> bool:
    return _SESSION_EVENT in record["extra"] or record["level"].no >= logger.level("WARNING").no


def _format(record: "Record") -> str:
    kind = "note" if record["level"].name == "INFO" else record["level"].name.lower()
    return f"{kind}: {{message}}\n"

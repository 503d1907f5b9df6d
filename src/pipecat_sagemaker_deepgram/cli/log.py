# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of the log reaches the user."""

import sys
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

_TOLD_BY_US = (
    ("pipecat.processors.frame_processor", "push_error_frame", ""),
    ("pipecat.pipeline.worker", "_source_push_frame", ""),
    ("pipecat.pipeline.worker", "_handle_unusable_processor", ""),
    ("pipecat_sagemaker_deepgram.client.driver", "_take", "could not be opened"),
    ("pipecat_sagemaker_deepgram.client.driver", "_take", "recovery has failed"),
    ("pipecat_sagemaker_deepgram.client.driver", "_take", "are lost (gave_up)"),
    ("pipecat_sagemaker_deepgram.client.driver", "_take", "are lost (closed)"),
    ("pipecat_sagemaker_deepgram.client.driver", "_take", "unanswered"),
    ("pipecat_sagemaker_deepgram.client.driver", "_take", "s behind"),
    ("pipecat_sagemaker_deepgram.container.engine", "_load", ""),
)
"""Module, function and words of log lines about what the command says itself, or shows by how late
its words come."""


def configure_log(*, verbose: bool) -> None:
    """Send warnings to stderr, or everything.

    Args:
        verbose: Whether everything is wanted.
    """
    logger.remove()
    if verbose:
        logger.add(_write, level="DEBUG")
    else:
        logger.add(_write, level="WARNING", filter=_is_news, format=_format)


def _write(line: str) -> None:
    """Write to what is stderr at this moment: a terminal display stands in for it while it runs."""
    sys.stderr.write(line)


def _is_news(record: "Record") -> bool:
    return not any(
        (record["name"], record["function"]) == (module, function) and words in record["message"]
        for module, function, words in _TOLD_BY_US
    )


def _format(record: "Record") -> str:
    return f"{record['level'].name.lower()}: {{message}}\n"

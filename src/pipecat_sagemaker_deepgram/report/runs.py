# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads runs from JSON, one per line or a single one. Pure."""

import msgspec

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.transcript import SCHEMA, Transcript


class ReportError(SageMakerDeepgramError):
    """A file does not contain runs of this package."""


def read_runs(content: bytes, *, name: str) -> list[Transcript]:
    """Read runs.

    Args:
        content: The output of ``transcribe --json`` or ``listen --json``, with one run per line.
        name: Its name in messages.

    Returns:
        The runs, at least one.

    Raises:
        ReportError: It contains something else; the message names the line.
    """
    lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
    if not lines:
        raise ReportError(f"{name} is empty", advice=_ADVICE)
    return [_read(line, f"{name}, line {number},") for number, line in lines]


def _read(line: bytes, where: str) -> Transcript:
    try:
        run = msgspec.json.decode(line, type=Transcript)
    except msgspec.MsgspecError as error:
        raise ReportError(f"{where} is not a run: {error}", advice=_ADVICE) from error
    if run.schema != SCHEMA:
        raise ReportError(
            f"{where} has the schema {run.schema!r}, but only {SCHEMA!r} can be drawn"
        )
    return run


_ADVICE = "Give a file that transcribe --json or listen --json wrote."

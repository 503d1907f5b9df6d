# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Errors of a recording, and of the file for its transcript."""

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError


class RecordingError(SageMakerDeepgramError):
    """A recording cannot be transcribed; the message says which one, why, and what to do."""


class OutputError(SageMakerDeepgramError):
    """A transcript cannot be written; the message says which one, why, and what to do."""

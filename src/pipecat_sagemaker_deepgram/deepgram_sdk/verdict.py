# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decides which failures of a stream are retried. Pure."""

from dataclasses import replace

from pipecat_sagemaker_deepgram.client import Classification, Connected, SessionEvent, classify


class Verdict:
    """Decides which failures are retried: those that the session's policy retries."""

    def note(self, event: SessionEvent) -> None:
        """Record an event of the session."""

    def classify(self, error: BaseException) -> Classification:
        """Classify a failure."""
        return classify(error)


class FirstStreamOnly(Verdict):
    """Never replaces a stream that was open: another one could not continue the audio."""

    def __init__(self) -> None:
        self._was_up = False

    def note(self, event: SessionEvent) -> None:
        """Record an event of the session."""
        self._was_up = self._was_up or isinstance(event, Connected)

    def classify(self, error: BaseException) -> Classification:
        """Classify a failure."""
        verdict = classify(error)
        return replace(verdict, is_retryable=False) if self._was_up else verdict

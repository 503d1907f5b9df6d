# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which failures of a connection's streams another stream can overcome. Pure."""

from dataclasses import replace

from pipecat_sagemaker_deepgram.client import Classification, Connected, SessionEvent, classify


class Verdict:
    """Which failures another attempt can overcome."""

    def note(self, event: SessionEvent) -> None:
        """Take note of an event of the session."""

    def classify(self, error: BaseException) -> Classification:
        """Tell what a failure means for the next attempt."""
        return classify(error)


class FirstStreamOnly(Verdict):
    """Lets no stream follow one that was up: it could not go on with the audio."""

    def __init__(self) -> None:
        self._was_up = False

    def note(self, event: SessionEvent) -> None:
        """Take note of an event of the session."""
        self._was_up = self._was_up or isinstance(event, Connected)

    def classify(self, error: BaseException) -> Classification:
        """Tell what a failure means for the next attempt."""
        verdict = classify(error)
        return replace(verdict, is_retryable=False) if self._was_up else verdict

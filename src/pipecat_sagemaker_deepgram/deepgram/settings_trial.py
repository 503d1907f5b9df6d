# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tracks changed settings until a stream has come up with them. Pure."""

from collections.abc import Mapping
from typing import Any

from pipecat_sagemaker_deepgram.client.records import (
    AttemptFailed,
    ChangeRefused,
    Connected,
    Connecting,
    GivenUp,
    Record,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.deepgram.steps import SettingsRefused
from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError, SageMakerDeepgramError


class SettingsTrial:
    """Settings are on trial from when they are changed until a stream has come up with them."""

    def __init__(self) -> None:
        self._previous: dict[str, Any] = {}
        self._has_passed = False
        self._newest_stream = 0
        self._changed_after = 0
        self._has_worked = False

    def begin(self, previous: Mapping[str, Any]) -> None:
        """Note that settings were changed and that a stream with them was requested.

        Args:
            previous: The previous values, by the names of the settings.
        """
        unproven = {} if self._has_passed else self._previous
        self._previous = {**previous, **unproven}
        self._has_passed = False
        self._changed_after = self._newest_stream

    def observe(self, record: Record) -> SettingsRefused | None:
        """Process the next record.

        A stream that was being opened when settings changed may not have them in its query.

        Returns:
            The settings that were refused, if the record reports that.
        """
        match record:
            case Connecting(stream=stream):
                self._newest_stream = stream
            case Connected(stream=stream) | StreamChanged(stream=stream):
                self._has_worked = True
                self._has_passed = self._has_passed or stream > self._changed_after
            case GivenUp():
                self._has_worked = False
            case ChangeRefused(reason="settings", cause=cause):
                return self._refused(cause)
            case AttemptFailed(stream=stream, cause=ModelUnavailableError() as cause):
                # If no stream has come up before, the previous settings may be at fault.
                is_on_trial = stream > self._changed_after and not self._has_passed
                if is_on_trial and self._has_worked:
                    return self._refused(cause)
            case _:
                pass
        return None

    def _refused(self, cause: SageMakerDeepgramError) -> SettingsRefused | None:
        previous, self._previous = self._previous, {}
        return SettingsRefused(previous, cause) if previous else None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings that change while a session runs: what a delta gives, and which stream has it. Pure."""

from dataclasses import fields

from pipecat.services.settings import ServiceSettings

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, ModelUnavailableError


def own_delta[S: ServiceSettings](settings: S, delta: object) -> S:
    """Give a delta as one of a service's own settings; what is given stays as it is.

    Args:
        settings: The service's settings.
        delta: What is to be changed: settings of that class, or of another with the same fields.

    Raises:
        ConfigurationError: It is something else, or gives fields that the service has not.
    """
    own = type(settings)
    if not isinstance(delta, ServiceSettings):
        raise ConfigurationError(
            f"settings are a {own.__name__}, not a {type(delta).__name__}",
            advice=f"Pass {own.__name__}(name=value, ...).",
        )
    given = delta.given_fields()
    strange = given.keys() - delta.extra.keys() - {each.name for each in fields(own)}
    if strange:
        raise ConfigurationError(
            f"{own.__name__} has no {', '.join(sorted(strange))}, which "
            f"{type(delta).__name__} gives",
            advice="Pass what is newer than the class in extra.",
        )
    return own.from_mapping(given)


class SettingsTrial:
    """Settings are on trial from when they are changed until a stream has come up with them."""

    def __init__(self) -> None:
        self._newest_stream = 0
        self._changed_after = 0
        self._has_worked = False

    def begin(self) -> None:
        """Settings have been changed; streams that are opened from here on have them."""
        self._changed_after = self._newest_stream

    def is_passed(self, event: events.SessionEvent) -> bool:
        """Take every event in, as it happens, and tell whether it ends the trial well.

        A stream that was being opened as settings changed may have been asked for without them.
        """
        match event:
            case events.Connecting(stream=stream):
                self._newest_stream = stream
            case events.Connected(stream=stream) | events.StreamChanged(stream=stream):
                self._has_worked = True
                return stream > self._changed_after
            case events.GivenUp():
                self._has_worked = False
        return False

    def is_failed(self, event: events.SessionEvent) -> bool:
        """Whether an event tells that a container refuses the settings, or may do so.

        Where no stream comes up anyway, those before the change may be the ones at fault.
        """
        match event:
            case events.ChangeRefused(reason="settings"):
                return True
            case events.AttemptFailed(stream=stream, cause=ModelUnavailableError()):
                return self._has_worked and stream > self._changed_after
        return False

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a delta gives, and which stream tells whether changed settings work."""

import pytest
from pipecat.services.settings import ServiceSettings, STTSettings, TTSSettings

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTSettings, ThrottledError
from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ModelUnavailableError,
    SageMakerDeepgramError,
    StreamIdentity,
)
from pipecat_sagemaker_deepgram.stt.session_settings import SettingsTrial, own_delta

STORE = DeepgramSageMakerSTTSettings.defaults()
REFUSAL = ModelUnavailableError("refused", log_group="")


@pytest.mark.parametrize("kind", [DeepgramSageMakerSTTSettings, STTSettings, ServiceSettings])
def test_what_a_delta_gives_is_kept_whatever_its_class(kind: type[ServiceSettings]) -> None:
    delta = kind(model="nova-2", extra={"newer": 1})
    assert own_delta(STORE, delta) == DeepgramSageMakerSTTSettings(
        model="nova-2", extra={"newer": 1}
    )


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        ({"model": "nova-2"}, "not a dict"),
        (None, "not a NoneType"),
        (TTSSettings(voice="alice", model="nova-2"), "has no voice, which TTSSettings gives"),
    ],
)
def test_what_is_no_delta_of_the_service_is_refused(delta: object, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        own_delta(STORE, delta)


def _trial(*happened: events.SessionEvent) -> SettingsTrial:
    trial = SettingsTrial()
    for event in happened:
        trial.is_passed(event)
    return trial


def _connecting(stream: int) -> events.Connecting:
    return events.Connecting(stream, Target(endpoint_name="deepgram"))


def _connected(stream: int) -> events.Connected:
    return events.Connected(stream, StreamIdentity(), 0.1, 0.0, is_first=stream == 1)


def _failed(stream: int, cause: SageMakerDeepgramError = REFUSAL) -> events.AttemptFailed:
    return events.AttemptFailed(stream, cause)


@pytest.mark.parametrize("comes", [_connected(2), events.StreamChanged(2, "settings", 0.0)])
def test_a_stream_that_was_opened_since_and_comes_up_ends_the_trial_well(
    comes: events.SessionEvent,
) -> None:
    trial = _trial(_connecting(1), _connected(1))
    trial.begin()
    assert not trial.is_passed(_connecting(2))
    assert trial.is_passed(comes)


def test_a_stream_that_was_being_opened_before_tells_nothing() -> None:
    trial = _trial(_connecting(1))
    trial.begin()
    assert not trial.is_passed(_connected(1))
    trial.is_passed(_connecting(2))
    assert trial.is_failed(events.ChangeRefused("settings", REFUSAL))


def test_a_change_refused_for_another_reason_tells_nothing() -> None:
    trial = _trial(_connecting(1), _connected(1))
    trial.begin()
    assert not trial.is_failed(events.ChangeRefused("rotation", REFUSAL))


@pytest.mark.parametrize(
    ("event", "is_failed"),
    [
        (_failed(2), False),
        (_failed(3), True),
        (_failed(3, ThrottledError("slow")), False),
        (_connected(3), False),
    ],
)
def test_a_replacement_that_the_container_refuses_may_fail_for_the_settings(
    event: events.SessionEvent, is_failed: bool
) -> None:
    trial = _trial(_connecting(1), _connected(1), _connecting(2))
    trial.begin()
    trial.is_passed(_connecting(3))
    assert trial.is_failed(event) is is_failed


@pytest.mark.parametrize("before", [(), (_connected(1), events.GivenUp(REFUSAL, 0.0))])
def test_where_nothing_works_the_settings_before_are_no_better(
    before: tuple[events.SessionEvent, ...],
) -> None:
    trial = _trial(_connecting(1), *before)
    trial.begin()
    trial.is_passed(_connecting(2))
    assert not trial.is_failed(_failed(2))

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which stream says whether changed settings work."""

import pytest

from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.deepgram.settings_trial import SettingsTrial
from pipecat_sagemaker_deepgram.deepgram.steps import SettingsRefused
from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    SageMakerDeepgramError,
    StreamIdentity,
    ThrottledError,
)

REFUSAL = ModelUnavailableError("refused", log_group="")
BEFORE = {"keyterm": None}
REFUSED = SettingsRefused(BEFORE, REFUSAL)


def _trial(*happened: events.SessionEvent) -> SettingsTrial:
    trial = SettingsTrial()
    for event in happened:
        assert trial.observe(event) is None
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
    trial.begin(BEFORE)
    assert trial.observe(_connecting(2)) is None
    assert trial.observe(comes) is None
    trial.observe(_connecting(3))
    assert trial.observe(_failed(3)) is None


def test_a_stream_that_was_being_opened_before_says_nothing() -> None:
    trial = _trial(_connecting(1))
    trial.begin(BEFORE)
    assert trial.observe(_connected(1)) is None
    trial.observe(_connecting(2))
    assert trial.observe(events.ChangeRefused("settings", REFUSAL)) == REFUSED


def test_a_stream_that_was_opened_before_and_is_observed_behind_ends_no_trial() -> None:
    trial = _trial()
    trial.begin(BEFORE)
    for event in (_connecting(1), _connected(1), _connecting(2)):
        trial.observe(event)
    assert trial.observe(events.ChangeRefused("settings", REFUSAL)) == REFUSED


def test_a_change_refused_for_another_reason_says_nothing() -> None:
    trial = _trial(_connecting(1), _connected(1))
    trial.begin(BEFORE)
    assert trial.observe(events.ChangeRefused("rotation", REFUSAL)) is None


@pytest.mark.parametrize(
    ("event", "refused"),
    [
        (_failed(2), None),
        (_failed(3), REFUSED),
        (_failed(3, ThrottledError("slow")), None),
        (_connected(3), None),
    ],
)
def test_a_replacement_that_the_container_refuses_may_fail_for_the_settings(
    event: events.SessionEvent, refused: SettingsRefused | None
) -> None:
    trial = _trial(_connecting(1), _connected(1), _connecting(2))
    trial.begin(BEFORE)
    trial.observe(_connecting(3))
    assert trial.observe(event) == refused


@pytest.mark.parametrize("before", [(), (_connected(1), events.GivenUp(REFUSAL, 0.0))])
def test_where_nothing_works_the_settings_before_are_no_better(
    before: tuple[events.SessionEvent, ...],
) -> None:
    trial = _trial(_connecting(1), *before)
    trial.begin(BEFORE)
    trial.observe(_connecting(2))
    assert trial.observe(_failed(2)) is None


def test_of_two_changes_that_nothing_has_proved_the_values_before_both_come_back() -> None:
    trial = _trial(_connecting(1), _connected(1))
    trial.begin({"keyterm": None, "numerals": None})
    trial.begin({"keyterm": ["first"]})
    trial.observe(_connecting(3))
    refused = trial.observe(events.ChangeRefused("settings", REFUSAL))
    assert refused == SettingsRefused({"keyterm": None, "numerals": None}, REFUSAL)


def test_of_a_change_after_one_that_worked_only_its_own_values_come_back() -> None:
    trial = _trial(_connecting(1), _connected(1))
    trial.begin({"numerals": None})
    trial.observe(_connecting(2))
    trial.observe(events.StreamChanged(2, "settings", 0.0))
    trial.begin(BEFORE)
    trial.observe(_connecting(3))
    assert trial.observe(events.ChangeRefused("settings", REFUSAL)) == REFUSED


def test_what_was_refused_once_is_not_refused_again() -> None:
    trial = _trial(_connecting(1), _connected(1))
    trial.begin(BEFORE)
    assert trial.observe(events.ChangeRefused("settings", REFUSAL)) == REFUSED
    assert trial.observe(events.ChangeRefused("settings", REFUSAL)) is None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Settings and credentials."""

import pytest

from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials, EmulatorSettings


def test_the_defaults_are_those_of_the_service():
    settings = EmulatorSettings()
    assert settings.max_connection_seconds == 1800
    assert (settings.ping_interval, settings.max_missed_pongs) == (60, 5)
    assert 1000 in settings.clean_close_codes
    assert 1005 in settings.clean_close_codes
    assert 1011 not in settings.clean_close_codes


def test_emulated_seconds_shrink_by_the_scale():
    assert EmulatorSettings(time_scale=60).real(1800) == 30


@pytest.mark.parametrize(
    "changes", [{"time_scale": 0}, {"ping_interval": -1}, {"initial_window_size": 2**31}]
)
def test_impossible_settings_are_refused_by_name(changes: dict[str, float]):
    with pytest.raises(ValueError, match=next(iter(changes))):
        EmulatorSettings(**changes)  # pyright: ignore[reportArgumentType]


def test_generated_credentials_differ():
    assert EmulatorCredentials.generate() != EmulatorCredentials.generate()


def test_secrets_are_not_shown():
    shown = repr(EmulatorCredentials("AKID", "very secret", "token"))
    assert "AKID" in shown
    assert "very secret" not in shown
    assert "token" not in shown

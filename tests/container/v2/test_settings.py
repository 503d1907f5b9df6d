# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Changes on an open connection of v2/listen."""

import pytest

from pipecat_sagemaker_deepgram.container.v2.bundle import BUNDLES
from pipecat_sagemaker_deepgram.container.v2.messages import Configure
from pipecat_sagemaker_deepgram.container.v2.query import parse_flux_query
from pipecat_sagemaker_deepgram.container.v2.settings import ConfigureError, FluxSettings

AUDIO = "encoding=linear16&sample_rate=16000"


def opened(query: str = "", *, model: str = "multi", bundle: str = "current") -> FluxSettings:
    text = f"model=flux-general-{model}&{AUDIO}{query}"
    return FluxSettings(parse_flux_query(text, BUNDLES[bundle]), BUNDLES[bundle])


def failure(settings: FluxSettings, change: Configure) -> tuple[str, str]:
    with pytest.raises(ConfigureError) as failed:
        settings.configure(change)
    return failed.value.code, failed.value.description


def test_the_echo_holds_every_setting():
    settings = opened("&keyterm=a&eager_eot_threshold=0.5&language_hint=es")
    assert settings.configure(Configure(eot_timeout_ms=4000)).echo() == {
        "type": "ConfigureSuccess",
        "thresholds": {"eot_threshold": 0.7, "eager_eot_threshold": 0.5, "eot_timeout_ms": 4000},
        "keyterms": ["a"],
        "language_hints": ["es"],
        "numerals": False,
    }


def test_what_is_not_set_or_not_known_is_not_echoed():
    echo = opened(bundle="2026-04").echo()
    assert "numerals" not in echo
    assert "eager_eot_threshold" not in echo["thresholds"]


def test_lists_replace_and_clear():
    settings = opened("&keyterm=a&language_hint=es")
    changed = settings.configure(Configure(keyterms=("b", "c"), language_hints=("pt-BR",)))
    assert (changed.query.keyterms, changed.query.language_hints) == (("b", "c"), ("pt",))
    cleared = changed.configure(Configure(keyterms=(), language_hints=()))
    assert (cleared.query.keyterms, cleared.query.language_hints) == ((), ())


def test_a_change_holds_together_with_what_was_set_before():
    settings = opened("&eager_eot_threshold=0.6")
    code, said = failure(settings, Configure(eot_threshold=0.5))
    assert (code, said) == (
        "INVALID_THRESHOLD",
        "eager_eot_threshold must be less than or equal to eot_threshold",
    )
    both = settings.configure(Configure(eot_threshold=0.5, eager_eot_threshold=0.4))
    assert (both.query.thresholds.end, both.query.thresholds.eager) == (0.5, 0.4)


@pytest.mark.parametrize(
    "change",
    [
        Configure(eot_threshold=0.49),
        Configure(eot_threshold=1.1),
        Configure(eager_eot_threshold=0.2),
        Configure(eot_timeout_ms=499),
        Configure(eot_timeout_ms=60001),
    ],
)
def test_a_threshold_out_of_range_fails(change):
    code, said = failure(opened(), change)
    assert code == "INVALID_THRESHOLD"
    assert "must be between" in said


def test_dated_bundles_have_narrower_ranges_and_another_code():
    for change in (Configure(eot_threshold=1.0), Configure(eot_timeout_ms=20000)):
        opened().configure(change)
        assert failure(opened(bundle="2026-06"), change)[0] == "UNPARSABLE_CLIENT_MESSAGE"


def test_language_hints_fail_where_the_query_would():
    hints = Configure(language_hints=("en",))
    assert failure(opened(model="en"), hints)[0] == "INVALID_PARAMETER"
    assert failure(opened(), Configure(language_hints=("xx",)))[0] == "INVALID_PARAMETER"


def test_too_many_keyterms_fail():
    assert failure(opened(), Configure(keyterms=("a",) * 501))[0] == "KEYTERM_LIMIT_EXCEEDED"

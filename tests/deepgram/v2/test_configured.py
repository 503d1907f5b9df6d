# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What was set by ``Configure`` holds on every stream, and each request is answered once."""

import json
from typing import Any

from pipecat_sagemaker_deepgram.client import NewStream, Target
from pipecat_sagemaker_deepgram.deepgram.v2.configured import MOST_STREAMS, Configured, merged

QUERY = "model=m&eot_threshold=0.7"


def settings(configured: Configured, number: int = 2) -> dict[str, Any]:
    """What a new stream is told."""
    stream = NewStream(number=number, target=Target(endpoint_name="e"), is_fresh=True)
    greeting = configured.greeting(stream)
    assert greeting.forgets == ("Configure",)
    return json.loads(greeting.text) if greeting.text else {}


def configure(**fields: Any) -> dict[str, Any]:
    return {"type": "Configure", **fields}


def test_a_stream_is_told_nothing_where_nothing_was_set() -> None:
    assert settings(Configured()) == {}


def test_what_was_applied_stands_in_the_query_of_the_next_stream() -> None:
    configured = Configured()
    assert configured.query(QUERY) == QUERY
    configured.sent(configure(thresholds={"eot_threshold": 0.8}, keyterms=["a b"]))
    configured.sent(configure(thresholds={"eot_timeout_ms": 600}, numerals=True))
    configured.sent(configure(thresholds={"eot_threshold": 2}))
    successes = (True, True, False)
    assert [configured.answered(is_success=each) for each in successes] == [1, 1, 1]
    query = configured.query(QUERY)
    assert sorted(query.split("&")) == [
        "eot_threshold=0.8", "eot_timeout_ms=600", "keyterm=a%20b", "model=m", "numerals=true",
    ]  # fmt: skip
    assert settings(configured) == {}
    assert configured.thresholds == {"eot_threshold": 0.8, "eot_timeout_ms": 600}


def test_what_the_query_does_not_say_is_sent_and_nobody_gets_the_answer() -> None:
    configured = Configured()
    configured.query(QUERY)  # of a stream that is opened before the settings are in use
    configured.sent(configure(keyterms=["a"], something_new=1))
    assert configured.answered(is_success=True) == 1
    assert settings(configured) == configure(keyterms=["a"], something_new=1)
    assert configured.answered(is_success=True) == 0
    assert "keyterm=a" in configured.query(QUERY)
    assert settings(configured, 3) == configure(something_new=1)


def test_settings_for_which_a_query_has_no_room_are_sent() -> None:
    configured = Configured()
    keyterms = ["a long word " * 9] * 30
    configured.sent(configure(keyterms=keyterms))
    configured.answered(is_success=True)
    assert configured.query(QUERY) == QUERY
    assert settings(configured) == configure(keyterms=keyterms)


def test_one_answer_stands_for_all_that_waited() -> None:
    configured = Configured()
    configured.sent(configure(keyterms=["a"]))
    configured.sent(configure(language_hints=["de"]))
    assert settings(configured) == configure(keyterms=["a"], language_hints=["de"])
    assert configured.answered(is_success=True) == 2
    assert configured.query("") == "keyterm=a&language_hint=de"


def test_an_answer_that_nobody_waits_for_is_not_handed_on() -> None:
    assert Configured().answered(is_success=True) == 0


def test_what_no_stream_answers_is_not_reported_for_ever() -> None:
    configured = Configured()
    configured.sent(configure(keyterms=["a"]))
    reported = [settings(configured, number) for number in range(1, MOST_STREAMS + 2)]
    assert reported == [configure(keyterms=["a"])] * MOST_STREAMS + [{}]


def test_what_is_null_stays_as_it_was() -> None:
    assert merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"c": None, "d": 3}}) == {
        "a": 1,
        "b": {"c": 2, "d": 3},
    }

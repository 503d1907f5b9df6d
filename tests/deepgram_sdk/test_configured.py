# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What was set by Configure holds on every stream, and each request is answered once."""

import json
from typing import Any

from pipecat_sagemaker_deepgram.client import NewStream, Target
from pipecat_sagemaker_deepgram.deepgram_sdk.configured import MOST_STREAMS, Configured, merged

SUCCESS, FAILURE = '{"type":"ConfigureSuccess"}', '{"type":"ConfigureFailure"}'


def settings(configured: Configured, number: int = 2) -> dict[str, Any]:
    """What a new stream is told."""
    stream = NewStream(number=number, target=Target(endpoint_name="e"), is_fresh=True)
    greeting = configured.greeting(stream)
    assert greeting.forgets == (("Configure",) if greeting.text else ())
    return json.loads(greeting.text) if greeting.text else {}


def configure(**fields: Any) -> dict[str, Any]:
    return {"type": "Configure", **fields}


def test_a_stream_is_told_nothing_where_nothing_was_set() -> None:
    assert settings(Configured()) == {}


def test_what_was_applied_is_told_and_the_answer_to_that_kept() -> None:
    configured = Configured()
    configured.sent(configure(thresholds={"eot_threshold": 0.8}, keyterms=["a"]))
    configured.sent(configure(thresholds={"eot_timeout_ms": 600}, keyterms=["b"]))
    configured.sent(configure(thresholds={"eot_threshold": 2}))
    assert [configured.answers(each) for each in (SUCCESS, SUCCESS, FAILURE)] == [1, 1, 1]
    thresholds = {"eot_threshold": 0.8, "eot_timeout_ms": 600}
    assert settings(configured) == configure(thresholds=thresholds, keyterms=["b"])
    assert configured.answers(SUCCESS) == 0
    assert configured.answers('{"type":"TurnInfo","transcript":"Configure"}') == 1


def test_one_answer_stands_for_all_that_waited() -> None:
    configured = Configured()
    configured.sent(configure(keyterms=["a"]))
    configured.sent(configure(language_hints=["de"]))
    assert settings(configured) == configure(keyterms=["a"], language_hints=["de"])
    assert configured.answers(SUCCESS) == 2
    assert settings(configured, 3) == configure(keyterms=["a"], language_hints=["de"])


def test_what_no_stream_answers_is_not_told_for_ever() -> None:
    configured = Configured()
    configured.sent(configure(keyterms=["a"]))
    told = [settings(configured, number) for number in range(1, MOST_STREAMS + 2)]
    assert told == [configure(keyterms=["a"])] * MOST_STREAMS + [{}]


def test_what_is_null_stays_as_it_was() -> None:
    assert merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"c": None, "d": 3}}) == {
        "a": 1,
        "b": {"c": 2, "d": 3},
    }

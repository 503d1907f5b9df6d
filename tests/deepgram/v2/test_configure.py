# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a ``Configure`` says; one of them in flight, the rest coalesced behind it."""

import json
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.controls import FORCE_END_TURN
from pipecat_sagemaker_deepgram.deepgram.v2.configure import (
    ANSWER_TIMEOUT,
    ConfigureQueue,
    configurable,
    configure_text,
    configured_names,
)


def test_the_first_goes_at_once_and_the_next_ones_wait_together() -> None:
    queue = ConfigureQueue()
    assert queue.submit(["a"], 0.0) == {"a"}
    assert queue.submit(["b"], 0.1) == frozenset()
    assert queue.submit(["c", "b"], 0.2) == frozenset()
    assert queue.names == {"a", "b", "c"}
    assert queue.answered(1.0) == ({"a"}, {"b", "c"})
    assert queue.sent == {"b", "c"}
    assert queue.answered(2.0) == ({"b", "c"}, frozenset())
    assert queue.get_timer() is None


def test_a_setting_that_changes_while_it_is_under_way_goes_again() -> None:
    queue = ConfigureQueue()
    queue.submit(["a"], 0.0)
    queue.submit(["a"], 0.1)
    assert queue.answered(1.0) == ({"a"}, {"a"})


def test_an_answer_that_does_not_come_is_overdue() -> None:
    queue = ConfigureQueue()
    queue.submit(["a"], 10.0)
    assert queue.get_timer() == 10.0 + ANSWER_TIMEOUT
    assert not queue.is_overdue(14.9)
    assert queue.is_overdue(15.0)


def test_another_stream_knows_of_nothing() -> None:
    queue = ConfigureQueue()
    queue.submit(["a"], 0.0)
    queue.submit(["b"], 0.0)
    assert queue.clear() == {"a", "b"}
    assert queue.get_timer() is None
    assert queue.submit(["c"], 1.0) == {"c"}


def test_a_stray_answer_changes_nothing() -> None:
    assert ConfigureQueue().answered(0.0) == (frozenset(), frozenset())


# What it says

SETTINGS: dict[str, Any] = {
    "model": "flux-general-multi",
    "eot_threshold": 0.8,
    "keyterm": ["a"],
    "numerals": True,
    "language_hints": [],
}


def test_it_has_the_values_of_the_names_it_is_given() -> None:
    assert json.loads(configure_text(SETTINGS, ["eot_threshold"])) == {
        "type": "Configure",
        "thresholds": {"eot_threshold": 0.8},
    }
    assert json.loads(configure_text(SETTINGS, ["keyterm", "numerals", "language_hints"])) == {
        "type": "Configure",
        "keyterms": ["a"],
        "language_hints": [],
        "numerals": True,
    }


def test_it_leaves_out_what_it_cannot_say() -> None:
    """A container keeps a threshold over a null; only one model is told of languages."""
    settings = {"model": "flux-general-en", "eot_threshold": 0.8}
    names = ["eot_threshold", "eager_eot_threshold", "language_hints", "redact"]
    assert configurable(settings, names) == {"eot_threshold"}
    assert json.loads(configure_text(settings, names)) == {
        "type": "Configure",
        "thresholds": {"eot_threshold": 0.8},
    }
    settings["model"] = "flux-general-multi"
    assert configurable(settings, names) == {"eot_threshold", "language_hints"}


def test_one_term_is_a_list_of_one() -> None:
    assert json.loads(configure_text({"keyterm": "a b"}, ["keyterm"]))["keyterms"] == ["a b"]


def test_what_it_changes_can_be_read_from_it() -> None:
    names = {"eot_threshold", "keyterm", "numerals", "language_hints"}
    assert configured_names(configure_text(SETTINGS, names)) == names
    assert configured_names(FORCE_END_TURN) == frozenset()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages to a container."""

import json

from pipecat_sagemaker_deepgram.deepgram.controls import FORCE_END_TURN, configure


def test_configure_holds_what_is_given_and_no_more() -> None:
    text = configure(
        thresholds={"eot_threshold": 0.8, "eager_eot_threshold": 0.4},
        keyterms=[],
        language_hints=["en", "es"],
        switches={"numerals": True},
    )
    assert json.loads(text) == {
        "type": "Configure",
        "thresholds": {"eot_threshold": 0.8, "eager_eot_threshold": 0.4},
        "keyterms": [],
        "language_hints": ["en", "es"],
        "numerals": True,
    }
    assert json.loads(configure(keyterms=["a b"])) == {"type": "Configure", "keyterms": ["a b"]}


def test_force_end_turn_is_what_deepgram_documents() -> None:
    assert json.loads(FORCE_END_TURN) == {"type": "ForceEndTurn"}

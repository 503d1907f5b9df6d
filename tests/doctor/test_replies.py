# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is read of a container's messages."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.doctor.replies import Reply, read_reply

RESULTS = {
    "type": "Results",
    "start": 1.0,
    "duration": 2.0,
    "is_final": True,
    "channel": {"alternatives": [{"transcript": "a\n b", "words": [{"end": 2.5}]}]},
    "metadata": {"model_info": {"name": "general-nova-3"}},
}
TURN = {"type": "TurnInfo", "event": "EndOfTurn", "audio_window_end": 1.7, "transcript": "Hi."}


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        (
            RESULTS,
            Reply(
                kind="words",
                text="a b",
                is_final=True,
                covers_to=3.0,
                words_end=2.5,
                model="general-nova-3",
            ),
        ),
        (TURN, Reply(kind="words", text="Hi.", is_final=True, covers_to=1.7, words_end=1.7)),
        ({"type": "Connected"}, Reply(kind="connected")),
        (
            {"type": "Metadata", "request_id": "r", "model_info": {"id": {"name": "nova"}}},
            Reply(kind="metadata", model="nova"),
        ),
        ({"type": "ConfigureFailure"}, Reply(kind="configured")),
        ({"type": "Warning", "code": "C"}, Reply(kind="warning")),
        (
            {"type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "description": "what"},
            Reply(kind="error", error="UNPARSABLE_CLIENT_MESSAGE: what"),
        ),
        ({"error": "overloaded"}, Reply(kind="error", error="overloaded")),
        ({"type": "CloseStream"}, Reply(kind="other")),
        ({"type": "Results"}, Reply(kind="other")),
    ],
)
def test_each_message_is_read(message: Any, reply: Reply) -> None:
    assert read_reply(json.dumps(message)) == reply


@given(st.binary() | st.text() | st.recursive(st.none(), st.lists).map(json.dumps))
def test_nothing_else_is_raised_over(data: str | bytes) -> None:
    assert read_reply(data).kind == "other"

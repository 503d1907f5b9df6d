# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns as frames."""

import pytest
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import HeardTurn, TurnEnded, TurnUpdated
from pipecat_sagemaker_deepgram.stt.flux.frames import (
    ENGLISH,
    final_frame,
    interim_frame,
    language_of,
)

MULTI = "flux-general-multi"


def _heard(*languages: str) -> HeardTurn:
    info = TurnInfo("EndOfTurn", 0, 2.0, transcript="hello", languages=languages)
    return HeardTurn(info, 1, 0.0, {"type": "TurnInfo", "event": "Update", "transcript": "llo"})


@pytest.mark.parametrize(
    ("codes", "model", "language"),
    [
        (("es", "en"), MULTI, Language.ES),
        (("klingon",), MULTI, None),
        ((), MULTI, None),
        ((), ENGLISH, Language.EN),
    ],
)
def test_the_most_frequent_language_is_the_frames(
    codes: tuple[str, ...], model: str, language: Language | None
) -> None:
    assert language_of(_heard(*codes), model) == language


def test_an_interim_has_the_message_with_the_turns_text() -> None:
    event = TurnUpdated("hello", _heard("en"))
    frame = interim_frame(event, user_id="u", timestamp="t", model=MULTI)
    assert (frame.text, frame.user_id, frame.timestamp) == ("hello", "u", "t")
    assert frame.language is Language.EN
    assert frame.result == {"type": "TurnInfo", "event": "Update", "transcript": "hello"}


@pytest.mark.parametrize(("is_committed", "is_ours"), [(True, False), (True, True), (False, True)])
def test_a_final_says_whether_it_was_committed_and_by_whom(
    is_committed: bool, is_ours: bool
) -> None:
    event = TurnEnded("hello", _heard(), is_committed=is_committed, is_ours=is_ours)
    frame = final_frame(event, user_id="u", timestamp="t", model=ENGLISH)
    assert frame.finalized is is_committed
    assert frame.result is not None
    assert (frame.result.get("trigger") == "client") is is_ours

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns in marked audio."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Hearing
from pipecat_sagemaker_deepgram.container.recognizers.scripted.turns import (
    ScriptedTurns,
    ScriptedTurnSession,
)

SECOND = bytes(32000)


def session_of(pcm: bytes = b"", *, rate: int = 16000, **turns) -> ScriptedTurnSession:
    session = ScriptedTurnSession(rate, ScriptedTurns(**turns))
    session.feed(pcm)
    return session


def hear(session: ScriptedTurnSession) -> list[Hearing]:
    hearings: list[Hearing] = []
    while (hearing := session.listen()) is not None:
        hearings.append(hearing)
    return hearings


def words(hearing: Hearing) -> list[int]:
    return [int(word.text[1:]) for word in hearing.words]


def test_it_listens_in_steps_of_10_ms():
    found = hear(session_of(bytes(2 * 479)))
    assert [hearing.position for hearing in found] == [0.01, 0.02]


def test_words_are_known_when_their_middle_was_heard():
    found = hear(session_of(marked_audio(7, 2)))
    assert next(h.position for h in found if words(h) == [7]) == 0.06
    assert next(h.position for h in found if words(h) == [7, 8]) == 0.16
    assert [(w.text, w.start, w.end) for w in found[-1].words] == [
        ("w7", 0.0, 0.1),
        ("w8", 0.1, 0.2),
    ]


def test_confidence_grows_with_silence_and_never_reaches_one():
    found = hear(session_of(marked_audio(0, 1) + SECOND, pause=0.4))
    at = {round(hearing.silence, 2): hearing.confidence for hearing in found[10:]}
    assert at[0.2] == pytest.approx(0.35)
    assert at[0.4] == pytest.approx(0.7)
    assert max(at.values()) == 0.99


def test_there_is_no_confidence_before_words_and_while_they_are_spoken():
    found = hear(session_of(SECOND + marked_audio(0, 3)))
    assert words(found[-1]) == [0, 1, 2]
    assert all(hearing.confidence == 0.0 for hearing in found)


def test_a_lag_holds_everything_back_until_the_end():
    session = session_of(marked_audio(0, 5), lag=0.3)
    assert hear(session)[-1].position == 0.2
    session.finish()
    last = hear(session)[-1]
    assert (last.position, words(last)) == (0.5, [0, 1, 2, 3, 4])


def test_late_words_hold_back_the_confidence_only():
    found = hear(session_of(marked_audio(0, 2) + SECOND, word_lag=0.5, pause=0.2))
    known = next(hearing for hearing in found if words(hearing) == [0, 1])
    assert known.position == pytest.approx(0.66)
    assert known.confidence > 0.7
    before = [hearing for hearing in found if hearing.position < known.position]
    assert all(hearing.confidence == 0.0 for hearing in before)
    assert known.silence == pytest.approx(0.46)


def test_late_words_belong_to_the_next_turn_when_one_is_ended_without_them():
    session = session_of(marked_audio(0, 5), word_lag=0.2)
    assert words(hear(session)[-1]) == [0, 1, 2]
    session.end_turn()
    session.finish()
    assert words(hear(session)[-1]) == [3, 4]


def test_after_the_end_the_last_part_of_a_tick_is_heard():
    session = session_of(bytes(2 * 170))
    session.finish()
    assert [hearing.position for hearing in hear(session)] == [0.01, 0.010625]


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 44100, 48000])
def test_it_hears_every_rate_of_v2(rate):
    found = hear(session_of(marked_audio(0, 5, sample_rate=rate), rate=rate))
    assert (found[-1].position, words(found[-1])) == (0.5, [0, 1, 2, 3, 4])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 4000), min_size=1, max_size=12))
def test_what_is_heard_depends_on_the_audio_not_on_its_chunks(sizes):
    audio = SECOND + marked_audio(0, 7) + SECOND + marked_audio(7, 3)
    whole = hear(session_of(audio))
    session, at, found = session_of(), 0, []
    while at < len(audio):
        size = 2 * (sizes.pop(0) if len(sizes) > 1 else sizes[0])
        session.feed(audio[at : at + size])
        found += hear(session)
        at += size
    assert found == whole

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When ``Finalize`` is due though no VAD says that the user has stopped."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.steps import SendText
from pipecat_sagemaker_deepgram.deepgram.v1.conversation import FINALIZE_KIND
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Alternative, Results, Word
from pipecat_sagemaker_deepgram.deepgram.v1.pauses import NO_AUDIO, PauseWatch

from .nova_session import NovaSession, spoken

ASKED = SendText(FINALIZE, kind=FINALIZE_KIND)


def _results(end: float, text: str = "", *, last_word: float | None = None, final: bool = False):
    words = () if last_word is None else (Word(text, last_word - 0.2, last_word),)
    return Results(start=0.0, duration=end, is_final=final, alternative=Alternative(text, words))


def test_audio_that_stops_is_reported_once() -> None:
    watch = PauseWatch()
    assert watch.get_timer() is None
    watch.audio_given(0.5, 10.0)
    assert watch.get_timer() == 10.0 + NO_AUDIO
    assert not watch.take_due(10.5)
    assert watch.take_due(11.0)
    assert not watch.take_due(12.0)
    assert watch.get_timer() is None


def test_audio_that_stops_behind_the_last_final_needs_nothing() -> None:
    watch = PauseWatch()
    watch.audio_given(2.0, 10.0)
    watch.heard(_results(1.99, "hello", final=True))
    assert not watch.take_due(11.0)


@pytest.mark.parametrize("last_word", [1.2, None], ids=["with times", "without"])
def test_a_pause_behind_an_interim_is_reported_once(last_word: float | None) -> None:
    watch = PauseWatch()
    watch.heard(_results(1.3, "hello", last_word=last_word))
    assert not watch.take_due(0.0)
    watch.heard(_results(2.3, "hello", last_word=last_word))
    assert watch.take_due(0.0)
    assert not watch.take_due(0.0)


def test_silence_behind_a_final_is_no_pause() -> None:
    watch = PauseWatch()
    watch.heard(_results(1.3, "hello", last_word=1.2))
    watch.heard(_results(1.5, "hello", last_word=1.2, final=True))
    watch.heard(_results(4.0))
    assert not watch.take_due(0.0)


def test_a_vad_is_relied_on() -> None:
    watch = PauseWatch()
    watch.audio_given(0.5, 10.0)
    watch.vad_spoke()
    watch.heard(_results(5.0, "hello", last_word=0.2))
    assert watch.get_timer() is None
    assert not watch.take_due(20.0)


# In a conversation


def _give(session: NovaSession, seconds: float) -> None:
    session.speak(seconds)
    session.conversation.audio_given(session.given, session.now)


def test_a_conversation_without_a_vad_asks_where_audio_stops() -> None:
    session = NovaSession()
    _give(session, 1.0)
    session.interim()
    session.wait(2.5)
    assert session.steps.count(ASKED) == 1


def test_an_interim_stands_for_an_answer_that_does_not_come() -> None:
    session = NovaSession()
    _give(session, 1.0)
    session.interim()
    session.wait(1.0)
    session.ask()
    session.wait(1.5)
    assert session.words() == spoken(0.0, 1.0)


def test_with_a_vad_it_asks_where_the_user_stops_only() -> None:
    session = NovaSession()
    session.start()
    _give(session, 1.0)
    session.interim()
    session.wait(5.0)
    assert ASKED not in session.steps


def test_after_giving_up_nobody_is_asked() -> None:
    session = NovaSession()
    _give(session, 1.0)
    session.give_up()
    session.wait(5.0)
    assert ASKED not in session.steps

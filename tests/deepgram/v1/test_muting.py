# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Nothing that was said in a mute is given out, whenever its final comes."""

from .nova_session import NovaSession, spoken


def _mute(session: NovaSession, seconds: float) -> None:
    session.conversation.muted("user", session.given)
    session.speak(seconds)
    session.conversation.unmuted("user", session.given)


def test_a_final_that_comes_after_the_mute_has_only_what_was_said_outside() -> None:
    session = NovaSession()
    session.speak(1.0)
    _mute(session, 2.0)
    session.speak(1.0)
    session.interim()
    session.final()
    assert session.interims == [" ".join(spoken(0.0, 1.0) + spoken(3.0, 4.0))]
    assert session.words() == spoken(0.0, 1.0) + spoken(3.0, 4.0)
    body = session.finals[0].transcript.body
    best = body["channel"]["alternatives"][0]
    assert body["muted"]
    assert [word["word"] for word in best["words"]] == session.words()


def test_words_of_before_come_though_their_final_comes_in_the_mute() -> None:
    session = NovaSession()
    session.speak(1.0)
    session.conversation.muted("user", session.given)
    session.final()
    assert session.words() == spoken(0.0, 1.0)
    assert "muted" not in session.finals[0].transcript.body


def test_a_lost_stream_in_a_mute_brings_nothing_of_it() -> None:
    session = NovaSession()
    session.speak(1.0)
    session.final(to=0.5)
    session.conversation.muted("user", session.given)
    session.speak(1.0)
    session.interim()
    session.lose()
    session.connect()
    session.conversation.unmuted("user", session.given)
    session.speak(1.0)
    session.final()
    assert session.words() == spoken(0.0, 1.0) + spoken(2.0, 3.0)


def test_finalize_is_answered_by_a_final_of_which_nothing_is_given_out() -> None:
    session = NovaSession()
    session.start()
    _mute(session, 1.0)
    session.stop()
    session.answer()
    assert session.finals == []
    assert session.answers == 1


def test_no_interim_of_a_mute_stands_for_a_final() -> None:
    session = NovaSession()
    session.start()
    _mute(session, 1.0)
    session.interim()
    session.stop()
    session.ignore()
    session.wait(5.0)
    assert session.finals == session.interims == []


def test_without_words_the_piece_as_a_whole_decides() -> None:
    session = NovaSession()
    _mute(session, 1.0)
    body = {"type": "Results", "channel_index": [0, 1], "is_final": True}
    for start, text in ((0.0, "inside"), (0.5, "outside")):
        channel = {"alternatives": [{"transcript": text}]}
        session.message(body | {"start": start, "duration": 1.0, "channel": channel})
    assert session.words() == ["outside"]

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What follows from a session's records: text, answers to ``Finalize``, settings, in order."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.records import ChangeRefused, SilenceSent
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.messages import UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.steps import (
    ChangeStream,
    LogLine,
    NoteSpeech,
    SendText,
    SettingsRefused,
)
from pipecat_sagemaker_deepgram.deepgram.v1.conversation import FINALIZE_KIND
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Metadata
from pipecat_sagemaker_deepgram.deepgram.v1.steps import (
    FinalizeAnswered,
    MessageReceived,
)
from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError

from .nova_session import CAUSE, NovaSession, spoken


def _speaking(seconds: float = 1.0, **options: object) -> NovaSession:
    """A session in which the user has begun to speak, of which an interim has come."""
    session = NovaSession(**options)  # type: ignore[arg-type]
    session.start()
    session.speak(seconds)
    for channel in range(session.channels):
        session.interim(channel)
    return session


# Text


def test_interims_and_finals_come_as_they_are_said() -> None:
    session = _speaking(0.5)
    session.final(to=0.3)
    assert session.interims == ["w0 w1 w2 w3 w4"]
    assert session.words() == ["w0", "w1", "w2"]
    assert [final.is_finalized for final in session.finals] == [False]


def test_silence_says_nothing() -> None:
    session = NovaSession()
    session.interim()
    session.final()
    assert session.finals == session.interims == []


def test_what_a_replay_says_again_comes_once_and_in_session_time() -> None:
    session = NovaSession()
    session.speak(0.5)
    session.final(to=0.3)
    session.interim()
    session.lose()
    session.connect()
    session.speak(0.5)
    session.interim()
    session.final()
    assert session.words() == spoken(0.0, 1.0)
    body = session.finals[-1].transcript.body
    assert (body["start"], body["start"] + body["duration"]) == pytest.approx((0.3, 1.0))


# Finalize


def test_the_session_knows_when_the_user_speaks() -> None:
    assert NovaSession().conversation.user_started() == [NoteSpeech(True)]


def test_when_the_user_stops_the_transcript_is_asked_for() -> None:
    session = _speaking()
    assert session.conversation.user_stopped(1.0) == [
        NoteSpeech(False),
        SendText(FINALIZE, kind=FINALIZE_KIND),
    ]


def test_an_answer_settles_the_transcript() -> None:
    session = _speaking()
    session.stop()
    session.answer()
    session.wait(60.0)
    assert [final.is_finalized for final in session.finals] == [True]
    assert session.words() == spoken(0.0, 1.0)


def test_an_answer_without_text_settles_it_too() -> None:
    session = _speaking()
    session.final(to=0.96)
    session.speak(0.04)
    session.stop()
    session.answer()
    assert [type(step) for step in session.steps[-2:]] == [SendText, FinalizeAnswered]


def test_where_all_was_heard_nothing_is_waited_for() -> None:
    session = _speaking()
    session.final()
    session.stop()
    assert session.steps[-2:] == [SendText(FINALIZE, kind=FINALIZE_KIND), FinalizeAnswered()]
    assert session.conversation.get_timer() is None


def test_without_an_answer_the_last_interim_stands_for_it() -> None:
    session = _speaking()
    session.stop()
    session.wait(0.9)
    assert session.finals == []
    session.wait(0.2)
    (promoted,) = session.finals
    assert promoted.is_finalized
    assert promoted.transcript.body["promoted"] is True
    assert session.words() == spoken(0.0, 1.0)
    assert LogLine("DEBUG", "no final arrived, so the last interim is used instead") in (
        session.steps
    )


def test_a_late_answer_repeats_nothing() -> None:
    session = _speaking()
    session.stop()
    session.wait(2.0)
    session.answer()
    session.speak(0.5)
    session.final()
    assert session.words() == spoken(0.0, 1.5)


def test_without_a_limit_an_answer_is_waited_for_ever() -> None:
    session = _speaking(timeout=None)
    session.stop()
    assert session.conversation.get_timer() is None


def test_time_does_not_run_while_the_stream_is_lost() -> None:
    session = _speaking()
    session.stop()
    session.lose()
    session.wait(10.0)
    session.connect()
    session.wait(0.9)
    assert session.finals == []
    session.answer()
    assert [final.is_finalized for final in session.finals] == [True]


def test_a_user_who_speaks_on_is_not_cut_short() -> None:
    session = _speaking()
    session.stop()
    session.start()
    session.wait(60.0)
    assert session.finals == []


def test_each_channel_has_to_answer() -> None:
    session = _speaking(channels=2)
    session.stop()
    session.answer(1)
    session.answer(0)
    assert [(final.transcript.results.channel, final.is_finalized) for final in session.finals] == [
        (1, False),
        (0, True),
    ]


def test_of_the_channels_that_do_not_answer_the_last_one_settles_the_transcript() -> None:
    session = _speaking(channels=3)
    session.stop()
    session.answer(1)
    session.wait(2.0)
    assert [(final.transcript.results.channel, final.is_finalized) for final in session.finals] == [
        (1, False),
        (0, False),
        (2, True),
    ]


# The end


@pytest.mark.parametrize("end", ["give_up", "close"])
def test_at_the_end_the_text_so_far_becomes_final(end: str) -> None:
    session = _speaking(channels=2)
    getattr(session, end)()
    assert [(final.transcript.results.channel, final.is_finalized) for final in session.finals] == [
        (0, False),
        (1, True),
    ]
    assert session.conversation.get_timer() is None


def test_a_message_that_comes_with_the_end_stands_before_it() -> None:
    session = NovaSession()
    session.speak(1.0)
    session.stop()
    session.interim()
    session.give_up()
    assert session.conversation.get_timer() is None
    assert session.words() == spoken(0.0, 1.0)


def test_what_the_container_has_answered_in_full_is_not_promoted_at_the_end() -> None:
    session = _speaking(0.5)
    session.final(to=0.3)
    session.message({"type": "Metadata", "sha256": "1234", "duration": 0.5})
    session.close()
    assert session.words() == spoken(0.0, 0.3)


def test_what_it_could_not_answer_is_promoted_at_the_end() -> None:
    session = _speaking(0.5)
    session.final(to=0.3)
    session.message({"type": "Metadata", "sha256": "incomplete"})
    session.close()
    assert session.words() == spoken(0.0, 0.5)


def test_after_recovery_has_failed_a_service_can_be_brought_back() -> None:
    session = _speaking(0.5)
    session.give_up()
    session.connect()
    session.start()
    session.speak(0.5)
    session.stop()
    session.answer()
    assert session.words() == spoken(0.0, 1.0)
    assert [final.is_finalized for final in session.finals] == [True, True]


# Other messages


def test_other_messages_are_handed_on() -> None:
    session = NovaSession()
    body = {"type": "Metadata", "sha256": "1234", "duration": 2.5}
    assert session.message(body) == [MessageReceived(Metadata(2.5, "1234"), body)]
    assert session.message({"type": "New"}) == [
        MessageReceived(UnknownMessage("New"), {"type": "New"})
    ]


def test_what_is_no_message_is_logged_without_its_content() -> None:
    (line,) = NovaSession().message({"type": "Results", "channel": "secret"})
    assert isinstance(line, LogLine)
    assert line.level == "WARNING"
    assert "unreadable field" in line.text
    assert "secret" not in line.text


def test_an_error_of_deepgrams_is_logged() -> None:
    (line,) = NovaSession().message({"type": "Error", "variant": "SchemaError"})
    assert line == LogLine("WARNING", "Deepgram reports SchemaError")


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "Error", "variant": "SchemaError", "description": "secret words"},
        {"type": "Error", "variant": "secret words"},
        {"error": "secret words"},
    ],
)
def test_an_error_of_deepgrams_is_quoted_at_trace_alone(fields: dict[str, Any]) -> None:
    line, quote = NovaSession().message(fields)
    assert isinstance(line, LogLine)
    assert isinstance(quote, LogLine)
    assert (line.level, quote.level) == ("WARNING", "TRACE")
    assert "secret" not in line.text
    assert "secret words" in quote.text


def test_an_event_that_says_nothing_of_words_says_nothing() -> None:
    assert NovaSession().record(SilenceSent(1, 0.1)) == []


# Settings


def test_settings_go_by_a_new_stream() -> None:
    changed = NovaSession().conversation.change_settings({"keyterm": None}, 0.0)
    assert changed == [ChangeStream("settings")]


def test_settings_that_are_refused_go_back() -> None:
    session = NovaSession()
    session.conversation.change_settings({"keyterm": None}, 0.0)
    refusal = ModelUnavailableError("full", log_group="")
    assert session.record(ChangeRefused("settings", refusal)) == [
        SettingsRefused({"keyterm": None}, refusal)
    ]


def test_a_rotation_that_is_refused_changes_no_settings() -> None:
    session = NovaSession()
    session.conversation.change_settings({"keyterm": None}, 0.0)
    assert session.record(ChangeRefused("rotation", CAUSE)) == []


def test_a_step_says_nothing_of_what_was_said_where_it_is_logged() -> None:
    session = NovaSession()
    (step,) = session.message({"type": "New", "text": "secret"})
    assert "secret" not in repr(step)
    refused = SettingsRefused({"keyterm": ["secret"]}, CAUSE)
    assert "secret" not in repr(refused)

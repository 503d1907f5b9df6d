# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a container's replies come to."""

import pytest

from pipecat_sagemaker_deepgram.doctor import CheckFailure, Failure
from pipecat_sagemaker_deepgram.doctor.candidates import candidates
from pipecat_sagemaker_deepgram.doctor.facts import Said
from pipecat_sagemaker_deepgram.doctor.listening import MessageCollector, RecordingListener
from pipecat_sagemaker_deepgram.doctor.replies import Reply

NOVA, FLUX = candidates("nova-3", "en")[0], candidates("flux-general-en", None)[0]


def test_nova_has_spoken_with_its_metadata_and_flux_when_it_is_connected() -> None:
    nova, flux = MessageCollector(NOVA), MessageCollector(FLUX)
    assert not nova.is_over(Reply(kind="words", model="general-nova-3"))
    assert nova.is_over(Reply(kind="metadata"))
    assert nova.outcome(5) == Said(is_deepgram=True, model="general-nova-3")
    assert flux.is_over(Reply(kind="connected"))
    assert flux.outcome(5) == Said(is_deepgram=True)


def test_what_is_not_deepgrams_is_told_apart_from_silence() -> None:
    echo, silent, ended = MessageCollector(NOVA), MessageCollector(NOVA), MessageCollector(NOVA)
    assert not echo.is_over(Reply(kind="other"))
    assert echo.outcome(5) == Said(is_deepgram=False)
    assert ended.is_over(None)
    for conversation, words in (
        (silent, "no message within 5 s"),
        (ended, "without sending a message"),
    ):
        outcome = conversation.outcome(5)
        assert isinstance(outcome, Failure)
        assert outcome.kind is CheckFailure.SILENT
        assert words in outcome.message


def test_a_failure_counts_only_when_nothing_was_said() -> None:
    failure = Failure(kind=CheckFailure.LOST, message="gone")
    said, unsaid = MessageCollector(FLUX), MessageCollector(FLUX)
    said.is_over(Reply(kind="connected"))
    for conversation in (said, unsaid):
        conversation.failed(failure)
    assert said.outcome(5) == Said(is_deepgram=True)
    assert unsaid.outcome(5) is failure


def test_delays_are_measured_from_the_audio_that_was_sent() -> None:
    heard = RecordingListener()
    assert not heard.hear(Reply(kind="words", text=""), 0.2)
    assert not heard.hear(Reply(kind="words", text="a", covers_to=1.0), 1.25)
    assert not heard.hear(Reply(kind="words", text="a b", covers_to=2.0), 2.75)
    final = Reply(kind="words", text="a b.", is_final=True, covers_to=2.5, words_end=2.0)
    assert heard.hear(final, 2.75)
    assert heard.speech.text == "a b."
    assert heard.speech.first_words_delay == pytest.approx(0.25)
    assert heard.speech.final_delay == pytest.approx(0.75)


def test_deepgrams_error_ends_the_listening() -> None:
    heard = RecordingListener()
    assert heard.hear(Reply(kind="error", error="NET-0001"), 1.0)
    assert heard.failure is not None
    assert "NET-0001" in heard.failure.message

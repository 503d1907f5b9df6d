# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Steps of a conversation with Nova as a service shows them, without a pipeline."""

from typing import Any, cast

import pytest
from pipecat.frames.frames import Frame
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.messages import UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.steps import SendSilence
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Alternative,
    Metadata,
    Results,
    SpeechStarted,
    UtteranceEnd,
    Word,
)
from pipecat_sagemaker_deepgram.deepgram.v1.steps import (
    FinalHeard,
    FinalizeAnswered,
    InterimHeard,
    MessageReceived,
    NovaStep,
)
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript
from pipecat_sagemaker_deepgram.stt.nova.sink import NovaSink
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

WORDS = (Word("hello", 0.0, 0.2, "Hello.", 0), Word("hi", 0.3, 0.5, "Hi.", 1))
RESULTS = Results(
    start=0.0,
    duration=1.0,
    is_final=True,
    alternative=Alternative("Hello. Hi.", WORDS, ("en",)),
)
SAID = FreshTranscript(RESULTS, {"type": "Results"})


class _Service:
    """Writes down what it is asked for."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._settings = STTSettings(model="nova-3", language="es")

    async def push_frame(self, frame: Frame) -> None:
        user, text = getattr(frame, "user_id", ""), getattr(frame, "text", "")
        self.done.append(f"{type(frame).__name__} {user}: {text}")

    async def emit_stt_usage_metrics(self) -> None:
        self.done.append("usage")

    def confirm_finalize(self) -> None:
        self.done.append("finalized")

    async def stop_ttfb_metrics(self) -> None:
        self.done.append("latency")

    async def _cancel_ttfb_timeout(self) -> None:
        self.done.append("no timeout")

    async def _call_event_handler(self, event_name: str, *args: Any) -> None:
        self.done.append(f"{event_name} {args}")

    async def trace(self, transcript: str, is_final: bool, language: Language | None) -> None:
        assert is_final
        self.done.append(f"traced {transcript} {language}")


async def _shown(step: NovaStep, *, by_speaker: bool = False, by_channel: bool = False) -> Any:
    speakers = SpeakerLog()
    speakers.note("alice", 0.0)
    service = _Service()
    sink = NovaSink(
        cast(STTService, service),
        speakers,
        service.trace,
        by_speaker=by_speaker,
        by_channel=by_channel,
    )
    await sink.put(step)
    return service.done


async def test_an_interim_is_a_frame_and_nothing_else() -> None:
    assert await _shown(InterimHeard(SAID)) == ["InterimTranscriptionFrame alice: Hello. Hi."]


async def test_a_final_is_counted_shown_and_traced() -> None:
    assert await _shown(FinalHeard(SAID, is_finalized=False)) == [
        "usage",
        "TranscriptionFrame alice: Hello. Hi.",
        "traced Hello. Hi. en",
    ]


async def test_of_several_frames_the_last_one_is_the_finalized_one() -> None:
    shown = await _shown(FinalHeard(SAID, is_finalized=True), by_speaker=True, by_channel=True)
    assert shown == [
        "usage",
        "TranscriptionFrame alice:channel0:0: Hello.",
        "finalized",
        "TranscriptionFrame alice:channel0:1: Hi.",
        "traced Hello. Hi. en",
    ]


async def test_an_answer_without_text_ends_the_wait_for_one() -> None:
    assert await _shown(FinalizeAnswered()) == ["latency", "no timeout"]


@pytest.mark.parametrize(
    ("message", "handler"),
    [
        (SpeechStarted(1.0), "on_speech_started"),
        (UtteranceEnd(1.0), "on_utterance_end"),
        (Metadata(), "on_metadata"),
        (UnknownMessage("New"), "on_unknown_message"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_other_messages_go_to_their_handlers(message: Any, handler: str) -> None:
    assert await _shown(MessageReceived(message, {"a": 1})) == [f"{handler} ({{'a': 1}},)"]


async def test_a_command_is_not_for_a_sink() -> None:
    with pytest.raises(TypeError, match="SendSilence"):
        await _shown(SendSilence(1.0))

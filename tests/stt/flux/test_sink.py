# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Steps of a conversation as a service shows them."""

import asyncio
from types import SimpleNamespace
from typing import Any

from pipecat.frames.frames import Frame
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.v2.conversation import FluxStep
from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    HeardTurn,
    TurnEnded,
    TurnResumed,
    TurnsSuspended,
    TurnStarted,
    TurnStillOpen,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.stt.flux.sink import FluxSink
from pipecat_sagemaker_deepgram.stt.flux.turn_order import TurnOrder
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

HEARD = HeardTurn(TurnInfo("EndOfTurn", 0, 1.0, transcript="one"), 1, 0.0)
ENDED = TurnEnded("one", HEARD, is_committed=True, is_ours=False)
START, STOP = "ProposedUserStartedSpeakingFrame", "ProposedUserStoppedSpeakingFrame"
SHOWN_END = ["clear", "usage", "TranscriptionFrame one", "traced one en", STOP]


class _Service:
    """Writes down what it is asked for."""

    def __init__(self) -> None:
        self._settings = SimpleNamespace(model="flux-general-en")
        self.done: list[str] = []

    async def push_frame(self, frame: Frame) -> None:
        self.done.append(f"{type(frame).__name__} {getattr(frame, 'text', '')}")

    async def broadcast_frame(self, frame_cls: type[Frame]) -> None:
        self.done.append(frame_cls.__name__)

    async def emit_stt_usage_metrics(self) -> None:
        self.done.append("usage")

    async def trace(self, transcript: str, is_final: bool, language: Language | None) -> None:
        assert is_final
        self.done.append(f"traced {transcript} {language}")

    async def _call_event_handler(self, event_name: str, *args: Any) -> None:
        self.done.append(" ".join([event_name, *args]))

    async def _push_eager_end_of_turn(self, transcript: str, **context: Any) -> None:
        self.done.append(f"predicted {transcript} of {context['user_id']}")

    async def _cancel_eager_end_of_turn(self) -> None:
        self.done.append("cancel")

    def _clear_eager_end_of_turn(self) -> None:
        self.done.append("clear")


class _Desk:
    """A sink, its service, and what the pipeline says of turns."""

    def __init__(self) -> None:
        speakers = SpeakerLog()
        speakers.note("alice", 0.0)
        self.service, self.order = _Service(), TurnOrder()
        self.sink = FluxSink(self.service, speakers, self.order, self.service.trace)

    async def show(self, *steps: FluxStep) -> list[str]:
        self.service.done.clear()
        for step in steps:
            await self.sink.put(step)
        return list(self.service.done)


async def test_a_turn_begins_goes_on_and_ends() -> None:
    desk = _Desk()
    assert await desk.show(TurnStarted("o")) == [START, "on_start_of_turn o"]
    assert await desk.show(TurnUpdated("one", HEARD)) == [
        "InterimTranscriptionFrame one",
        "on_update one",
    ]
    assert await desk.show(ENDED) == [*SHOWN_END, "on_end_of_turn one"]


async def test_a_prediction_is_made_and_withdrawn() -> None:
    desk = _Desk()
    assert await desk.show(EndPredicted("one", HEARD), TurnResumed()) == [
        "predicted one of alice",
        "on_eager_end_of_turn one",
        "cancel",
        "on_turn_resumed",
    ]


async def test_a_turn_that_is_on_still_is_proposed_without_an_event() -> None:
    assert await _Desk().show(TurnStillOpen()) == [START]


async def test_a_start_waits_until_the_pipeline_has_ended_the_turn_before() -> None:
    desk = _Desk()
    await desk.show(ENDED)
    showing = asyncio.create_task(desk.show(TurnStarted("two")))
    await asyncio.sleep(0)
    assert desk.service.done == []
    desk.order.end_confirmed()
    assert await showing == [START, "on_start_of_turn two"]


async def test_what_is_suspended_waits_for_it_too() -> None:
    desk = _Desk()
    await desk.show(ENDED)
    showing = asyncio.create_task(desk.show(TurnsSuspended()))
    await asyncio.sleep(0)
    assert not showing.done()
    desk.order.end_confirmed()
    assert await showing == []

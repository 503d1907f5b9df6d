# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reports a speaker's turns to Pipecat: by frames, metrics and event handlers."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from pipecat.frames.frames import (
    Frame,
    ProposedUserStartedSpeakingFrame,
    ProposedUserStoppedSpeakingFrame,
)
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from pipecat_sagemaker_deepgram.deepgram.v2.conversation import FluxStep
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
from pipecat_sagemaker_deepgram.stt.flux.frames import (
    final_frame,
    interim_frame,
    language_of,
    result_of,
)
from pipecat_sagemaker_deepgram.stt.flux.turn_order import TurnOrder
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

TURN_HANDLERS = (
    "on_start_of_turn",
    "on_turn_resumed",
    "on_end_of_turn",
    "on_eager_end_of_turn",
    "on_update",
)
"""Event handlers to which turns are reported, with the names that Pipecat's Flux services use."""

type Trace = Callable[[str, bool, Language | None], Awaitable[None]]


class FluxService(Protocol):
    """The members of a service that a sink uses."""

    _settings: Any

    async def push_frame(self, frame: Frame) -> None:
        """Push a frame downstream."""

    async def broadcast_frame(self, frame_cls: type[Frame]) -> None:
        """Push a frame in both directions."""

    async def emit_stt_usage_metrics(self) -> None:
        """Report the audio used since the last report."""

    async def _call_event_handler(self, event_name: str, *args: Any) -> None: ...

    async def _push_eager_end_of_turn(
        self, transcript: str, *, user_id: str, language: Language | None, result: Any
    ) -> None: ...

    async def _cancel_eager_end_of_turn(self) -> None: ...

    def _clear_eager_end_of_turn(self) -> None: ...


class FluxSink:
    """Reports the turns of a conversation to a service's pipeline.

    Args:
        service: Pushes the frames and calls the handlers.
        speakers: Knows whose audio it was.
        order: Knows when the pipeline has ended a turn.
        trace: Records a transcription for tracing.
    """

    def __init__(self, service: Any, speakers: SpeakerLog, order: TurnOrder, trace: Trace) -> None:
        self._service: FluxService = service
        self._speakers = speakers
        self._order = order
        self._trace = trace

    async def put(self, step: FluxStep) -> None:
        """Report one step."""
        match step:
            case TurnStarted(transcript=transcript):
                await self._report_start(transcript)
            case TurnUpdated():
                await self._report_update(step)
            case EndPredicted():
                await self._report_prediction(step)
            case TurnResumed():
                await self._service._cancel_eager_end_of_turn()
                await self._call("on_turn_resumed")
            case TurnEnded():
                await self._report_end(step)
            case TurnStillOpen():
                await self._propose_start()
            case TurnsSuspended():
                await self._order.wait_for_the_end()
            case _:
                pass

    async def _report_start(self, transcript: str) -> None:
        await self._order.wait_for_the_end()
        await self._propose_start()
        await self._call("on_start_of_turn", transcript)

    async def _propose_start(self) -> None:
        await self._service.broadcast_frame(ProposedUserStartedSpeakingFrame)

    async def _report_update(self, step: TurnUpdated) -> None:
        await self._service.push_frame(interim_frame(step, **self._context_of(step.heard)))
        await self._call("on_update", step.transcript)

    async def _report_prediction(self, step: EndPredicted) -> None:
        context = self._context_of(step.heard)
        await self._service._push_eager_end_of_turn(
            step.transcript,
            user_id=context["user_id"],
            language=language_of(step.heard, context["model"]),
            result=result_of(step),
        )
        await self._call("on_eager_end_of_turn", step.transcript)

    async def _report_end(self, step: TurnEnded) -> None:
        service = self._service
        service._clear_eager_end_of_turn()
        await service.emit_stt_usage_metrics()
        if step.transcript:
            frame = final_frame(step, **self._context_of(step.heard))
            await service.push_frame(frame)
            await self._trace(step.transcript, True, frame.language)
        self._order.end_proposed()
        await service.broadcast_frame(ProposedUserStoppedSpeakingFrame)
        await self._call("on_end_of_turn", step.transcript)

    def _context_of(self, heard: HeardTurn) -> dict[str, Any]:
        return {
            "user_id": self._speakers.at(heard.info.text_end),
            "timestamp": time_now_iso8601(),
            "model": self._service._settings.model,
        }

    async def _call(self, name: str, *arguments: object) -> None:
        await self._service._call_event_handler(name, *arguments)

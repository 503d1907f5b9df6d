# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A speaker's turns as a Pipecat service tells them: frames, metrics, event handlers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from pipecat.frames.frames import (
    Frame,
    ProposedUserStartedSpeakingFrame,
    ProposedUserStoppedSpeakingFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    Heard,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.stt.flux.frames import (
    final_frame,
    interim_frame,
    language_of,
    result_of,
)
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

TURN_HANDLERS = (
    "on_start_of_turn",
    "on_turn_resumed",
    "on_end_of_turn",
    "on_eager_end_of_turn",
    "on_update",
)
"""Event handlers that are told of turns, as Pipecat's Flux services have them."""

TURN_GAP = 0.02
"""Seconds from the end of a turn to the proposal of the next one, at least."""

TURN_STEPS = 50
"""Rounds of the event loop in the same place: frames do not move while the machine is busy with
something else, and time does."""

RESOLVE_TIMEOUT = 0.3
"""Seconds that the next turn waits for the pipeline to have ended the one before."""


class Teller(Protocol):
    """What is used of a service."""

    _settings: Any

    async def push_frame(self, frame: Frame) -> None:
        """Push a frame downstream."""

    async def broadcast_frame(self, frame_cls: type[Frame]) -> None:
        """Push a frame both ways."""

    async def emit_stt_usage_metrics(self) -> None:
        """Report the audio since the last report."""

    async def _call_event_handler(self, event_name: str, *args: Any) -> None: ...

    async def _push_eager_end_of_turn(
        self, transcript: str, *, user_id: str, language: Language | None, result: Any
    ) -> None: ...

    async def _cancel_eager_end_of_turn(self) -> None: ...

    def _clear_eager_end_of_turn(self) -> None: ...


class TurnReporter:
    """Tells what a turn machine says, in order.

    The proposal of a start overtakes the frames of the turn before it, for Pipecat lets it pass
    all that waits. A replay may bring both at the same moment, so a start waits until the end
    before it has been dealt with.

    Args:
        service: Pushes the frames and calls the handlers.
        speakers: Says whose audio it was.
        trace: Records a transcription.
    """

    def __init__(
        self,
        service: Any,
        speakers: SpeakerLog,
        trace: Callable[[str, bool, Language | None], Awaitable[None]],
    ) -> None:
        self._service: Teller = service
        self._speakers = speakers
        self._trace = trace
        self._stopped_at = 0.0
        self._has_stopped = False
        self._is_resolving = False
        self._resolved = asyncio.Event()
        self._resolved.set()

    def note(self, frame: UserStartedSpeakingFrame | UserStoppedSpeakingFrame) -> None:
        """Something in the pipeline has begun or ended the user's turn."""
        self._is_resolving = True
        if isinstance(frame, UserStoppedSpeakingFrame):
            self._resolved.set()

    async def tell(self, event: TurnEvent) -> None:
        """Tell one event."""
        match event:
            case TurnStarted(transcript=transcript):
                await self.wait_for_the_end()
                await self.propose_start()
                await self._call("on_start_of_turn", transcript)
            case TurnUpdated():
                await self._tell_updated(event)
            case EndPredicted():
                await self._tell_predicted(event)
            case TurnResumed():
                await self._service._cancel_eager_end_of_turn()
                await self._call("on_turn_resumed")
            case TurnEnded():
                await self._tell_ended(event)

    async def propose_start(self) -> None:
        """Propose that the user's turn has begun."""
        await self._service.broadcast_frame(ProposedUserStartedSpeakingFrame)

    async def wait_for_the_end(self) -> None:
        """Wait until the end of a turn has been dealt with, but not for long."""
        if self._has_stopped:
            self._has_stopped = False
            await self._let_frames_pass()
        if not self._is_resolving or self._resolved.is_set():
            return
        try:
            async with asyncio.timeout_at(self._stopped_at + RESOLVE_TIMEOUT):
                await self._resolved.wait()
        except TimeoutError:
            self._is_resolving = False

    async def _let_frames_pass(self) -> None:
        gap = self._stopped_at + TURN_GAP - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, gap))
        for _ in range(TURN_STEPS):
            await asyncio.sleep(0)

    async def _tell_updated(self, event: TurnUpdated) -> None:
        await self._service.push_frame(interim_frame(event, **self._context_of(event.heard)))
        await self._call("on_update", event.transcript)

    async def _tell_predicted(self, event: EndPredicted) -> None:
        context = self._context_of(event.heard)
        await self._service._push_eager_end_of_turn(
            event.transcript,
            user_id=context["user_id"],
            language=language_of(event.heard, context["model"]),
            result=result_of(event),
        )
        await self._call("on_eager_end_of_turn", event.transcript)

    async def _tell_ended(self, event: TurnEnded) -> None:
        service = self._service
        service._clear_eager_end_of_turn()
        await service.emit_stt_usage_metrics()
        frame = final_frame(event, **self._context_of(event.heard))
        await service.push_frame(frame)
        await self._trace(event.transcript, True, frame.language)
        self._resolved.clear()
        await service.broadcast_frame(ProposedUserStoppedSpeakingFrame)
        self._stopped_at = asyncio.get_running_loop().time()
        self._has_stopped = True
        await self._call("on_end_of_turn", event.transcript)

    def _context_of(self, heard: Heard) -> dict[str, Any]:
        return {
            "user_id": self._speakers.at(heard.info.text_end),
            "timestamp": time_now_iso8601(),
            "model": self._service._settings.model,
        }

    async def _call(self, name: str, *arguments: object) -> None:
        await self._service._call_event_handler(name, *arguments)

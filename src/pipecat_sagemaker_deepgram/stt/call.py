# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One run of a pipeline as its service sees it: a session, and one loop over what happens in it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from loguru import logger
from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram.client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.records import Message, Record
from pipecat_sagemaker_deepgram.deepgram.conversation import Conversation
from pipecat_sagemaker_deepgram.deepgram.steps import (
    LogLine,
    SendSilence,
    SendText,
    SettingsRefused,
)
from pipecat_sagemaker_deepgram.stt.commands import give_command
from pipecat_sagemaker_deepgram.stt.errors import ErrorTexts
from pipecat_sagemaker_deepgram.stt.session_reporter import SessionReporter
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog
from pipecat_sagemaker_deepgram.stt.tracing import SessionTracing


class FrameSink(Protocol):
    """Shows a conversation's steps to the pipeline, as frames, metrics and event handlers."""

    async def put(self, step: Any) -> None:
        """Show one step; the next one comes once this has returned."""
        ...


class CallService(Protocol):
    """What is used of a service."""

    async def flush_audio(self) -> None:
        """Give the client what is left of the audio before this moment."""

    async def undo_settings(self, refused: SettingsRefused, why: str) -> None:
        """Go back to the settings before, and report it."""


class Call[C: Conversation]:
    """What a service has for one run of its pipeline, and for no other.

    One task takes the session's records in order, has the conversation say what follows from
    each, and carries that out before the next.

    Args:
        service: The service: it is reported to, its tasks are created and its errors pushed.
        client: The session.
        conversation: Says what follows from the session's records.
        new_sink: Makes what shows the conversation's steps to the pipeline.

    Attributes:
        client: The session.
        conversation: What follows from its records.
        speakers: Whose audio begins where.
        reporter: Reports them to the service.
        tracing: Puts the session's events on spans.
        has_begun: Whether the session was begun.
    """

    def __init__(
        self,
        service: Any,
        client: SageMakerBidiClient,
        conversation: C,
        new_sink: Callable[[SpeakerLog], FrameSink],
    ) -> None:
        self.client = client
        self.conversation = conversation
        self.speakers = SpeakerLog()
        self.tracing = SessionTracing(service)
        self.has_begun = False
        self._processor: STTService = service
        self._service: CallService = service
        self._sink = new_sink(self.speakers)
        self._error_texts = ErrorTexts()
        self.reporter = SessionReporter(service, self._error_texts)
        self._steps: deque[Any] = deque()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.Timeout | None = None

    @property
    def is_on(self) -> bool:
        """Whether the session was begun and not ended yet."""
        return self._task is not None

    def begin(self) -> None:
        """Start connecting in the background."""
        self.has_begun = True
        self._task = self._processor.create_task(self._run(), "records")
        self.client.connect()

    async def end(self, *, timeout: float, is_cancelled: bool = False) -> None:
        """Close the session, and wait until all that has come of it is shown.

        Args:
            timeout: Most seconds for what was not answered yet.
            is_cancelled: Whether nobody wants to know what is left.
        """
        self.reporter.is_cancelled = self.reporter.is_cancelled or is_cancelled
        await self.client.close_session(timeout=timeout)
        task, self._task = self._task, None
        if task is not None:
            await asyncio.wait([task], timeout=1.0)
            await self._processor.cancel_task(task)

    async def follow(self, steps: Iterable[Any]) -> None:
        """Carry out what follows from something the pipeline brought.

        Commands are given at once. All else is left to the session's task, which alone pushes
        what is heard, so that it keeps its order.

        Args:
            steps: What follows.
        """
        for step in steps:
            if not await self._give(step):
                self._steps.append(step)
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(self._wakes_at())

    def wake_in_time(self) -> None:
        """Have the conversation's timer ring in time; one that rings too early does no harm."""
        if self._timer is not None and self._timer.when() is None:
            self._timer.reschedule(self._wakes_at())

    # The session's task

    async def _run(self) -> None:
        """Take records to the end; what is not foreseen makes the service unusable, not deaf."""
        try:
            await self._take_records()
        except Exception as error:
            text = f"{type(error).__name__} while the session was handled; it is over"
            await self._processor.push_error(text, exception=error, force_treat_as_permanent=True)
            await self.client.close_session(timeout=0.0)

    async def _take_records(self) -> None:
        while True:
            await self._show_waiting_steps()
            try:
                record = await self._next_record()
            except TimeoutError:
                await self._carry_out(self.conversation.handle_timer(loop_time()))
                continue
            if record is None:
                return
            await self.take(record)

    async def _next_record(self) -> Record | None:
        try:
            async with asyncio.timeout_at(self._wakes_at()) as self._timer:
                return await self.client.receive_record()
        finally:
            self._timer = None

    def _wakes_at(self) -> float | None:
        return loop_time() if self._steps else self.conversation.get_timer()

    async def take(self, record: Record) -> None:
        """Carry out and report what follows from a record.

        Args:
            record: The next one.
        """
        self._error_texts.take(record)
        await self._carry_out(self.conversation.observe(record, loop_time()))
        if not isinstance(record, Message):
            self.tracing.take(record)
            await self.reporter.report(record)

    async def _show_waiting_steps(self) -> None:
        while self._steps:
            await self._show(self._steps.popleft())

    async def _carry_out(self, steps: Iterable[Any]) -> None:
        for step in steps:
            if not await self._give(step):
                await self._show(step)

    async def _give(self, step: object) -> bool:
        """Give the client a command; a message stands behind all the audio before it."""
        if isinstance(step, SendText | SendSilence):
            await self._service.flush_audio()
        return await give_command(self.client, step)

    async def _show(self, step: object) -> None:
        match step:
            case SettingsRefused(cause=cause):
                await self._service.undo_settings(step, self._error_texts.text_of(cause))
            case LogLine(level=level, text=text):
                logger.log(level, f"{self._processor}: {text}")
            case _:
                await self._sink.put(step)

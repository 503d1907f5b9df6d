# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One run of a pipeline as its service sees it: a session, and a loop over its records."""

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
    """Reports a conversation's steps to the pipeline, as frames, metrics and handler calls."""

    async def put(self, step: Any) -> None:
        """Report one step; the next one follows once this has returned."""
        ...


class CallService(Protocol):
    """The methods of a service that a call uses."""

    async def flush_audio(self) -> None:
        """Send the client all audio that was given so far and is still held back."""

    async def undo_settings(self, refused: SettingsRefused, why: str) -> None:
        """Restore the previous settings and report that."""


class Call[C: Conversation]:
    """The state that a service keeps for one run of its pipeline.

    One task takes the session's records in order, asks the conversation what follows from each,
    and carries that out before it takes the next.

    Args:
        service: The service; it creates the tasks, pushes the errors and gets the reports.
        client: The session.
        conversation: Decides what follows from the session's records.
        new_sink: Creates the sink that reports the conversation's steps to the pipeline.

    Attributes:
        client: The session.
        conversation: Decides what follows from the session's records.
        speakers: Whose audio begins where.
        reporter: Reports the session's events to the service.
        tracing: Adds the session's events to spans.
        has_begun: Whether the session was started.
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
        """Whether the session was started and has not ended yet."""
        return self._task is not None

    def begin(self) -> None:
        """Start connecting in the background."""
        self.has_begun = True
        self._task = self._processor.create_task(self._run(), "records")
        self.client.connect()

    async def end(self, *, timeout: float, is_cancelled: bool = False) -> None:
        """Close the session, and wait until everything that it produced has been reported.

        Args:
            timeout: Most seconds to wait for answers that are still due.
            is_cancelled: Whether the pipeline was cancelled, so that nobody needs those answers.
        """
        self.reporter.is_cancelled = self.reporter.is_cancelled or is_cancelled
        await self.client.close_session(timeout=timeout)
        task, self._task = self._task, None
        if task is not None:
            await asyncio.wait([task], timeout=1.0)
            await self._processor.cancel_task(task)

    async def follow(self, steps: Iterable[Any]) -> None:
        """Carry out what follows from a frame of the pipeline.

        Commands are passed to the client at once. Everything else is left to the session's task,
        which alone pushes frames, so that they stay in order.

        Args:
            steps: The steps that follow.
        """
        for step in steps:
            if not await self._give(step):
                self._steps.append(step)
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(self._wakes_at())

    def wake_in_time(self) -> None:
        """Schedule the conversation's timer; a timer that fires too early does no harm."""
        if self._timer is not None and self._timer.when() is None:
            self._timer.reschedule(self._wakes_at())

    # The session's task

    async def _run(self) -> None:
        """Take records until the end; an unexpected error makes the service unusable."""
        try:
            await self._take_records()
        except Exception as error:
            text = f"The session has ended because of an unexpected {type(error).__name__}"
            await self._processor.push_error(text, exception=error, force_treat_as_permanent=True)
            await self.client.close_session(timeout=0.0)

    async def _take_records(self) -> None:
        while True:
            await self._report_waiting_steps()
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
            record: The next record.
        """
        self._error_texts.take(record)
        await self._carry_out(self.conversation.observe(record, loop_time()))
        if not isinstance(record, Message):
            self.tracing.take(record)
            await self.reporter.report(record)

    async def _report_waiting_steps(self) -> None:
        while self._steps:
            await self._report(self._steps.popleft())

    async def _carry_out(self, steps: Iterable[Any]) -> None:
        for step in steps:
            if not await self._give(step):
                await self._report(step)

    async def _give(self, step: object) -> bool:
        """Give the client a command; a message is sent after all the audio before it."""
        if isinstance(step, SendText | SendSilence):
            await self._service.flush_audio()
        return await give_command(self.client, step)

    async def _report(self, step: object) -> None:
        match step:
            case SettingsRefused(cause=cause):
                await self._service.undo_settings(step, self._error_texts.text_of(cause))
            case LogLine(level=level, text=text):
                logger.log(level, f"{self._processor}: {text}")
            case _:
                await self._sink.put(step)

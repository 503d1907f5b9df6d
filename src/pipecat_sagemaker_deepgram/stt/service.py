# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What both services share: a session of the client, and one loop over what happens in it."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

from loguru import logger
from pipecat.frames.frames import CancelFrame, EndFrame, Frame
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.services.settings import ServiceSettings, STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.errors import ErrorCategory

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    RetryPolicy,
    SageMakerBidiClient,
)
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions
from pipecat_sagemaker_deepgram.client.records import Message, Record
from pipecat_sagemaker_deepgram.deepgram.conversation import Conversation
from pipecat_sagemaker_deepgram.deepgram.steps import LogLine, SettingsRefused
from pipecat_sagemaker_deepgram.exceptions import ClosedError, ConfigurationError
from pipecat_sagemaker_deepgram.stt.arguments import refuse_unknown_arguments
from pipecat_sagemaker_deepgram.stt.commands import give_command
from pipecat_sagemaker_deepgram.stt.errors import ErrorTexts, error_category
from pipecat_sagemaker_deepgram.stt.options import take_connection_options
from pipecat_sagemaker_deepgram.stt.session_reporter import EVENT_HANDLERS, SessionReporter
from pipecat_sagemaker_deepgram.stt.settings import own_delta, restore
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

CANCEL_TIMEOUT = 1.0
"""Seconds that a cancelled pipeline waits for what is left."""

PROBE_INTERVAL = 15.0
"""Seconds from which on a service whose recovery has failed tries again, unless told otherwise: a
session that ends instead could never be brought back."""


class FrameSink(Protocol):
    """Shows a conversation's steps to the pipeline, as frames, metrics and event handlers."""

    async def put(self, step: Any) -> None:
        """Show one step; the next one comes once this has returned."""
        ...


class SageMakerSTTService(STTService):
    """A speech-to-text service whose words come from a container behind a SageMaker endpoint.

    It connects in the background while the pipeline starts; audio that comes before the stream
    is up is kept and sent first. At the end everything that was said is transcribed before
    ``EndFrame`` goes on, within ``close_timeout``. One task takes the session's records in order,
    has the conversation say what follows from each, and carries that out before the next.

    Args:
        conversation: Says what follows from the session's records.
        sink: Shows the conversation's steps to the pipeline.
        speakers: Is told whose audio begins where.
        check_settings: Checks a complete store of settings; raises ``ConfigurationError`` where
            no container would take it.
        settings: A complete store of settings.
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's.
        client_config: Time limits and sizes of the client; without a ``probe_interval`` it is 15.
        retry_policy: How often and how long a lost stream is tried for.
        close_timeout: Most seconds for the rest of the transcript at the end of the pipeline; by
            default ``client_config``'s.
        **options: How the endpoint is reached, as in ``ConnectionOptions``; all else is passed
            to Pipecat's ``STTService``.

    Raises:
        ConfigurationError: A parameter is not valid, or none of that name is known.
    """

    def __init__(
        self,
        *,
        conversation: Conversation,
        sink: FrameSink,
        speakers: SpeakerLog,
        check_settings: Callable[[Any], object],
        settings: STTSettings,
        endpoint_name: str,
        region: str | None = None,
        client_config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        close_timeout: float | None = None,
        **options: Any,
    ) -> None:
        connection = take_connection_options(options)
        refuse_unknown_arguments(type(self), options, also=ConnectionOptions.__annotations__)
        super().__init__(settings=settings, **options)
        config = client_config or ClientConfig()
        if config.probe_interval is None:
            config = replace(config, probe_interval=PROBE_INTERVAL)
        if close_timeout is not None:
            config = replace(config, close_timeout=close_timeout)
        self._close_timeout = config.close_timeout
        self._conversation = conversation
        self._sink = sink
        self._speakers = speakers
        self._check_settings = check_settings
        self._error_texts = ErrorTexts()
        self._reporter = SessionReporter(self, self._error_texts)
        self._client = SageMakerBidiClient(
            endpoint_name,
            region,
            protocol=conversation.protocol,
            config=config,
            retry_policy=retry_policy,
            **connection,
        )
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.Timeout | None = None
        self._steps: deque[Any] = deque()
        for name in EVENT_HANDLERS:
            self._register_event_handler(name)

    def can_generate_metrics(self) -> bool:
        """Metrics are generated."""
        return True

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Start connecting in the background.

        Args:
            setup: The pipeline's configuration of its processors.
        """
        await super().setup(setup)
        self._task = self.create_task(self._run(), "records")
        self._client.connect()

    async def stop(self, frame: EndFrame) -> None:
        """Transcribe what is left, then close.

        Args:
            frame: The frame that ends the pipeline.
        """
        await super().stop(frame)
        await self._disconnect(timeout=self._close_timeout)

    async def cancel(self, frame: CancelFrame) -> None:
        """Close at once.

        Args:
            frame: The frame that cancels the pipeline.
        """
        await super().cancel(frame)
        self._reporter.is_cancelled = True
        await self._disconnect(timeout=CANCEL_TIMEOUT)

    async def cleanup(self) -> None:
        """Close whatever is still open."""
        await super().cleanup()
        await self._disconnect(timeout=0.0)

    async def _disconnect(self, *, timeout: float) -> None:
        await self._client.close_session(timeout=timeout)
        task, self._task = self._task, None
        if task is not None:
            await asyncio.wait([task], timeout=1.0)
            await self.cancel_task(task)

    async def set_usable(self, is_usable: bool) -> None:
        """Say whether the service can be given work; one that is brought back connects at once.

        Args:
            is_usable: Whether it can.
        """
        await super().set_usable(is_usable)
        if is_usable and self._task is not None:
            self._client.connect()

    def _classify_error(self, exception: Exception) -> ErrorCategory | None:
        return error_category(exception)

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Hand audio to the client, and note whose it is; results come from the session's task.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Nothing: ``None``.
        """
        if self._user_id != self._speakers.latest:
            self._speakers.note(self._user_id, self._client.audio_seconds)
        try:
            await self._client.send_audio_chunk(audio)
        except ClosedError:
            logger.trace(f"{self}: audio has overtaken EndFrame, behind which none is sent")
        yield None

    async def _update_settings(self, delta: STTSettings) -> dict[str, Any]:
        """Apply settings without losing a word.

        Settings that cannot be are reported as an error and change nothing.
        """
        given = delta.given_fields() if isinstance(delta, ServiceSettings) else {}
        try:
            delta = own_delta(self._settings, delta)
            wanted = self._settings.copy()
            wanted.apply_update(delta)
            self._check_settings(wanted)
        except ConfigurationError as error:
            await self._report_refused(given, error, why=str(error))
            return {}
        changed = await super()._update_settings(delta)
        if changed:
            await self._follow(self._conversation.change_settings(changed, _now()))
        return changed

    async def _follow(self, steps: Iterable[Any]) -> None:
        """Carry out what follows from something the pipeline brought.

        Commands are given at once. All else is left to the session's task, which alone pushes
        what is heard, so that it keeps its order.
        """
        for step in steps:
            if not await give_command(self._client, step):
                self._steps.append(step)
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(self._wakes_at())

    # The session's task

    async def _run(self) -> None:
        """Take records to the end; what is not foreseen makes the service unusable, not deaf."""
        try:
            await self._take_records()
        except Exception as error:
            text = f"{type(error).__name__} while the session was handled; it is over"
            await self.push_error(text, exception=error, force_treat_as_permanent=True)
            await self._client.close_session(timeout=0.0)

    async def _take_records(self) -> None:
        while True:
            await self._show_waiting_steps()
            try:
                record = await self._next_record()
            except TimeoutError:
                await self._carry_out(self._conversation.handle_timer(_now()))
                continue
            if record is None:
                return
            await self._take(record)

    async def _next_record(self) -> Record | None:
        try:
            async with asyncio.timeout_at(self._wakes_at()) as self._timer:
                return await self._client.receive_record()
        finally:
            self._timer = None

    def _wakes_at(self) -> float | None:
        return _now() if self._steps else self._conversation.get_timer()

    async def _take(self, record: Record) -> None:
        self._error_texts.take(record)
        await self._carry_out(self._conversation.observe(record, _now()))
        if not isinstance(record, Message):
            await self._reporter.report(record)

    async def _show_waiting_steps(self) -> None:
        while self._steps:
            await self._show(self._steps.popleft())

    async def _carry_out(self, steps: Iterable[Any]) -> None:
        for step in steps:
            if not await give_command(self._client, step):
                await self._show(step)

    async def _show(self, step: object) -> None:
        match step:
            case SettingsRefused(previous=previous, cause=cause):
                restore(self._settings, previous)
                self._sync_model_name_to_metrics()
                await self._report_refused(previous, cause, why=self._error_texts.text_of(cause))
            case LogLine(level=level, text=text):
                logger.log(level, f"{self}: {text}")
            case _:
                await self._sink.put(step)

    async def _report_refused(self, names: Iterable[str], cause: Exception, *, why: str) -> None:
        refused = " ".join(["The settings", ", ".join(sorted(names))]).rstrip()
        await self.push_error(
            f"{refused} were refused, those before stay in use: {why}",
            exception=cause,
            category=ErrorCategory.APPLICATION,
        )


def _now() -> float:
    return asyncio.get_running_loop().time()

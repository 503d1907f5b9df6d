# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's events as a Pipecat service tells them: handlers, errors, usability."""

import asyncio
from collections.abc import Awaitable, Callable

from pipecat.frames.frames import MetricsFrame
from pipecat.services.stt_service import STTService
from pipecat.utils.errors import ErrorCategory

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import FailureKind, classify
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.stt.errors import ErrorTexts
from pipecat_sagemaker_deepgram.stt.metrics import SessionMeter

EVENT_HANDLERS = ("on_reconnecting", "on_reconnected", "on_stream_changed")
"""What is registered beside Pipecat's own ``on_connected``, ``on_disconnected`` and
``on_connection_error``."""

_CATEGORIES = {
    FailureKind.THROTTLED: ErrorCategory.RATE_LIMIT,
    FailureKind.UNAVAILABLE_MODEL: ErrorCategory.SERVER,
    FailureKind.SERVER: ErrorCategory.SERVER,
    FailureKind.MODEL_STREAM: ErrorCategory.SERVER,
    FailureKind.CONNECTIVITY: ErrorCategory.CONNECTIVITY,
    FailureKind.TIMEOUT: ErrorCategory.CONNECTIVITY,
    FailureKind.CERTIFICATE: ErrorCategory.CONNECTIVITY,
    FailureKind.CREDENTIALS: ErrorCategory.AUTHENTICATION,
    FailureKind.REJECTED: ErrorCategory.INVALID_REQUEST,
}


type Change = events.ChangeRefused | events.AttemptFailed
"""A stream could not be opened; its settings may be why."""


def error_category(error: Exception) -> ErrorCategory | None:
    """Pipecat's category of an error of this package."""
    return _CATEGORIES.get(classify(error).kind)


class SessionReporter:
    """Tells what happens to a service's session, each thing once and in order.

    Args:
        service: The service; its event handlers are called and its errors pushed.
        on_change: Called when a stream could not be opened.
    """

    def __init__(
        self,
        service: STTService,
        on_change: Callable[[Change], Awaitable[None]],
    ) -> None:
        self._service = service
        self._on_change = on_change
        self._events: asyncio.Queue[events.SessionEvent] = asyncio.Queue()
        self._meter = SessionMeter()
        self._texts = ErrorTexts()
        self._is_connected = False
        self._has_told_failure = False
        self._has_given_up = False

    def take(self, event: events.SessionEvent) -> None:
        """Take an event in; never waits."""
        self._events.put_nowait(event)

    async def run(self) -> None:
        """Tell events until the session is closed."""
        while True:
            event = await self._events.get()
            self._texts.take(event)
            await self._tell(event)
            await self._tell_metrics(event)
            if isinstance(event, events.Closed):
                return

    def text_of(self, error: SageMakerDeepgramError) -> str:
        """The sentence for the error of the event that is being told."""
        return self._texts.text_of(error)

    async def _tell(self, event: events.SessionEvent) -> None:
        match event:
            case events.Connected():
                await self._tell_connected(event)
            case events.Lost():
                await self._tell_disconnected()
            case events.RetryScheduled(attempt=attempt, delay=delay):
                await self._call("on_reconnecting", attempt, delay)
            case events.AttemptFailed():
                await self._on_change(event)
                await self._tell_failed_attempt(event.cause)
            case events.StreamChanged(reason=reason):
                await self._call("on_stream_changed", reason)
            case events.ChangeRefused():
                await self._on_change(event)
            case events.GivenUp(cause=cause):
                self._has_given_up = True
                await self._tell_unusable(cause)
            case events.Closed():
                await self._tell_disconnected()

    async def _tell_connected(self, event: events.Connected) -> None:
        self._is_connected = True
        self._has_told_failure = self._has_given_up = False
        await self._service.set_usable(True)
        await self._call("on_connected")
        if not event.is_first:
            await self._call("on_reconnected", event.replayed_seconds)

    async def _tell_failed_attempt(self, cause: SageMakerDeepgramError) -> None:
        """Tell the first one of an outage, and one that was to bring the service back."""
        if self._has_given_up and self._service.is_usable:
            await self._tell_unusable(cause)
        elif not self._has_told_failure:
            self._has_told_failure = True
            await self._call("on_connection_error", self.text_of(cause))

    async def _tell_unusable(self, cause: SageMakerDeepgramError) -> None:
        text = self.text_of(cause)
        await self._call("on_connection_error", text)
        await self._service.push_error(text, exception=cause, force_treat_as_permanent=True)

    async def _tell_disconnected(self) -> None:
        if self._is_connected:
            self._is_connected = False
            await self._call("on_disconnected")

    async def _tell_metrics(self, event: events.SessionEvent) -> None:
        service = self._service
        model = service._settings.model
        metrics = self._meter.take(
            event, processor=service.name, model=model if isinstance(model, str) else None
        )
        if metrics is not None and service.metrics_enabled:
            await service.push_frame(MetricsFrame(data=[metrics]))

    async def _call(self, name: str, *arguments: object) -> None:
        await self._service._call_event_handler(name, *arguments)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reports a session's events through a Pipecat service: handlers, errors, metrics, usability."""

from collections.abc import Iterable

from pipecat.services.stt_service import STTService
from pipecat.utils.errors import ErrorCategory

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.stt.errors import ErrorTexts
from pipecat_sagemaker_deepgram.stt.metrics import SessionMeter, SessionMetricsFrame

EVENT_HANDLERS = (
    "on_reconnecting",
    "on_reconnected",
    "on_stream_changed",
    "on_failed_over",
    "on_audio_lost",
    "on_container_slow",
    "on_session_event",
)
"""The handlers that are registered in addition to Pipecat's own ``on_connected``,
``on_disconnected`` and ``on_connection_error``."""

_REASONS: dict[events.LossReason, str] = {
    "replay_limit": "a lost stream had received more audio than max_replay_seconds or "
    "max_replay_buffer_bytes allows to keep",
    "buffer_limit": "more audio was waiting for a stream than max_unsent_bytes allows to keep",
    "closed": "the session ended before the container had answered it",
    "unread": "the session ended while nobody was receiving its messages",
    "message_too_large": "a message from the container was too large to be read",
}


class SessionReporter:
    """Reports what happens to a service's session, everything once and in order.

    Args:
        service: The service that calls the event handlers and pushes the errors.
        texts: Writes the texts of errors; it must get each event before this reporter does.

    Attributes:
        is_cancelled: Whether the pipeline was cancelled, so that nobody needs what is left.
    """

    def __init__(self, service: STTService, texts: ErrorTexts) -> None:
        self._service = service
        self._texts = texts
        self._meter = SessionMeter()
        self._is_connected = False
        self._has_reported_failure = False
        self._has_given_up = False
        self.is_cancelled = False

    async def report(self, event: events.SessionEvent) -> None:
        """Report an event."""
        await self._call("on_session_event", event)
        await self._report_change(event)
        match event:
            case events.RetryScheduled(attempt=attempt, delay=delay):
                await self._call("on_reconnecting", attempt, delay)
            case events.StreamChanged(reason=reason):
                await self._call("on_stream_changed", reason)
            case events.FailedOver(target=target):
                await self._call("on_failed_over", target)
            case events.ContainerSlow(seconds_behind=seconds):
                await self._call("on_container_slow", seconds)
        await self._report_metrics(event)

    async def _report_change(self, event: events.SessionEvent) -> None:
        """Report an event that changes the service's state or what it has lost or used."""
        match event:
            case events.Connected():
                await self._report_connected(event)
            case events.Lost() | events.Closed():
                await self._report_disconnected()
            case events.AttemptFailed(cause=cause):
                await self._report_failed_attempt(cause)
            case events.GivenUp(cause=cause):
                await self._report_unusable(cause)
            case events.AudioDropped(seconds=seconds, reason=reason):
                await self._report_lost_audio(seconds, reason)
            case events.SilenceSent(seconds=seconds):
                self._count_silence(seconds)

    async def _report_connected(self, event: events.Connected) -> None:
        self._is_connected = True
        self._has_reported_failure = self._has_given_up = False
        await self._service.set_usable(True)
        await self._call("on_connected")
        if not event.is_first:
            await self._call("on_reconnected", event.replayed_seconds)

    async def _report_failed_attempt(self, cause: SageMakerDeepgramError) -> None:
        """Report the first failure of an outage, and one that keeps a service unusable."""
        if self._has_given_up and self._service.is_usable:
            await self._report_unusable(cause)
        elif not self._has_reported_failure:
            self._has_reported_failure = True
            await self._call("on_connection_error", self._texts.text_of(cause))

    async def _report_unusable(self, cause: SageMakerDeepgramError) -> None:
        self._has_given_up = True
        text = self._texts.text_of(cause)
        await self._call("on_connection_error", text)
        await self._service.push_error(text, exception=cause, force_treat_as_permanent=True)

    async def _report_lost_audio(self, seconds: float, reason: events.LossReason) -> None:
        """Report lost audio as an error, unless the pipeline was cancelled."""
        if self.is_cancelled:
            return
        await self._call("on_audio_lost", seconds, reason)
        if reason == "gave_up":
            return  # The error that made the service unusable has reported it.
        lost = f"{seconds:.2f} s of audio" if seconds else "Some of the audio"
        text = f"{lost} will not be transcribed: {_REASONS[reason]}"
        await self._service.push_error(text, category=ErrorCategory.UNKNOWN)

    async def _report_disconnected(self) -> None:
        if self._is_connected:
            self._is_connected = False
            await self._call("on_disconnected")

    def _count_silence(self, seconds: float) -> None:
        """Count silence as usage, as Pipecat does; replayed audio is in the metrics instead."""
        service = self._service
        service._record_stt_audio_usage(bytes(round(seconds * service.sample_rate) * 2))

    async def report_refused(self, names: Iterable[str], cause: Exception, *, why: str) -> None:
        """Report settings that were refused.

        Args:
            names: Names of the settings.
            cause: The error that caused it.
            why: The reason, in words for the user.
        """
        refused = " ".join(["The settings", ", ".join(sorted(names))]).rstrip()
        await self._service.push_error(
            f"{refused} were refused, and the previous ones stay in use: {why}",
            exception=cause,
            category=ErrorCategory.APPLICATION,
        )

    async def _report_metrics(self, event: events.SessionEvent) -> None:
        service = self._service
        model = service._settings.model
        metrics = self._meter.take(
            event, processor=service.name, model=model if isinstance(model, str) else None
        )
        if metrics is not None and service.metrics_enabled:
            await service.push_frame(SessionMetricsFrame(data=[metrics]))

    async def _call(self, name: str, *arguments: object) -> None:
        await self._service._call_event_handler(name, *arguments)

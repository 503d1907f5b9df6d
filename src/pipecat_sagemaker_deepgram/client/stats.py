# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Counters of a session, and sentences that describe its events. Pure."""

from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.exceptions import RejectedError, SageMakerDeepgramError


@dataclass
class SessionStats:
    """The counters of one session.

    Attributes:
        is_connected: Whether a stream is up.
        target: The target of the stream in use, or of the last one; ``None`` before the first.
        streams_connected: Streams that came up, including the first.
        losses: Streams that failed while they were up.
        failed_attempts: Streams that could not be opened.
        failovers: Changes of target.
        changes: Streams replaced without a loss.
        replayed_seconds: Seconds of audio that were sent again.
        lost_seconds: Seconds of audio that were never answered.
        unread_messages: Messages from the container that were too large to be read.
        last_connect_seconds: Seconds from the start of the last successful attempt until its
            stream was ready.
        messages_received: Messages from the container.
        bytes_sent: Bytes sent to the container, including controls and silence.
    """

    is_connected: bool = False
    target: Target | None = None
    streams_connected: int = 0
    losses: int = 0
    failed_attempts: int = 0
    failovers: int = 0
    changes: int = 0
    replayed_seconds: float = 0.0
    lost_seconds: float = 0.0
    unread_messages: int = 0
    last_connect_seconds: float = 0.0
    messages_received: int = 0
    bytes_sent: int = 0
    _opened: Target | None = field(default=None, repr=False)

    def count(self, event: events.SessionEvent) -> None:
        """Count an event."""
        match event:
            case events.Connecting(target=target):
                self._opened = target
            case events.Connected():
                self.is_connected = True
                self.last_connect_seconds = event.connect_seconds
                self._count_stream(event)
            case events.StreamChanged():
                self.changes += 1
                self._count_stream(event)
            case _:
                self._count_failure(event)

    def _count_stream(self, event: events.Connected | events.StreamChanged) -> None:
        self.target = self._opened
        self.streams_connected += 1
        self.replayed_seconds += event.replayed_seconds

    def _count_failure(self, event: events.SessionEvent) -> None:
        match event:
            case events.Lost():
                self.is_connected = False
                self.losses += 1
            case events.GivenUp() | events.Closed():
                self.is_connected = False
            case events.AttemptFailed():
                self.failed_attempts += 1
            case events.FailedOver():
                self.failovers += 1
            case events.AudioDropped(seconds=seconds, reason=reason):
                self.lost_seconds += seconds
                self.unread_messages += reason == "message_too_large"


def describe(event: events.SessionEvent) -> tuple[str, str]:
    """Describe an event for the log.

    Returns:
        The log level and the sentence.
    """
    match event:
        case events.Lost() | events.AttemptFailed() | events.RetryScheduled() | events.GivenUp():
            return _describe_failure(event)
        case events.ControlSent(stream=stream, kind=kind):
            return "TRACE", f"stream {stream} was sent {kind}"
        case events.SilenceSent(stream=stream, seconds=seconds):
            return "TRACE", f"stream {stream} was sent {seconds:.2f} s of silence"
        case events.AudioDropped() | events.ContainerSlow() | events.Closed():
            return _describe_audio(event)
        case _:
            return _describe_stream(event)


def _describe_stream(
    event: events.Connecting
    | events.Connected
    | events.FailedOver
    | events.StreamChanged
    | events.ChangeRefused,
) -> tuple[str, str]:
    match event:
        case events.Connecting(stream=stream, target=target):
            return "DEBUG", f"opening stream {stream} to {target.endpoint_name}"
        case events.Connected() if event.outage_seconds or not event.is_first:
            return "INFO", f"{recovery_in_words(event)} ({event.identity})"
        case events.Connected():
            seconds = event.connect_seconds
            return "DEBUG", f"stream {event.stream} is up after {seconds:.2f} s ({event.identity})"
        case events.FailedOver(target=target):
            return "WARNING", f"switched to {target.endpoint_name} in {target.region}"
        case events.StreamChanged(stream=stream, reason=reason):
            return "DEBUG", f"stream {stream} has taken over ({reason})"
        case events.ChangeRefused(reason=reason, cause=cause):
            return "WARNING", f"no stream could be opened to take over ({reason}): {cause}"


def _describe_failure(
    event: events.Lost | events.AttemptFailed | events.RetryScheduled | events.GivenUp,
) -> tuple[str, str]:
    match event:
        case events.Lost(stream=stream, cause=cause):
            return "WARNING", f"stream {stream} was lost: {cause}"
        case events.AttemptFailed(stream=stream, cause=cause):
            return "DEBUG", f"stream {stream} could not be opened: {cause}"
        case events.RetryScheduled(attempt=attempt, delay=delay, cause=cause):
            level = "DEBUG" if attempt == 1 else "WARNING"
            return level, f"retry {attempt} in {delay:.2f} s, after: {_in_short(cause)}"
        case events.GivenUp(cause=cause, lost_seconds=seconds):
            return "ERROR", f"recovery has failed and {seconds:.2f} s of audio was lost: {cause}"


def _describe_audio(
    event: events.AudioDropped | events.ContainerSlow | events.Closed,
) -> tuple[str, str]:
    match event:
        case events.AudioDropped(reason="message_too_large"):
            return "WARNING", "a message from the container was too large to be read"
        case events.AudioDropped(seconds=seconds, reason=reason):
            return "WARNING", f"{seconds:.2f} s of audio was lost ({reason})"
        case events.ContainerSlow(stream=stream, seconds_behind=seconds):
            return "WARNING", f"the container of stream {stream} is {seconds:.1f} s behind"
        case events.Closed(lost_seconds=seconds) if seconds:
            return "WARNING", f"closed with {seconds:.2f} s of audio unanswered"
        case events.Closed():
            return "DEBUG", "closed"


def log_fields(event: events.SessionEvent) -> dict[str, str | int]:
    """Return the fields of an event's log record, which filters can rely on.

    Args:
        event: The event.

    Returns:
        ``session_event``, the name of its class; ``reason`` and ``status`` (HTTP) if it has them.
    """
    fields: dict[str, str | int] = {"session_event": type(event).__name__}
    reason, cause = getattr(event, "reason", None), getattr(event, "cause", None)
    if reason is not None:
        fields["reason"] = reason
    if isinstance(cause, RejectedError):
        fields["status"] = cause.status_code
    return fields


def recovery_in_words(event: events.Connected) -> str:
    """Describe how an outage ended.

    Args:
        event: The event that reports the stream which ended it.
    """
    came = "is up" if event.is_first else "took over"
    after = f"stream {event.stream} {came} after {event.outage_seconds:.2f} s"
    sent_again = f"{event.replayed_seconds:.1f} s sent again, " if event.replayed_seconds else ""
    dropped = event.dropped_seconds
    return f"{after}; {sent_again}{f'{dropped:.1f} s lost' if dropped else 'no word lost'}"


def _in_short(cause: SageMakerDeepgramError) -> str:
    """Describe a failure briefly; the last one of an outage is reported in full."""
    if isinstance(cause, RejectedError):
        return f"HTTP {cause.status_code} {cause.code}".rstrip()
    return cause.message


def details_of(event: events.SessionEvent) -> str:
    """Return what a container wrote about a failure, which may quote what was said."""
    match event:
        case events.Lost() | events.AttemptFailed() | events.ChangeRefused():
            return event.cause.details
        case _:
            return ""

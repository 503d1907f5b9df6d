# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Counters of a session, and its events in words. Pure."""

from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.exceptions import RejectedError, SageMakerDeepgramError


@dataclass
class SessionStats:
    """What a session has been through.

    Attributes:
        is_connected: Whether a stream is up.
        target: Where the stream in use, or the last one, goes to; ``None`` before the first.
        streams_connected: Streams that came up, the first included.
        losses: Streams that failed while they were up.
        failed_attempts: Streams that could not be opened.
        failovers: Changes of target.
        changes: Streams replaced without a loss.
        replayed_seconds: Audio that was sent again.
        lost_seconds: Audio that was given and never answered for.
        unread_messages: Messages of the container that were too large to be read.
        last_connect_seconds: From the last successful attempt's beginning to readiness.
        messages_received: Messages of the container.
        bytes_sent: Bytes sent to the container, controls and silence included.
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
        """Take an event in."""
        match event:
            case events.Connecting(target=target):
                self._opened = target
            case events.Connected():
                self.is_connected = True
                self.target = self._opened
                self.streams_connected += 1
                self.replayed_seconds += event.replayed_seconds
                self.last_connect_seconds = event.connect_seconds
            case events.StreamChanged():
                self.target = self._opened
                self.changes += 1
                self.streams_connected += 1
                self.replayed_seconds += event.replayed_seconds
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
    """Put an event into words.

    Returns:
        The log level and the sentence.
    """
    match event:
        case events.Connecting(stream=stream, target=target):
            return "DEBUG", f"opening stream {stream} to {target.endpoint_name}"
        case events.Connected() if event.outage_seconds or not event.is_first:
            return "INFO", f"{recovery_in_words(event)} ({event.identity})"
        case events.Connected():
            return "DEBUG", (
                f"stream {event.stream} is up after {event.connect_seconds:.2f} s"
                f" ({event.identity})"
            )
        case events.Lost(stream=stream, cause=cause):
            return "WARNING", f"stream {stream} was lost: {cause}"
        case events.AttemptFailed(stream=stream, cause=cause):
            return "DEBUG", f"stream {stream} could not be opened: {cause}"
        case events.RetryScheduled(attempt=attempt, delay=delay, cause=cause):
            level = "DEBUG" if attempt == 1 else "WARNING"
            return level, f"retry {attempt} in {delay:.2f} s, after: {_in_short(cause)}"
        case events.FailedOver(target=target):
            return "WARNING", f"turned to {target.endpoint_name} in {target.region}"
        case events.StreamChanged(stream=stream, reason=reason):
            return "DEBUG", f"stream {stream} has taken over ({reason})"
        case events.ChangeRefused(reason=reason, cause=cause):
            return "WARNING", f"no stream could be opened for a change ({reason}): {cause}"
        case events.ControlSent(stream=stream, kind=kind):
            return "TRACE", f"stream {stream} was sent {kind}"
        case events.SilenceSent(stream=stream, seconds=seconds):
            return "TRACE", f"stream {stream} was sent {seconds:.2f} s of silence"
        case events.AudioDropped(reason="message_too_large"):
            return "WARNING", "a message of the container is too large, and was not read"
        case events.AudioDropped(seconds=seconds, reason=reason):
            return "WARNING", f"{seconds:.2f} s of audio are lost ({reason})"
        case events.ContainerSlow(stream=stream, seconds_behind=seconds):
            return "WARNING", f"the container of stream {stream} is {seconds:.1f} s behind"
        case events.GivenUp(cause=cause, lost_seconds=seconds):
            return "ERROR", f"recovery has failed, {seconds:.2f} s of audio are lost: {cause}"
        case events.Closed(lost_seconds=seconds) if seconds:
            return "WARNING", f"closed with {seconds:.2f} s of audio unanswered"
        case events.Closed():
            return "DEBUG", "closed"


def recovery_in_words(event: events.Connected) -> str:
    """Put into words how an outage ended.

    Args:
        event: The stream that ended it.
    """
    came = "is up" if event.is_first else "took over"
    after = f"stream {event.stream} {came} after {event.outage_seconds:.2f} s"
    sent_again = f"{event.replayed_seconds:.1f} s sent again, " if event.replayed_seconds else ""
    dropped = event.dropped_seconds
    return f"{after}; {sent_again}{f'{dropped:.1f} s lost' if dropped else 'no word lost'}"


def _in_short(cause: SageMakerDeepgramError) -> str:
    """What failed, of an error that is reported whole where it is the last."""
    if isinstance(cause, RejectedError):
        return f"HTTP {cause.status_code} {cause.code}".rstrip()
    return cause.message


def details_of(event: events.SessionEvent) -> str:
    """What a container wrote about what has failed: it may quote what was said."""
    match event:
        case events.Lost() | events.AttemptFailed() | events.ChangeRefused():
            return event.cause.details
        case _:
            return ""

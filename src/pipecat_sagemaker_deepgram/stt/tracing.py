# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Adds a session's events to OpenTelemetry spans if Pipecat's tracing is enabled.

Each attempt to connect is a separate span. Pipecat opens its ``stt`` span with a transcription,
dates it back to the beginning of the speech and may end it within the same push. Events that
happen while no span is open wait, with their times, for the next one.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipecat.services.stt_service import STTService
from pipecat.utils.tracing.setup import is_tracing_available

from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity

if TYPE_CHECKING or is_tracing_available():
    from opentelemetry import trace

CONNECT_SPAN = "stt_connect"
"""Name of the span of an attempt to connect. It lasts from the start of the attempt until the
container is ready, or until the new stream takes over from another one."""

REST_SPAN = "stt_rest"
"""Name of the span that holds what happened after a session's last transcription."""

_TRACER = "pipecat_sagemaker_deepgram"

type Attributes = dict[str, str | int | float | bool]


@dataclass(frozen=True)
class _Happening:
    name: str
    attributes: Attributes
    at: int


@dataclass
class _Attempt:
    stream: int
    target: Target
    began: int
    ended: int = 0
    error: str = ""
    facts: Attributes = field(default_factory=dict)


class SessionTracing:
    """Adds the events of one session to spans.

    Args:
        service: The service that has the spans.
        clock: Returns nanoseconds since 1970.
    """

    def __init__(self, service: STTService, clock: Callable[[], int] = time.time_ns) -> None:
        self._service = service
        self._clock = clock
        self._attempts: dict[int, _Attempt] = {}
        self._ended: list[_Attempt] = []
        self._waiting: list[_Happening] = []

    def take(self, event: events.SessionEvent) -> None:
        """Record an event."""
        if not self._is_on:
            return
        now = self._clock()
        self._follow_attempts(event, now)
        self._waiting += [_Happening(name, facts, now) for name, facts in _happenings(event)]
        self.show()
        is_over = isinstance(event, events.Closed)
        self._show_attempts(is_last=is_over)
        if is_over and self._waiting:
            span = self._start(REST_SPAN, self._waiting[0].at)
            self._attach(span)
            span.end(now)

    def show(self) -> None:
        """Add the waiting events to Pipecat's ``stt`` span, if one is open."""
        span = (getattr(self._service, "_stt_span_state", None) or {}).get("span")
        if self._waiting and span is not None:
            self._attach(span)

    @property
    def _is_on(self) -> bool:
        return is_tracing_available() and self._service._tracing_enabled

    def _follow_attempts(self, event: events.SessionEvent, now: int) -> None:
        match event:
            case events.Connecting(stream=stream, target=target):
                self._attempts[stream] = _Attempt(stream, target, now)
            case events.Connected(stream=stream, identity=identity):
                self._end_attempt(stream, now, facts=_facts_of(identity))
            case events.StreamChanged(stream=stream, reason=reason):
                self._end_attempt(stream, now, facts={"stt.change_reason": reason})
            case events.AttemptFailed(stream=stream, cause=cause):
                self._end_attempt(stream, now, error=str(cause))
            case events.ChangeRefused(cause=cause):
                self._end_attempt(max(self._attempts, default=0), now, error=str(cause))
            case events.Closed():
                for stream in list(self._attempts):
                    self._end_attempt(stream, now, error="the session was closed")

    def _end_attempt(
        self, stream: int, now: int, *, error: str = "", facts: Attributes | None = None
    ) -> None:
        attempt = self._attempts.pop(stream, None)
        if attempt is not None:
            attempt.ended, attempt.error, attempt.facts = now, error, facts or {}
            self._ended.append(attempt)

    def _show_attempts(self, *, is_last: bool) -> None:
        """Write the spans of attempts as soon as there is a conversation they belong to."""
        if not is_last and self._parent() is None:
            return
        for attempt in self._ended:
            self._show_attempt(attempt)
        self._ended.clear()

    def _show_attempt(self, attempt: _Attempt) -> None:
        span = self._start(CONNECT_SPAN, attempt.began)
        facts: Attributes = {
            "stt.stream": attempt.stream,
            "stt.endpoint": attempt.target.endpoint_name,
            "stt.region": attempt.target.region or "",
        }
        span.set_attributes(facts | attempt.facts)
        if attempt.error:
            span.set_status(trace.StatusCode.ERROR, attempt.error)
        span.end(attempt.ended)

    def _attach(self, span: Any) -> None:
        for each in self._waiting:
            span.add_event(each.name, each.attributes, timestamp=each.at)
        self._waiting.clear()

    def _start(self, name: str, began: int) -> "trace.Span":
        tracer = trace.get_tracer(_TRACER)
        return tracer.start_span(name, context=self._parent(), start_time=began)

    def _parent(self) -> Any:
        tracing = self._service._tracing_context
        return tracing.get_conversation_context() if tracing else None


def _facts_of(identity: StreamIdentity) -> Attributes:
    facts = {
        "aws.request_id": identity.request_id or "",
        "stt.variant": identity.production_variant or "",
    }
    return {name: value for name, value in facts.items() if value}


def _happenings(event: events.SessionEvent) -> Iterator[tuple[str, Attributes]]:
    """Yield what to add to a span for an event: names and attributes."""
    match event:
        case events.Lost(stream=stream, cause=cause):
            yield "stream_lost", {"stream": stream, "error": str(cause)}
        case events.FailedOver(target=target):
            yield "failed_over", {"endpoint": target.endpoint_name, "region": target.region or ""}
        case events.StreamChanged(stream=stream, reason=reason):
            yield "stream_changed", {"stream": stream, "reason": reason}
        case events.AudioDropped(seconds=seconds, reason=reason):
            yield "audio_lost", {"seconds": seconds, "reason": reason}
        case events.ContainerSlow(seconds_behind=seconds):
            yield "container_slow", {"seconds_behind": seconds}
        case events.GivenUp(cause=cause):
            yield "gave_up", {"error": str(cause)}
    yield from _replays(event)


def _replays(event: events.SessionEvent) -> Iterator[tuple[str, Attributes]]:
    if isinstance(event, events.Connected | events.StreamChanged) and event.replayed_seconds:
        yield "audio_replayed", {"stream": event.stream, "seconds": event.replayed_seconds}

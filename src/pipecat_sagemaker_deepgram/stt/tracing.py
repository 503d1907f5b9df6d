# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's events on OpenTelemetry's spans, where Pipecat's tracing is on.

Each attempt to connect is a span of its own. Pipecat opens its ``stt`` span with a transcription,
dates it back to the beginning of the speech and may end it within the same push; what happens to
the session while none is open waits, with its time, for the next one.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipecat.services.stt_service import STTService
from pipecat.utils.tracing.setup import is_tracing_available

from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.client import records as events

if TYPE_CHECKING or is_tracing_available():
    from opentelemetry import trace

CONNECT_SPAN = "stt_connect"
"""Name of the span of an attempt to connect, from its beginning to the container's readiness; of
one that takes over from another stream, to that moment."""

REST_SPAN = "stt_rest"
"""Name of the span at a session's end that has what happened after the last transcription."""

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
    """Puts the events of one session on spans.

    Args:
        service: The service whose spans they are.
        clock: Gives nanoseconds since 1970.
    """

    def __init__(self, service: STTService, clock: Callable[[], int] = time.time_ns) -> None:
        self._service = service
        self._clock = clock
        self._attempts: dict[int, _Attempt] = {}
        self._ended: list[_Attempt] = []
        self._waiting: list[_Happening] = []

    def take(self, event: events.SessionEvent) -> None:
        """Take an event in."""
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
        """Put what waits on the ``stt`` span that Pipecat has open, if it has one."""
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
                facts = {
                    "aws.request_id": identity.request_id or "",
                    "stt.variant": identity.production_variant or "",
                }
                self._end_attempt(stream, now, facts={k: v for k, v in facts.items() if v})
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
        """Show attempts as soon as there is a conversation that they are a part of."""
        if not is_last and self._parent() is None:
            return
        for attempt in self._ended:
            span = self._start(CONNECT_SPAN, attempt.began)
            span.set_attributes(
                {
                    "stt.stream": attempt.stream,
                    "stt.endpoint": attempt.target.endpoint_name,
                    "stt.region": attempt.target.region or "",
                }
                | attempt.facts
            )
            if attempt.error:
                span.set_status(trace.StatusCode.ERROR, attempt.error)
            span.end(attempt.ended)
        self._ended.clear()

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


def _happenings(event: events.SessionEvent) -> Iterator[tuple[str, Attributes]]:
    """What of an event stands on a span, by the name it has there."""
    match event:
        case events.Lost(stream=stream, cause=cause):
            yield "stream_lost", {"stream": stream, "error": str(cause)}
        case events.FailedOver(target=target):
            facts = {"endpoint": target.endpoint_name, "region": target.region or ""}
            yield "failed_over", {**facts}
        case events.StreamChanged(stream=stream, reason=reason):
            yield "stream_changed", {"stream": stream, "reason": reason}
        case events.AudioDropped(seconds=seconds, reason=reason):
            yield "audio_lost", {"seconds": seconds, "reason": reason}
        case events.ContainerSlow(seconds_behind=seconds):
            yield "container_slow", {"seconds_behind": seconds}
        case events.GivenUp(cause=cause):
            yield "gave_up", {"error": str(cause)}
        case _:
            pass
    if isinstance(event, events.Connected | events.StreamChanged) and event.replayed_seconds:
        yield "audio_replayed", {"stream": event.stream, "seconds": event.replayed_seconds}

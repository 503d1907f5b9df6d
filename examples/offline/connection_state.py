# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The state of the speech-to-text connection that the page shows. Pure."""

from dataclasses import asdict, dataclass, replace
from typing import Literal, Self

from pipecat_sagemaker_deepgram import (
    Connected,
    GivenUp,
    Lost,
    RetryScheduled,
    SageMakerDeepgramError,
    SessionEvent,
    StreamChanged,
)


@dataclass(frozen=True, kw_only=True)
class ConnectionState:
    """State of the connection to the endpoint.

    Attributes:
        status: Whether a stream is open; ``refused`` if none can be opened.
        detail: The last event, in words.
        streams_lost: Number of streams lost so far.
        replayed_seconds: Audio that was sent again because of that.
        request_id: The stream's request id at the endpoint; empty before the first.
    """

    status: Literal["connecting", "connected", "lost", "refused"] = "connecting"
    detail: str = "connecting"
    streams_lost: int = 0
    replayed_seconds: float = 0.0
    request_id: str = ""

    def after(self, event: SessionEvent) -> Self:
        """The state after an event.

        Args:
            event: What happened.
        """
        match event:
            case Connected():
                return self._connected(event)
            case Lost():
                lost = self.streams_lost + 1
                return replace(self, status="lost", detail="stream lost", streams_lost=lost)
            case RetryScheduled(attempt=attempt, delay=delay):
                return replace(self, detail=f"attempt {attempt} in {delay:.1f} s")
            case StreamChanged(reason=reason, identity=identity):
                detail = f"another stream took over: {reason}"
                return replace(self, detail=detail, request_id=identity.request_id or "")
            case GivenUp():
                return replace(self, status="refused", detail="trying again now and then")
        return self

    def _connected(self, event: Connected) -> Self:
        again = event.replayed_seconds
        return replace(
            self,
            status="connected",
            detail="connected" if event.is_first else f"recovered, {again:.1f} s sent again",
            replayed_seconds=self.replayed_seconds + again,
            request_id=event.identity.request_id or "",
        )

    def message(self) -> dict[str, object]:
        """The message for the page."""
        return {"kind": "connection", **asdict(self)}


def break_message(event: SessionEvent) -> dict[str, object] | None:
    """Describe a break for the conversation: first the loss, then its outcome.

    Args:
        event: What happened.

    Returns:
        The message for the page; ``None`` if the event is not part of a break.
    """
    match event:
        case Lost():
            return _break("stream lost", "lost")
        case Connected(is_first=False):
            text = f"stream lost, replaced after {event.outage_seconds:.1f} s"
            if event.replayed_seconds:
                text += f", {event.replayed_seconds:.1f} s sent again"
            if event.dropped_seconds:
                text += f", {event.dropped_seconds:.1f} s lost"
            return _break(text, "replaced")
        case GivenUp(cause=cause):
            return _break(in_a_sentence(cause), "refused")
    return None


def in_a_sentence(error: SageMakerDeepgramError) -> str:
    """What happened and what to do, without the endpoint's name: there is only one.

    Args:
        error: What happened.
    """
    return f"{error.message.rstrip('.')}. {error.advice}".rstrip()


def _break(text: str, state: Literal["lost", "replaced", "refused"]) -> dict[str, object]:
    return {"kind": "break", "text": text, "state": state}

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What comes from streams: messages, their ends, their failures. Pure."""

from pipecat_sagemaker_deepgram.client.records import Message
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.outage import Outage
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import Streams
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    ModelStreamError,
    SageMakerDeepgramError,
    StreamLostError,
)


class Inbox:
    """Reads what comes from streams, in the order of the audio that it is about.

    Args:
        streams: The session's streams.
        handover: Waits for pauses, and for a predecessor's end.
        outage: Takes losses.
        recovery: Learns which targets do their work.
        protocol: What messages mean.
        state: The session's.
    """

    def __init__(
        self,
        streams: Streams,
        handover: Handover,
        outage: Outage,
        recovery: Recovery,
        protocol: StreamProtocol,
        state: SessionState,
    ) -> None:
        self._streams = streams
        self._handover = handover
        self._outage = outage
        self._recovery = recovery
        self._protocol = protocol
        self._state = state

    def message(self, stream: StreamState, data: str | bytes, now: float) -> None:
        """A message has come."""
        stream.received(now)
        if self._streams.is_held(stream):
            stream.held.append(data)
        else:
            self._read(stream, data, now)

    def ended(self, stream: StreamState, now: float) -> None:
        """The endpoint has ended a stream properly."""
        if self._streams.is_held(stream):
            stream.has_ended = True
        elif self._has_ended_well(stream):
            self._finished(stream, now)
        else:
            error = StreamLostError("The endpoint ended the stream while it was in use")
            self.failed(stream, error, now)

    def failed(self, stream: StreamState, error: SageMakerDeepgramError, now: float) -> None:
        """A stream could not be opened, or has failed."""
        error.identity = error.identity or stream.identity
        if stream is self._streams.opening:
            self._outage.attempt_failed(stream, error, now)
        elif stream is self._streams.successor:
            self._handover.refused(error)
        elif stream.phase is StreamPhase.FINISHING and self._streams.is_held(stream):
            stream.failed_with = error
        elif stream.phase is StreamPhase.FINISHING and _is_end(stream, error):
            self._finished(stream, now)
        else:
            self._outage.lose(error, now)

    def acknowledge(self, stream: StreamState | None, position: int) -> None:
        """Let go of the audio before a session position; that proves the stream."""
        if self._streams.feed.ledger.acknowledge(position) and stream is not None:
            self._prove(stream)

    def _prove(self, stream: StreamState) -> None:
        stream.has_advanced = True
        self._recovery.proved(stream.target)

    # Messages

    def _read(self, stream: StreamState, data: str | bytes, now: float) -> None:
        reading = stream.read(data)
        if reading.is_ready and stream.phase is StreamPhase.STARTING:
            self._handover.ready(stream, now)
        if stream not in (self._streams.active, self._streams.draining):
            # What a successor says before it takes over is about silence.
            return
        if reading.heard_to:
            self._prove(stream)
        if reading.acknowledged_to is not None:
            position = stream.timeline.to_position(reading.acknowledged_to)
            self.acknowledge(stream, round(position))
        if reading.is_delivered:
            self._hand_on(stream, data, reading.value)
        if reading.failure:
            self.failed(stream, ModelStreamError(reading.failure, kind="container"), now)
        else:
            self._handover.consider(now)

    def _hand_on(self, stream: StreamState, data: str | bytes, value: object) -> None:
        value = self._protocol.in_session_time(value, stream.timeline)
        self._state.records.append(Message(data, value, stream.number, stream.timeline))

    # Ends

    def _has_ended_well(self, stream: StreamState) -> bool:
        """Whether a stream's end is the session's, or was asked for and leaves nothing open."""
        if stream.phase is not StreamPhase.FINISHING:
            return self._protocol.ends_session and stream is self._streams.active
        if stream.has_answered_all or not self._protocol.says_last:
            return True
        return not self._streams.feed.is_voiced_since(self._streams.feed.ledger.acknowledged)

    def _finished(self, stream: StreamState, now: float) -> None:
        """A stream has answered everything and ended."""
        if stream is not self._streams.draining:
            ledger = self._streams.feed.ledger
            ledger.acknowledge(ledger.sent)
            self._streams.active = None
            self._streams.end()
        elif (successor := self._handover.drained()) is not None:
            self._hand_on_held(successor, now)

    def _hand_on_held(self, stream: StreamState, now: float) -> None:
        held, stream.held = stream.held, []
        for data in held:
            if self._streams.find(stream.number) is not None:
                self.message(stream, data, now)
        if self._streams.find(stream.number) is None:
            return
        if stream.has_ended:
            self.ended(stream, now)
        elif stream.failed_with is not None:
            self.failed(stream, stream.failed_with, now)


def _is_end(stream: StreamState, error: SageMakerDeepgramError) -> bool:
    """Whether a failure after the request for the rest is no more than the stream's end."""
    return stream.has_answered_all or (
        isinstance(error, ModelStreamError) and "Input stream broken" in error.message
    )

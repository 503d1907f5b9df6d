# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What arrives from streams: messages, ends and failures. Pure."""

from pipecat_sagemaker_deepgram.client.records import AudioDropped, ContainerSlow, Message
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.outage import Outage
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.stream_protocol import Reading, StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    ModelStreamError,
    SageMakerDeepgramError,
    StreamLostError,
)

BYTES_OF_CHARACTER = 4
"""Most bytes that a character takes in UTF-8."""


class Inbox:
    """Handles what arrives from streams.

    Args:
        streams: The session's streams.
        handover: Waits for pauses.
        outage: Handles losses.
        recovery: Learns which targets work.
        protocol: What messages mean.
        state: The session's shared state.

    Attributes:
        silent_streams: Streams in a row that were given up because they reported no position.
        answers_silence: Whether a container of this session has ever answered silence.
    """

    def __init__(
        self,
        streams: SessionStreams,
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
        self._has_reported_slow = False
        self.silent_streams = 0
        self.answers_silence = False

    def message(self, stream: StreamState, data: str | bytes, now: float) -> None:
        """Handle a message; one that is too large is skipped."""
        if self._is_too_large(data):
            if stream is self._streams.active:
                self._state.records.append(AudioDropped(0.0, "message_too_large"))
            return
        reading = stream.read(data, now)
        if reading.is_ready and stream.phase is StreamPhase.STARTING:
            self._handover.ready(stream, now)
        if stream is not self._streams.active:
            # What a successor reports before it takes over concerns only silence.
            return
        self._take_position(stream, reading, now)
        if reading.is_delivered:
            self._pass_on(stream, data, reading.value)
        if reading.failure:
            error = ModelStreamError(reading.failure, kind="container", details=reading.details)
            self.failed(stream, error, now)
        else:
            self._handover.consider(now)

    def ended(self, stream: StreamState, now: float) -> None:
        """Handle a stream that the endpoint has ended properly."""
        if self._has_ended_well(stream):
            self._finished(stream)
            return
        error = StreamLostError("The endpoint ended the stream before all audio was answered")
        self.failed(stream, error, now)

    def failed(
        self,
        stream: StreamState,
        error: SageMakerDeepgramError,
        now: float,
        *,
        is_silent: bool = False,
    ) -> None:
        """Handle a stream that could not be opened, has failed, or merely reports nothing."""
        error.identity = error.identity or stream.identity
        if stream is self._streams.opening:
            self._outage.attempt_failed(stream, error, now)
        elif stream is self._streams.successor:
            self._handover.refused(error, now)
        elif stream.phase is StreamPhase.FINISHING and self._is_end(stream, error):
            self._finished(stream)
        else:
            self._outage.lose(error, now, is_silent=is_silent)

    def acknowledge(self, stream: StreamState | None, position: int) -> None:
        """Drop the audio before a session position; that proves that the stream works."""
        if self._streams.feed.ledger.acknowledge(position) and stream is not None:
            self._prove(stream)

    def _prove(self, stream: StreamState) -> None:
        stream.has_advanced = True
        self._recovery.proved(stream.target)

    # Messages

    def _is_too_large(self, data: str | bytes) -> bool:
        most = self._protocol.max_message_bytes
        if most is None or len(data) <= most // BYTES_OF_CHARACTER:
            return False
        return len(data.encode() if isinstance(data, str) else data) > most

    def _take_position(self, stream: StreamState, reading: Reading, now: float) -> None:
        self.answers_silence = self.answers_silence or reading.is_silence
        advance = 0
        if reading.acknowledged_to is not None:
            position = stream.timeline.to_position(reading.acknowledged_to)
            advance = self._streams.feed.ledger.acknowledge(round(position))
        if reading.heard_to or advance:
            self._prove(stream)
        if reading.heard_to:
            self.silent_streams = 0
            self._watch_pace(stream, now)

    def _watch_pace(self, stream: StreamState, now: float) -> None:
        if not self._has_reported_slow and stream.is_slow(now):
            self._has_reported_slow = True
            self._state.records.append(ContainerSlow(stream.number, stream.unheard_seconds))

    def _pass_on(self, stream: StreamState, data: str | bytes, value: object) -> None:
        value = self._protocol.in_session_time(value, stream.timeline)
        self._state.records.append(Message(data, value, stream.number, stream.timeline))

    # Ends

    def _has_ended_well(self, stream: StreamState) -> bool:
        """Whether a stream ended as expected: with the session, or with everything answered."""
        if stream.phase is not StreamPhase.FINISHING:
            return self._protocol.ends_session and stream is self._streams.active
        return not self._protocol.says_last or stream.has_answered_all()

    def _is_end(self, stream: StreamState, error: SageMakerDeepgramError) -> bool:
        """Whether a failure after the request for the rest only marks the stream's end."""
        if self._protocol.says_last or not isinstance(error, ModelStreamError):
            return stream.has_answered_all()
        return "Input stream broken" in error.details

    def _finished(self, stream: StreamState) -> None:
        """End the session: the active stream has ended and will answer nothing more."""
        ledger = self._streams.feed.ledger
        if not self._protocol.says_last or stream.has_answered_all():
            ledger.acknowledge(ledger.sent)
        self._streams.active = None
        self._streams.end()

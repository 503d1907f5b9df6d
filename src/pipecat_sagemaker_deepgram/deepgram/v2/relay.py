# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Presents a session's v2/listen messages as those of one stream: no turn is split. Pure."""

from collections.abc import Mapping
from typing import Any

from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    Connected,
    GivenUp,
    Lost,
    Message,
    Record,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage
from pipecat_sagemaker_deepgram.deepgram.relay import RelayStep
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram.v2.configured import CONFIGURE, Configured
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    FluxConnected,
    FluxError,
    TurnInfo,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    HeardTurn,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turn_writing import TurnWriter
from pipecat_sagemaker_deepgram.deepgram.v2.turns import TurnMachine


class FluxRelay:
    """Passes on the messages of a session with Deepgram Flux, in session time.

    A turn that is open when its stream is lost continues with the same number. ``Connected`` is
    passed on once, and turns and messages are numbered across streams. A ``Configure`` applies to
    every stream and is answered once. An error that the session overcomes is not passed on.

    Args:
        eot_timeout: Seconds of silence after which the container ends a turn.

    Attributes:
        heard_to: How far the container has processed the audio, in session seconds.
    """

    def __init__(self, *, eot_timeout: float = 5.0) -> None:
        self.heard_to = 0.0
        self._turns = TurnMachine(eot_timeout=eot_timeout)
        self._writer = TurnWriter()
        self._configured = Configured()
        self._heard: HeardTurn
        self._sequence_id = 0
        self._is_connected = False

    # The caller

    def sent(self, message: Mapping[str, Any]) -> None:
        """Note a message that the caller sends; see ``Relay``."""
        if message.get("type") == CONFIGURE:
            self._configured.sent(message)

    def query(self, given: str) -> str:
        """The query of a stream that is being opened; see ``Configured``."""
        return self._configured.query(given)

    def greeting(self, stream: NewStream) -> Greeting:
        """What a new stream is sent before any audio; see ``Configured``."""
        return self._configured.greeting(stream)

    def numbered(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return a message with the next number instead of its own."""
        numbered = {**body, "sequence_id": self._sequence_id}
        self._sequence_id += 1
        return numbered

    # The session

    def observe(self, record: Record, now: float) -> list[RelayStep]:
        """Process the next record; see ``Relay``."""
        match record:
            case Message():
                return self._hear(record, now)
            case Connected() | StreamChanged():
                self._turns.stream_began(
                    record.stream, replayed_seconds=record.replayed_seconds, now=now
                )
            case Lost():
                self._turns.stream_lost()
            case GivenUp() | Closed():
                return self._write(self._turns.end())
            case _:
                pass
        return []

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        return self._turns.get_timer()

    def handle_timer(self, now: float) -> list[RelayStep]:
        """End a turn that no stream continues."""
        return self._write(self._turns.handle_timer(now))

    def _hear(self, record: Message, now: float) -> list[RelayStep]:
        message, body = record.value
        match message:
            case TurnInfo():
                heard = HeardTurn(message, record.stream, record.timeline.to_session(0.0), body)
                return self._hear_turn(heard, now)
            case FluxConnected():
                is_again, self._is_connected = self._is_connected, True
                return [] if is_again else [self.numbered({**body, "type": "Connected"})]
            case ConfigureSuccess() | ConfigureFailure():
                return self._hear_answer(message, body)
            case FluxError():
                return []
            case MalformedMessage() if not body:
                return []  # Deepgram's SDK stops listening at a message that is not a JSON object.
            case _:
                return [self.numbered(body)]

    def _hear_turn(self, heard: HeardTurn, now: float) -> list[RelayStep]:
        self._heard = heard
        self.heard_to = max(self.heard_to, heard.info.audio_window_end)
        events = self._turns.observe(heard, now)
        if events:
            return self._write(events)
        if self._turns.is_open or heard.info.transcript or heard.info.event != "Update":
            return []  # The turn has ended, or a replay has not caught up yet.
        return [self.numbered(self._writer.between_turns(heard.body))]

    def _hear_answer(
        self, message: ConfigureSuccess | ConfigureFailure, body: Mapping[str, Any]
    ) -> list[RelayStep]:
        count = self._configured.answered(is_success=isinstance(message, ConfigureSuccess))
        timeout = self._configured.thresholds.get("eot_timeout_ms")
        if isinstance(timeout, int | float):
            self._turns.eot_timeout = timeout / 1000
        return [self.numbered(body) for _ in range(count)]

    def _write(self, events: list[TurnEvent]) -> list[RelayStep]:
        steps: list[RelayStep] = []
        for event in events:
            if isinstance(event, TurnEnded) and event.is_ours:
                steps.append(Acknowledge(event.heard.info.text_end))
            steps.append(self.numbered(self._written(event)))
        return steps

    def _written(self, event: TurnEvent) -> Mapping[str, Any]:
        match event:
            case TurnStarted(transcript=text):
                return self._writer.write(event, self._heard, text)
            case TurnResumed():
                return self._writer.write(event, self._heard, self._turns.text)
            case TurnUpdated() | EndPredicted() | TurnEnded():
                return self._writer.write(event, event.heard, event.transcript)

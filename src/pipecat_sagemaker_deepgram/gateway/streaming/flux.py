# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream of v2/listen: the session's conversation (``deepgram.v2.relay``) for one client. Pure.

The client's messages are checked here, and every message except a fatal error has the client's
request id.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipecat_sagemaker_deepgram.client.records import Closed, Message, Record
from pipecat_sagemaker_deepgram.deepgram.relay import RelayStep
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram.v2.messages import FluxError
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import flux_protocol
from pipecat_sagemaker_deepgram.deepgram.v2.query import DEFAULT_TIMEOUT_MS
from pipecat_sagemaker_deepgram.deepgram.v2.relay import FluxRelay
from pipecat_sagemaker_deepgram.gateway.query import Parameters, one, write_query
from pipecat_sagemaker_deepgram.gateway.streaming.audio import ClientAudio
from pipecat_sagemaker_deepgram.gateway.streaming.client_messages import (
    Unreadable,
    control_in_binary,
    read_control,
)
from pipecat_sagemaker_deepgram.gateway.streaming.relay import (
    AwaitResults,
    CloseNow,
    SendControl,
    Step,
    Summary,
    answer,
)

CONTROLS = ("CloseStream", "Configure", "ForceEndTurn")
"""The messages that a client may send (Deepgram docs, "Flux")."""

UNPARSABLE = "UNPARSABLE_CLIENT_MESSAGE"
LONG_TURN = 30.0


class FluxListenRelay:
    """The relay between one client and its session.

    Args:
        parameters: The client's query.
        audio: The client's audio.
        request_id: The client's request id.
        max_replay_bytes: Largest replay buffer in bytes; 0 for no limit.

    Attributes:
        protocol: Interprets the endpoint's messages for the session.
        close_code: ``None``: the connection is closed without a status.
    """

    close_code: int | None = None

    def __init__(
        self,
        parameters: Parameters,
        audio: ClientAudio,
        *,
        request_id: str,
        max_replay_bytes: int = 0,
    ) -> None:
        given = {**parameters, **audio.parameters}
        given.pop("channels", None)
        query = write_query(given)
        timeout = float(one(parameters, "eot_timeout_ms") or DEFAULT_TIMEOUT_MS) / 1000
        self._relay = relay = FluxRelay(eot_timeout=timeout)
        self._request_id = request_id
        self._has_controls = False
        self.protocol = flux_protocol(
            query=lambda: relay.query(query),
            bytes_per_second=lambda: audio.bytes_per_second,
            encode=audio.encode,
            long_turn=LONG_TURN,
            max_replay_bytes=max_replay_bytes,
            greeting=relay.greeting,
        )

    @property
    def heard_to(self) -> float:
        """Position up to which the endpoint has processed the audio, in session seconds."""
        return self._relay.heard_to

    # The client

    def take_text(self, text: str) -> Sequence[Step]:
        """Handle a text message of the client."""
        control = read_control(text, CONTROLS)
        if isinstance(control, Unreadable):
            problem = f"Could not deserialize last text message: {control.problem}"
            return self._error(UNPARSABLE, problem)
        if control.type == "CloseStream":
            return [AwaitResults()]
        self._has_controls = True
        self._relay.sent(control.fields)
        return [SendControl(control.text, control.type)]

    def control_in(self, data: bytes) -> str | None:
        """The control message that a binary frame holds, if it holds one."""
        return control_in_binary(data, CONTROLS)

    # The session

    def observe(self, record: Record, now: float) -> Sequence[Step]:
        """Handle the session's next record."""
        match record:
            case Closed():
                return []  # A stream ends with its last update (Deepgram docs, "Close Stream").
            case Message(value=(FluxError(code=code), body)) if code == UNPARSABLE:
                return self._end_with(body) if self._has_controls else []
            case _:
                return self._hand_on(self._relay.observe(record, now))

    def _hand_on(self, steps: Sequence[RelayStep]) -> Sequence[Step]:
        return [
            step if isinstance(step, Acknowledge) else answer(self._named(step)) for step in steps
        ]

    def _named(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A message under the client's request id."""
        return {**body, "request_id": self._request_id}

    # Time, and the end

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        return self._relay.get_timer()

    def handle_timer(self, now: float) -> Sequence[Step]:
        """End a turn that no stream continues."""
        return self._hand_on(self._relay.handle_timer(now))

    def finish(self, summary: Summary) -> Sequence[Step]:
        """Send nothing: a stream ends with its last update (Deepgram docs, "Close Stream")."""
        return []

    def fail(self) -> Sequence[Step]:
        """Report that the stream cannot continue."""
        return self._error("INTERNAL_SERVER_ERROR", "An internal server error occurred.")

    def _error(self, code: str, description: str) -> Sequence[Step]:
        return self._end_with({"type": "Error", "code": code, "description": description})

    def _end_with(self, error: Mapping[str, Any]) -> Sequence[Step]:
        """A fatal error, which has no request id."""
        return [answer(self._relay.numbered(error)), CloseNow()]

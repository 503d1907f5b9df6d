# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream of v2/listen: one conversation for the client, over all streams of its session. Pure.

Messages are numbered anew, and so are turns. A turn that outlives its stream stays one turn, with
every word once (``deepgram.v2.turns``); the next stream goes by the settings that the client has
changed since.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pipecat_sagemaker_deepgram.client.records import (
    Connected,
    GivenUp,
    Lost,
    Message,
    Record,
    SessionEvent,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    FluxConnected,
    FluxError,
    FluxMessage,
    TurnInfo,
)
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import flux_protocol
from pipecat_sagemaker_deepgram.deepgram.v2.query import DEFAULT_TIMEOUT_MS
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import HeardTurn
from pipecat_sagemaker_deepgram.deepgram.v2.turns import TurnMachine
from pipecat_sagemaker_deepgram.gateway.query import Parameters, one, write_query
from pipecat_sagemaker_deepgram.gateway.streaming.audio import ClientAudio
from pipecat_sagemaker_deepgram.gateway.streaming.client_messages import (
    Unreadable,
    control_in_binary,
    read_control,
)
from pipecat_sagemaker_deepgram.gateway.streaming.relay import (
    CloseNow,
    EndStream,
    SendControl,
    Step,
    Summary,
    answer,
)
from pipecat_sagemaker_deepgram.gateway.streaming.turn_writing import TurnWriter

CONTROLS = ("CloseStream", "Configure", "ForceEndTurn")
"""What a client may say (Deepgram docs, "Flux")."""

UNPARSABLE = "UNPARSABLE_CLIENT_MESSAGE"
LONG_TURN = 30.0

_QUERY_NAMES = {"keyterms": "keyterm", "language_hints": "language_hint"}


class FluxListenRelay:
    """What one client is sent of its session.

    Args:
        parameters: The client's query.
        audio: The client's audio.
        request_id: The id that the client knows its stream by.
        max_replay_bytes: Most bytes of audio that are kept for a replay; 0 for any.

    Attributes:
        protocol: What the endpoint's messages mean for the session.
        heard_to: How far the endpoint has listened, in session seconds.
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
        self._parameters = {**parameters, **audio.parameters}
        self._parameters.pop("channels", None)
        self._request_id = request_id
        self._sequence_id = 0
        self._is_greeted = False
        self._unanswered: list[Mapping[str, Any]] = []
        self._answered_next = 1
        self._has_controls = False
        self._turns = TurnMachine()
        self._writer = TurnWriter()
        self.heard_to = 0.0
        self.protocol = flux_protocol(
            query=lambda: write_query(self._parameters),
            bytes_per_second=lambda: audio.bytes_per_second,
            encode=audio.encode,
            long_turn=LONG_TURN,
            max_replay_bytes=max_replay_bytes,
            greeting=self._greeting,
        )

    # The client

    def take_text(self, text: str) -> Sequence[Step]:
        """Take a text message of the client in."""
        control = read_control(text, CONTROLS)
        if isinstance(control, Unreadable):
            problem = f"Could not deserialize last text message: {control.problem}"
            return self._error(UNPARSABLE, problem)
        if control.type == "CloseStream":
            return [EndStream()]
        self._has_controls = True
        if control.type == "Configure":
            self._unanswered.append(control.fields)
        return [SendControl(control.text, control.type)]

    def control_in(self, data: bytes) -> str | None:
        """The control message that a binary frame holds, if it holds one."""
        return control_in_binary(data, CONTROLS)

    # The session

    def observe(self, record: Record, now: float) -> Sequence[Step]:
        """Take the session's next record in."""
        self._turns.eot_timeout = self._eot_timeout
        if isinstance(record, Message):
            return self._observe_message(record, now)
        return self._observe_event(record, now)

    def _observe_event(self, event: SessionEvent, now: float) -> Sequence[Step]:
        match event:
            case Connected() | StreamChanged():
                self._turns.stream_began(
                    event.stream, replayed_seconds=event.replayed_seconds, now=now
                )
            case Lost():
                self._turns.stream_lost()
            case GivenUp():
                return self._write_turns(self._turns.end())
            case _:
                pass
        return []

    def _observe_message(self, record: Message, now: float) -> Sequence[Step]:
        message: FluxMessage
        message, body = record.value
        match message:
            case TurnInfo():
                heard = HeardTurn(message, record.stream, record.timeline.to_session(0.0), body)
                return self._observe_turn(heard, now)
            case FluxConnected():
                return self._greet(body)
            case ConfigureSuccess() | ConfigureFailure():
                return self._configured(message, body)
            case FluxError(code=code):
                is_ours = code == UNPARSABLE and self._has_controls
                return [self._numbered(body), CloseNow()] if is_ours else []
            case MalformedMessage():
                return []
            case _:
                return [self._numbered(body)]

    def _observe_turn(self, heard: HeardTurn, now: float) -> Sequence[Step]:
        self.heard_to = max(self.heard_to, heard.info.audio_window_end)
        happened = self._turns.observe(heard, now)
        if happened:
            return self._write_turns(happened, heard)
        if self._turns.is_open or heard.info.transcript or heard.info.event != "Update":
            return []  # Of a turn that was ended, or a replay that has not come as far yet.
        return [self._numbered(self._writer.between_turns(heard.body))]

    def _write_turns(self, happened: Sequence[Any], heard: HeardTurn | None = None) -> list[Step]:
        steps: list[Step] = []
        for event in happened:
            body, settled_to = self._writer.write(event, heard)
            steps.append(self._numbered(body))
            if settled_to is not None:
                steps.append(Acknowledge(settled_to))
        return steps

    def _greet(self, body: Mapping[str, Any]) -> Sequence[Step]:
        """A client is greeted once, whatever streams its session has."""
        if self._is_greeted:
            return []
        self._is_greeted = True
        return [self._numbered({**body, "type": "Connected"})]

    # Settings

    def _configured(
        self, message: ConfigureSuccess | ConfigureFailure, body: Mapping[str, Any]
    ) -> Sequence[Step]:
        """An answer to ``Configure``: one for each that the client has sent."""
        if isinstance(message, ConfigureSuccess):
            self._go_by(body)
        count, self._answered_next = self._answered_next, 1
        answered, self._unanswered = self._unanswered[:count], self._unanswered[count:]
        return [self._numbered(body) for _ in answered]

    def _go_by(self, body: Mapping[str, Any]) -> None:
        """Have the next stream begin with the settings in use, all of which are echoed."""
        thresholds = body.get("thresholds")
        settings: dict[str, Any] = dict(thresholds) if isinstance(thresholds, dict) else {}
        settings |= {
            name: body[name]
            for name in ("keyterms", "language_hints", "numerals")
            if body.get(name) is not None
        }
        for name, value in settings.items():
            self._parameters[_QUERY_NAMES.get(name, name)] = _texts(value)

    def _greeting(self, stream: NewStream) -> Greeting:
        """What was configured stands in the query; what was not answered is asked for anew."""
        if not self._unanswered:
            return Greeting(forgets=("Configure",))
        self._answered_next = len(self._unanswered)
        text = msgspec.json.encode(_together(self._unanswered)).decode()
        return Greeting(text=text, forgets=("Configure",))

    @property
    def _eot_timeout(self) -> float:
        return float(one(self._parameters, "eot_timeout_ms") or DEFAULT_TIMEOUT_MS) / 1000

    # Time, and the end

    def get_timer(self) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never."""
        return self._turns.get_timer()

    def handle_timer(self, now: float) -> Sequence[Step]:
        """End a turn that no stream goes on with."""
        return self._write_turns(self._turns.handle_timer(now))

    def finish(self, summary: Summary) -> Sequence[Step]:
        """Say nothing: a stream ends with its last update (Deepgram docs, "Close Stream")."""
        return []

    def fail(self) -> Sequence[Step]:
        """Say that the stream cannot go on."""
        return self._error("INTERNAL_SERVER_ERROR", "An internal server error occurred.")

    def _error(self, code: str, description: str) -> Sequence[Step]:
        body = {"type": "Error", "code": code, "description": description}
        return [self._numbered(body), CloseNow()]

    def _numbered(self, body: Mapping[str, Any]) -> Step:
        """A message with its number; all but a fatal error name the stream."""
        named = {} if body.get("type") == "Error" else {"request_id": self._request_id}
        numbered = {**body, **named, "sequence_id": self._sequence_id}
        self._sequence_id += 1
        return answer(numbered)


def _together(changes: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One ``Configure`` for several: of each setting the latest."""
    merged: dict[str, Any] = {}
    for change in changes:
        for name, value in change.items():
            both = isinstance(value, dict) and isinstance(merged.get(name), dict)
            merged[name] = {**merged[name], **value} if both else value
    return merged


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return ["true" if each is True else "false" if each is False else str(each) for each in values]

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream of v1/listen: the session's conversation (``deepgram.v1.relay``) for one client. Pure.

The client's messages are checked here; the client sees one request id and one closing ``Metadata``,
as of a single stream.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipecat_sagemaker_deepgram.client.records import Record
from pipecat_sagemaker_deepgram.deepgram.relay import RelayStep
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.deepgram.v1.relay import NovaRelay
from pipecat_sagemaker_deepgram.gateway.query import Parameters, one, write_query
from pipecat_sagemaker_deepgram.gateway.streaming.audio import ClientAudio
from pipecat_sagemaker_deepgram.gateway.streaming.client_messages import (
    ClientControl,
    Unreadable,
    control_in_binary,
    read_control,
)
from pipecat_sagemaker_deepgram.gateway.streaming.relay import (
    AwaitResults,
    SendControl,
    SendToClient,
    Step,
    Summary,
    answer,
)

CONTROLS = ("KeepAlive", "Finalize", "CloseStream")
"""The messages that a client may send; SageMaker's bundles do not support ``Configure`` on
v1/listen."""


class NovaListenRelay:
    """The relay between one client and its session.

    Args:
        parameters: The client's query.
        audio: The client's audio.
        request_id: The client's request id.
        created: When the stream began, as ISO 8601.

    Attributes:
        protocol: Interprets the endpoint's messages for the session.
        close_code: 1000, a normal closure.
    """

    close_code: int | None = 1000

    def __init__(
        self, parameters: Parameters, audio: ClientAudio, *, request_id: str, created: str
    ) -> None:
        query = write_query({**parameters, **audio.parameters})
        self._request_id = request_id
        self._created = created
        self._channels = _channels(parameters)
        self._relay = NovaRelay()
        self._metadata: Mapping[str, Any] = {}
        self.protocol = nova_protocol(
            query=lambda: query,
            bytes_per_second=lambda: audio.bytes_per_second,
            frame_size=audio.frame_size,
            has_interims=lambda: one(parameters, "interim_results") == "true",
            encode=audio.encode,
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
            return [_schema_error(control)]
        match control.type:
            case "Finalize":
                return self._finalize(control)
            case "CloseStream":
                return [AwaitResults()]
            case _:
                return []

    def control_in(self, data: bytes) -> str | None:
        """The control message that a binary frame holds, if it holds one."""
        return control_in_binary(data, CONTROLS)

    def _finalize(self, control: ClientControl) -> Sequence[Step]:
        channel = control.fields.get("channel")
        if channel is None:
            kind = "Finalize"
        elif isinstance(channel, int) and 0 <= channel < self._channels:
            kind = f"Finalize {channel}"
        else:
            return [_schema_error(Unreadable(control.text, f"there is no channel {channel}"))]
        self._relay.sent(control.fields)
        return [SendControl(control.text, kind)]

    # The session

    def observe(self, record: Record, now: float) -> Sequence[Step]:
        """Handle the session's next record."""
        return [each for step in self._relay.observe(record, now) for each in self._hand_on(step)]

    def _hand_on(self, step: RelayStep) -> Sequence[Step]:
        """A message with the client's request id; ``Metadata`` is withheld until the end."""
        if isinstance(step, Acknowledge):
            return [step]
        if step.get("type") == "Metadata":
            self._metadata = step
            return []
        metadata = step.get("metadata")
        if isinstance(metadata, dict):
            step = {**step, "metadata": {**metadata, "request_id": self._request_id}}
        return [answer(step)]

    # Time, and the end

    def get_timer(self) -> None:
        """Return nothing: there are no timers."""
        return

    def handle_timer(self, now: float) -> Sequence[Step]:
        """Return nothing: there are no timers."""
        return []

    def finish(self, summary: Summary) -> Sequence[Step]:
        """Send the closing ``Metadata`` (Deepgram docs, "Close Stream")."""
        return [
            answer(
                {
                    "type": "Metadata",
                    "transaction_key": "deprecated",
                    **self._metadata,
                    "request_id": self._request_id,
                    "sha256": summary.sha256,
                    "created": self._created,
                    "duration": round(summary.seconds, 6),
                    "channels": self._channels if summary.seconds else 0,
                }
            )
        ]

    def fail(self) -> Sequence[Step]:
        """Send nothing: the close code reports it."""
        return []


def _channels(parameters: Parameters) -> int:
    if one(parameters, "multichannel") != "true":
        return 1
    return int(one(parameters, "channels", "1"))


def _schema_error(message: Unreadable) -> SendToClient:
    return answer(
        {
            "type": "Error",
            "variant": "SchemaError",
            "description": f"Could not deserialize last text message: {message.problem}",
            "message": message.text,
        }
    )

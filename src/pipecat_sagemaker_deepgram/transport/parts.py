# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Payload parts: what one event carries, and how parts become whole messages. Pure.

SageMaker maps one WebSocket frame of the container to one ``PayloadPart`` and joins nothing:
a fragmented message arrives as parts marked ``PARTIAL`` and a last one marked ``COMPLETE``
(Amazon SageMaker API Reference, ``ResponsePayloadPart``). Absent headers mean ``BINARY`` and
``COMPLETE``.
"""

from typing import Literal

from pipecat_sagemaker_deepgram.error_codes import code_in
from pipecat_sagemaker_deepgram.exceptions import EventStreamError, ModelStreamError
from pipecat_sagemaker_deepgram.transport.error_bodies import MOST_TEXT, read_fields, text_in
from pipecat_sagemaker_deepgram.transport.eventstream import (
    EventMessage,
    encode_message,
    encode_string_header,
)

type DataType = Literal["BINARY", "UTF8"]

MAX_MESSAGE_LENGTH = 64 * 1024 * 1024
"""Most bytes of a message that is joined from parts, by default."""


def _part_headers(data_type: DataType) -> bytes:
    return b"".join(
        encode_string_header(name, value)
        for name, value in (
            (":message-type", "event"),
            (":event-type", "PayloadPart"),
            ("DataType", data_type),
            (":content-type", "application/octet-stream"),
        )
    )


PART_HEADERS: dict[DataType, bytes] = {
    "BINARY": _part_headers("BINARY"),
    "UTF8": _part_headers("UTF8"),
}
"""The encoded headers of an event that carries one whole message."""


def encode_part(data: bytes, data_type: DataType) -> bytes:
    """Encode one whole message for the container as an unsigned ``PayloadPart`` event."""
    return encode_message(PART_HEADERS[data_type], data)


class PartJoiner:
    """Turns received events into whole messages.

    Args:
        max_message_length: Most bytes of a joined message; 64 MiB by default.
    """

    def __init__(self, *, max_message_length: int = MAX_MESSAGE_LENGTH) -> None:
        self._max_message_length = max_message_length
        self._parts: list[bytes] = []
        self._length = 0
        self._is_text = False

    @property
    def is_inside_message(self) -> bool:
        """Whether parts wait for the one that completes them."""
        return bool(self._parts)

    def join(self, event: EventMessage) -> str | bytes | None:
        """Take one event and return the message it completes, or ``None``.

        Returns:
            ``str`` for a message the container sent as text, ``bytes`` for a binary one, and
            ``None`` while parts are missing or for an event of a kind that carries no data.

        Raises:
            ModelStreamError: The event reports a failure of the endpoint.
            EventStreamError: A message is too long, or a text message is not UTF-8.
        """
        match event.headers.get(":message-type"):
            case "exception":
                raise _modelled_failure(event)
            case "error":
                raise _unmodelled_failure(event)
        if event.headers.get(":event-type") != "PayloadPart":
            return None
        return self._join_part(event)

    def _join_part(self, event: EventMessage) -> str | bytes | None:
        data, is_first = event.payload, not self._parts
        if is_first:
            self._is_text = event.headers.get("DataType") == "UTF8"
        self._length += len(data)
        if self._length > self._max_message_length:
            raise EventStreamError(f"A message in parts grew past {self._max_message_length} bytes")
        if event.headers.get("CompletionState") == "PARTIAL":
            self._parts.append(data)
            return None
        self._length = 0
        if not is_first:
            data = b"".join((*self._parts, data))
            self._parts.clear()
        return _decode_text(data) if self._is_text else data


def _decode_text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise EventStreamError("A text message from the container is not UTF-8") from error


def _modelled_failure(event: EventMessage) -> ModelStreamError:
    kind = code_in(event.headers.get(":exception-type")) or "an unknown exception"
    fields = read_fields(event.payload)
    code = code_in(fields.get("ErrorCode"))
    return ModelStreamError(
        f"The endpoint ended the stream with {kind}{f' {code}' if code else ''}",
        kind=kind,
        code=code,
        details=text_in(fields),
    )


def _unmodelled_failure(event: EventMessage) -> ModelStreamError:
    code = code_in(event.headers.get(":error-code")) or "an unknown error"
    text = event.headers.get(":error-message")
    return ModelStreamError(
        f"The endpoint ended the stream with {code}",
        kind=code,
        code=code,
        details=text[:MOST_TEXT] if isinstance(text, str) else "",
    )

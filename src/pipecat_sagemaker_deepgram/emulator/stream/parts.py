# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Parts of messages: between events of the stream and frames of the WebSocket. Pure.

AWS Developer Guide, "Use your own inference code with hosting services", bidirectional streaming:
one ``PayloadPart`` is one WebSocket data frame; ``DataType`` UTF8 is the text opcode, BINARY (or
none) the binary one; a run of ``CompletionState`` PARTIAL up to COMPLETE is a fragmented message.
Payloads are not joined, cut or interpreted.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from websockets.frames import Opcode

from pipecat_sagemaker_deepgram.emulator.stream.eventstream import (
    decode_message,
    encode_headers,
    encode_message,
    frame_message,
)


class InvalidPartError(ValueError):
    """An input event that is not a ``PayloadPart`` of the service model."""


@dataclass(frozen=True, slots=True)
class Part:
    """One ``PayloadPart``, from either side.

    Attributes:
        payload: The bytes.
        is_text: ``DataType`` is UTF8.
        is_complete: ``CompletionState`` is COMPLETE: the message ends here.
    """

    payload: bytes
    is_text: bool
    is_complete: bool = True

    @property
    def control_type(self) -> str | None:
        """The ``type`` of a JSON object in a whole text part, None for anything else."""
        if not (self.is_text and self.is_complete):
            return None
        try:
            message = json.loads(self.payload)
        except ValueError:
            return None
        found = message.get("type") if isinstance(message, dict) else None
        return found if isinstance(found, str) else None


def decode_part(encoded: bytes) -> Part:
    """Decodes an input event.

    Args:
        encoded: The event inside a signed message.

    Raises:
        InvalidPartError: It is another event, or a member breaks the service model.
        MalformedEventError: It is not an event-stream message.
    """
    message = decode_message(encoded)
    headers = message.headers
    kind = (headers.get(":message-type"), headers.get(":event-type"))
    if kind != ("event", "PayloadPart"):
        raise InvalidPartError(f"an input event of the kind {kind}, not a PayloadPart")
    data_type = headers.get("DataType", "BINARY")
    completion = headers.get("CompletionState", "COMPLETE")
    if data_type not in ("UTF8", "BINARY"):
        raise InvalidPartError(f"DataType is {data_type!r}; it must be UTF8 or BINARY")
    if completion not in ("PARTIAL", "COMPLETE"):
        raise InvalidPartError(f"CompletionState is {completion!r}; it must be PARTIAL or COMPLETE")
    return Part(message.payload, data_type == "UTF8", completion == "COMPLETE")


def encode_part(part: Part) -> bytes:
    """Encodes an output event, unsigned as the service sends it.

    Args:
        part: What to send.
    """
    return frame_message(_part_headers(part.is_text, part.is_complete), part.payload)


@lru_cache
def _part_headers(is_text: bool, is_complete: bool) -> bytes:
    return encode_headers(
        {
            ":message-type": "event",
            ":event-type": "PayloadPart",
            ":content-type": "application/octet-stream",
            "DataType": "UTF8" if is_text else "BINARY",
            "CompletionState": "COMPLETE" if is_complete else "PARTIAL",
        }
    )


def encode_exception(kind: str, **members: str) -> bytes:
    """Encodes a modelled error event.

    Args:
        kind: ``ModelStreamError`` or ``InternalStreamFailure``.
        **members: Its members, such as ``Message`` and ``ErrorCode``.
    """
    headers = {
        ":message-type": "exception",
        ":exception-type": kind,
        ":content-type": "application/json",
    }
    return encode_message(headers, json.dumps(members).encode())


def encode_error(code: str, message: str) -> bytes:
    """Encodes an error event that the service model does not have.

    Args:
        code: ``:error-code``.
        message: ``:error-message``.
    """
    headers = {":message-type": "error", ":error-code": code, ":error-message": message}
    return encode_message(headers)


def encode_unknown_event(kind: str) -> bytes:
    """Encodes an event of a type that the service model does not have.

    Args:
        kind: ``:event-type``.
    """
    headers = {
        ":message-type": "event",
        ":event-type": kind,
        ":content-type": "application/octet-stream",
    }
    return encode_message(headers, b"{}")


class InputFrames:
    """Turns the parts of one stream into frames for the container."""

    def __init__(self) -> None:
        self._in_message = False

    def opcode(self, part: Part) -> Opcode:
        """The opcode of the next part; after a PARTIAL one, ``DataType`` does not matter.

        Args:
            part: The part that follows those seen before.
        """
        continues, self._in_message = self._in_message, not part.is_complete
        if continues:
            return Opcode.CONT
        return Opcode.TEXT if part.is_text else Opcode.BINARY


class OutputParts:
    """Turns the frames of one container into parts for the client."""

    def __init__(self) -> None:
        self._is_text = False

    def part(self, opcode: Opcode, payload: bytes, is_final: bool) -> Part:
        """The part for a frame; a continuation has the type of its message.

        Args:
            opcode: Text, binary or continuation.
            payload: The frame's bytes.
            is_final: The FIN bit.
        """
        if opcode is not Opcode.CONT:
            self._is_text = opcode is Opcode.TEXT
        return Part(payload, self._is_text, is_final)


def split_part(part: Part, size: int, *, inside_characters: bool = False) -> Iterator[Part]:
    """Cuts a part into PARTIAL parts of at most ``size`` bytes, the last one complete if it was.

    Args:
        part: What to cut.
        size: Maximum bytes of a piece; a text is cut between characters, even if those are longer.
        inside_characters: Whether to cut a text inside its first character of several bytes too.
    """
    cuts = sorted(set(_cuts(part, size, inside_characters)) | {len(part.payload)})
    start = 0
    for end in cuts:
        is_last = end == len(part.payload)
        yield Part(part.payload[start:end], part.is_text, part.is_complete and is_last)
        start = end


def _cuts(part: Part, size: int, inside_characters: bool) -> Iterator[int]:
    payload = part.payload
    if inside_characters:
        yield from range(size, len(payload), size)
        first = next((at for at, byte in enumerate(payload) if byte >= 0xC0), None)
        if part.is_text and first is not None and first + 1 < len(payload):
            yield first + 1
        return
    start = 0
    while (end := start + size) < len(payload):
        while part.is_text and end > start and payload[end] & 0xC0 == 0x80:
            end -= 1
        if end == start:
            end = _character_end(payload, start)
        if end < len(payload):
            yield end
        start = end


def _character_end(payload: bytes, start: int) -> int:
    end = start + 1
    while end < len(payload) and payload[end] & 0xC0 == 0x80:
        end += 1
    return end


def half_of(encoded: bytes) -> bytes:
    """The first half of an encoded event.

    Args:
        encoded: A whole event.
    """
    return encoded[: len(encoded) // 2]


def with_bad_checksum(encoded: bytes) -> bytes:
    """An encoded event with a wrong message checksum.

    Args:
        encoded: A whole event.
    """
    return encoded[:-1] + bytes((encoded[-1] ^ 0xFF,))

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a session asks its owner to do. Pure."""

from dataclasses import dataclass

from msgspec import Struct

from pipecat_sagemaker_deepgram.client.config import Target


class Write(Struct, frozen=True):
    """Write one message to a stream, or call ``stream_blocked`` if that is not yet possible.

    Attributes:
        stream: The stream's number.
        data: The message's bytes.
        is_text: Whether the container gets a WebSocket text frame instead of a binary one.
    """

    stream: int
    data: bytes
    is_text: bool


@dataclass(frozen=True, slots=True)
class OpenStream:
    """Open a stream, then report ``stream_opened`` or ``stream_failed``.

    Attributes:
        stream: The number of the new stream.
        target: The endpoint on which to open it.
        needs_fresh_credentials: Whether fresh credentials have to be resolved for it.
    """

    stream: int
    target: Target
    needs_fresh_credentials: bool


@dataclass(frozen=True, slots=True)
class EndInput:
    """End a stream's input after everything that was written to it.

    Attributes:
        stream: Its number.
    """

    stream: int


@dataclass(frozen=True, slots=True)
class DropStream:
    """Drop a stream at once; whatever still arrives on it is ignored.

    Attributes:
        stream: Its number.
    """

    stream: int


type Action = OpenStream | EndInput | DropStream
"""Something to do with a stream other than writing to it."""

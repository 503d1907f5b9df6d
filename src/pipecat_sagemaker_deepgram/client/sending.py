# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client may be given to send, and until when. Pure."""

from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.exceptions import ClosedError


def refuse_if_closing(session: Session) -> None:
    """Refuse to use a session that is being closed, or is over.

    Args:
        session: The session.

    Raises:
        ClosedError: It is; the cause is what made it fail.
    """
    if session.state.is_closing:
        error = ClosedError("The client has been closed", advice="Create a new one.")
        raise error from session.state.failure


def text_control(text: str, kind: str) -> Control:
    """Make a text message.

    Args:
        text: The message.
        kind: Name of its kind; empty for none.

    Raises:
        TypeError: The message is not text.
    """
    if not isinstance(text, str):
        raise TypeError(f"text is of type {type(text).__name__}. It takes text; send_data bytes.")
    return Control(payload=text.encode(), kind=kind)


def data_control(data: bytes | bytearray | memoryview, data_type: str | None) -> Control:
    """Make a message of bytes, which are copied.

    Args:
        data: The message.
        data_type: ``UTF8`` for text, ``BINARY`` or ``None`` for binary.

    Raises:
        TypeError: The message is not bytes, or the type is another.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"data_bytes is of type {type(data).__name__}. It takes bytes.")
    if data_type not in ("UTF8", "BINARY", None):
        raise TypeError(f"data_type is {data_type!r}. It takes 'UTF8', 'BINARY' or None.")
    return Control(payload=bytes(data), is_text=data_type == "UTF8")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What this package asks of ``h2``: its settings, and the meaning of its events. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, override

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import ResponseReceived
from h2.settings import SettingCodes, Settings
from hpack import Encoder, HeaderTuple, NeverIndexedHeaderTuple

from pipecat_sagemaker_deepgram.exceptions import StreamResetError

type Headers = Sequence[tuple[str, str]]
type RequestHeader = tuple[str, str] | HeaderTuple

RECEIVE_WINDOW = 1024 * 1024
"""Bytes that the peer may send ahead of the reader."""

_DEFAULT_WINDOW = 65_535

# All connections share them, since no connection changes its settings during its lifetime.
_LOCAL_SETTINGS = Settings(
    client=True,
    initial_values={
        SettingCodes.ENABLE_PUSH: 0,
        SettingCodes.INITIAL_WINDOW_SIZE: RECEIVE_WINDOW,
    },
)


class PlainEncoder(Encoder):
    """Encodes headers without Huffman coding, and without logging the result.

    Huffman coding would make the one request of a connection some 200 bytes shorter, but is slow in
    Python. ``hpack`` logs what it has encoded, secrets included.
    """

    @override
    def encode(self, headers: Iterable[Any], huffman: bool = False) -> bytes:
        """Encode pairs of bytes; ``h2`` leaves ``huffman`` to the encoder."""
        blocks = [super().encode(())]  # The changes of the table's size that are due.
        blocks += [self.add((each[0], each[1]), _is_secret(each), huffman) for each in headers]
        return b"".join(blocks)


def _is_secret(header: Any) -> bool:
    return isinstance(header, HeaderTuple) and not header.indexable


def client_connection() -> H2Connection:
    """Make a client connection without server push that reads ahead by ``RECEIVE_WINDOW``."""
    connection = H2Connection(H2Configuration(client_side=True, header_encoding=None))
    connection.encoder = PlainEncoder()
    connection.local_settings = _LOCAL_SETTINGS
    return connection


def initial_window_increment() -> int:
    """Bytes by which the connection's window is smaller than the stream's."""
    return RECEIVE_WINDOW - _DEFAULT_WINDOW


def header(name: str, value: str, *, is_secret: bool) -> RequestHeader:
    """Make a request header.

    Args:
        name: Its name, in lower case.
        value: Its value.
        is_secret: Whether it is kept out of compression tables and of ``hpack``'s log.
    """
    return NeverIndexedHeaderTuple(name.encode(), value.encode()) if is_secret else (name, value)


def response_headers(event: ResponseReceived) -> tuple[int, Headers]:
    """Read a response's status and headers; bytes that are not UTF-8 are replaced."""
    headers = [(_text(name), _text(value)) for name, value in event.headers or ()]
    status = next((value for name, value in headers if name == ":status"), "")
    return int(status) if len(status) == 3 and status.isdecimal() else 0, headers


def reset_error(what: str, error_code: ErrorCodes | int | None) -> StreamResetError:
    """Make the error for an RST_STREAM or a GOAWAY.

    Args:
        what: What the endpoint did.
        error_code: HTTP/2 error code (RFC 9113 section 7).
    """
    code = int(error_code or 0)
    name = ErrorCodes(code).name if code in list(ErrorCodes) else str(code)
    return StreamResetError(f"The endpoint {what}: {name}", error_code=code)


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The server side of one HTTP/2 connection. Pure: bytes in, bytes out, no socket and no clock.

``Http2Server`` is a table from ``h2`` events to short methods; ``http2_stream`` has those of one
stream.
"""

import struct
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.settings import SettingCodes, Settings

from pipecat_sagemaker_deepgram.emulator.http.exchange import Exchange
from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

_LARGEST_WINDOW = 2**31 - 1
_DEFAULT_WINDOW = 65_535
_GOAWAY_FRAME = 0x7


class Http2Server:
    """The server side of one connection, without its socket."""

    def __init__(
        self,
        accept: Callable[[ServerStream, SignedRequest], Exchange],
        *,
        max_concurrent_streams: int,
        initial_window_size: int,
        max_output_buffer: int,
    ) -> None:
        """Prepares the connection.

        Args:
            accept: Called with every request; returns the exchange that takes its body.
            max_concurrent_streams: SETTINGS_MAX_CONCURRENT_STREAMS.
            initial_window_size: SETTINGS_INITIAL_WINDOW_SIZE, in bytes.
            max_output_buffer: Bytes of a stream's output that may wait before it is paused.
        """
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="latin-1"))
        self.is_writable = True
        self.max_output_buffer = max_output_buffer
        self._accept = accept
        self._window = initial_window_size
        self._streams: dict[int, ServerStream] = {}
        self._goaway = b""
        self._is_lost = False
        self.h2.local_settings = Settings(
            client=False,
            initial_values={SettingCodes.MAX_CONCURRENT_STREAMS: max_concurrent_streams},
        )

    def start(self) -> None:
        """Queues the server's SETTINGS and opens the connection's window to the largest one."""
        self.h2.initiate_connection()
        # A stream's window counts only once the client has acknowledged it, hence a second frame.
        if self._window != _DEFAULT_WINDOW:
            self.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: self._window})
        self.h2.increment_flow_control_window(_LARGEST_WINDOW - _DEFAULT_WINDOW)

    def receive_data(self, data: bytes) -> None:
        """Handles bytes from the client.

        Args:
            data: The bytes, cut anywhere.

        Raises:
            h2.exceptions.ProtocolError: The client violated HTTP/2; send the queued data and close.
        """
        for event in self.h2.receive_data(data):
            handler = self._HANDLERS.get(type(event))
            if handler is not None:
                handler(self, event)

    def data_to_send(self) -> bytes:
        """Takes the bytes that are queued for the client."""
        data, self._goaway = self.h2.data_to_send() + self._goaway, b""
        return data

    def go_away(self, last_stream_id: int, error: ErrorCodes) -> None:
        """Queues GOAWAY; streams up to that one can continue.

        Args:
            last_stream_id: The last stream that counts as processed.
            error: The HTTP/2 error code.
        """
        payload = struct.pack("!II", last_stream_id, error)
        header = struct.pack("!BHBBI", 0, len(payload), _GOAWAY_FRAME, 0, 0)
        self._goaway = self.h2.data_to_send() + self._goaway + header + payload

    def set_writable(self, writable: bool) -> None:
        """Records whether the socket accepts more bytes.

        Args:
            writable: Whether it does.
        """
        self.is_writable = writable
        if writable:
            self._pump_all()

    def acknowledge(self, stream_id: int, size: int) -> None:
        """Reopens the windows for bytes that were read.

        Args:
            stream_id: The stream that carried them.
            size: How many, including padding.
        """
        if size and not self._is_lost:
            self.h2.acknowledge_received_data(size, stream_id)

    def lose(self, reason: str) -> None:
        """Informs every exchange that the connection is closed.

        Args:
            reason: What happened, for the streams' records.
        """
        self._is_lost = True
        for stream in tuple(self._streams.values()):
            stream.lose(reason)

    def forget(self, stream_id: int) -> None:
        """Forgets a stream; input that still arrives for it is only acknowledged.

        Args:
            stream_id: The stream.
        """
        self._streams.pop(stream_id, None)

    def _pump_all(self) -> None:
        for stream in tuple(self._streams.values()):
            stream.pump()

    def _request_received(self, event: events.RequestReceived) -> None:
        request = _signed_request(event.headers)
        stream = ServerStream(self, event.stream_id, is_head=request.method == "HEAD")
        self._streams[event.stream_id] = stream
        stream.exchange = self._accept(stream, request)

    def _data_received(self, event: events.DataReceived) -> None:
        stream = self._streams.get(event.stream_id)
        if stream is None:
            self.acknowledge(event.stream_id, event.flow_controlled_length)
        else:
            stream.take(event.data, event.flow_controlled_length)

    def _stream_ended(self, event: events.StreamEnded) -> None:
        stream = self._streams.get(event.stream_id)
        if stream is not None and stream.exchange is not None:
            stream.exchange.input_ended()

    def _stream_reset(self, event: events.StreamReset) -> None:
        if stream := self._streams.get(event.stream_id):
            stream.lose(f"reset by the client: {_error_name(event.error_code)}")

    def _window_updated(self, event: events.WindowUpdated) -> None:
        stream = self._streams.get(event.stream_id or 0)
        if stream is not None:
            stream.pump()
        elif not event.stream_id:
            self._pump_all()

    def _settings_changed(self, _: events.RemoteSettingsChanged) -> None:
        self._pump_all()

    _HANDLERS: ClassVar[dict[type[events.Event], Callable]] = {
        events.RequestReceived: _request_received,
        events.DataReceived: _data_received,
        events.StreamEnded: _stream_ended,
        events.StreamReset: _stream_reset,
        events.WindowUpdated: _window_updated,
        events.RemoteSettingsChanged: _settings_changed,
    }


def _signed_request(headers: Iterable[tuple[Any, Any]]) -> SignedRequest:
    pseudo = {name: value for name, value in headers if name.startswith(":")}
    regular = [(name, value) for name, value in headers if not name.startswith(":")]
    return SignedRequest(
        pseudo.get(":method", ""), pseudo.get(":path", ""), pseudo.get(":authority", ""), regular
    )


def _error_name(code: ErrorCodes | int | None) -> str:
    return code.name if isinstance(code, ErrorCodes) else str(code)

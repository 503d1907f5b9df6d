# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""One WebSocket to the container, frame by frame.

The protocol is ``websockets``' own, without its I/O; this adds a socket whose callbacks pass every
frame on at once, so that fragments stay fragments and nothing waits for a task to be scheduled.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

MAX_MESSAGE_LENGTH = 64 * 1024 * 1024
"""Maximum bytes of one message from the container."""

_ABNORMAL_CLOSURE = 1006


_LONGEST_REASON = 500
"""Maximum characters of a refusal's body that are quoted."""


class ContainerRefusedError(ConnectionError):
    """The container did not open a WebSocket; the message says why."""


class ContainerListener(Protocol):
    """Is informed about what the container does."""

    def container_opened(self) -> None:
        """Called when the container has accepted the WebSocket."""

    def frame_received(self, opcode: Opcode, payload: bytes, is_final: bool) -> None:
        """Takes a data frame."""

    def frames_ended(self) -> None:
        """Called after all frames of one read."""

    def pong_received(self) -> None:
        """Called at a pong."""

    def container_closed(self, code: int, reason: str) -> None:
        """Called when the container has closed; code 1006 if it dropped the connection."""

    def input_paused(self, paused: bool) -> None:
        """Called when the container stops reading, or reads again."""


class ContainerLink(asyncio.Protocol):
    """The WebSocket of one stream."""

    def __init__(
        self,
        url: str,
        listener: ContainerListener,
        *,
        close_timeout: float,
        on_lost: Callable[["ContainerLink"], None],
    ) -> None:
        """Prepares a WebSocket; ``open`` opens it.

        Args:
            url: Address with path and query, scheme ``ws``.
            listener: Is informed about what the container does.
            close_timeout: Seconds the container has to end the TCP connection after a close.
            on_lost: Called once the TCP connection is closed.
        """
        self._url = url
        self._listener = listener
        self._close_timeout = close_timeout
        self._on_lost = on_lost
        self._is_paused = False
        self._loop = asyncio.get_running_loop()
        self._uri = parse_uri(url)
        self._websocket = ClientProtocol(self._uri, max_size=MAX_MESSAGE_LENGTH)
        self._transport: asyncio.Transport | None = None
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._lost = self._loop.create_future()
        self._is_open = False
        self._has_reported_close = False
        self._abort_timer: asyncio.TimerHandle | None = None

    async def open(self, timeout: float) -> None:
        """Connects and performs the handshake.

        Args:
            timeout: Seconds for both.

        Raises:
            ContainerRefusedError: The connection or the handshake was refused, or took too long.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._loop.create_connection(lambda: self, self._uri.host, self._uri.port)
                await self._opened
        except OSError as error:
            self.abort()
            raise ContainerRefusedError(f"{self._url}: {error or 'no answer'}") from error
        except asyncio.CancelledError:
            self.abort()
            raise

    async def wait_lost(self) -> None:
        """Waits until the TCP connection is closed."""
        if self._transport is not None:
            await self._lost

    def send(self, opcode: Opcode, payload: bytes, is_final: bool) -> None:
        """Sends a data frame; dropped once the WebSocket is closing.

        Args:
            opcode: Text, binary or continuation.
            payload: The frame's bytes; text may be cut inside a character.
            is_final: The FIN bit.
        """
        if self._websocket.state is not State.OPEN:
            return
        match opcode:
            case Opcode.TEXT:
                self._websocket.send_text(payload, is_final)
            case Opcode.BINARY:
                self._websocket.send_binary(payload, is_final)
            case _:
                self._websocket.send_continuation(payload, is_final)
        self._flush()

    def ping(self) -> None:
        """Sends a ping."""
        if self._websocket.state is State.OPEN:
            self._websocket.send_ping(b"")
            self._flush()

    def close(self, code: int, reason: str = "") -> None:
        """Sends a close and gives the container ``close_timeout`` to answer.

        Args:
            code: The close code.
            reason: The close reason.
        """
        if self._websocket.state is State.OPEN:
            self._websocket.send_close(code, reason)
            self._flush()
            self._abort_later()

    def abort(self) -> None:
        """Ends the TCP connection at once; the listener is not called any more."""
        self._has_reported_close = True
        self._opened.cancel()
        if self._transport is not None:
            self._transport.abort()

    def pause_output(self, paused: bool) -> None:
        """Stops reading from the container, or resumes.

        Args:
            paused: Whether to stop.
        """
        if paused == self._is_paused or self._transport is None or self._transport.is_closing():
            return
        self._is_paused = paused
        if paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends the handshake."""
        transport = cast(asyncio.Transport, transport)
        self._transport = transport
        self._websocket.send_request(self._websocket.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Passes on every frame in the bytes."""
        self._websocket.receive_data(data)
        self._flush()
        for event in self._websocket.events_received():
            if isinstance(event, Frame):
                self._take(event)
            elif isinstance(event, Response) and not self._opened.done():
                self._handshake_done()
        if self._websocket.handshake_exc is not None and not self._opened.done():
            self._handshake_done()
        if self._websocket.parser_exc is not None:
            self._broken()
        self._listener.frames_ended()

    def eof_received(self) -> None:
        """Ends the WebSocket with the TCP connection."""
        self._websocket.receive_eof()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Informs the listener, unless the container had closed before."""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        if not self._lost.done():
            self._lost.set_result(None)
        self._on_lost(self)
        if not self._opened.done():
            self._opened.set_exception(ConnectionError("the handshake was cut off"))
        self._report_closed(_ABNORMAL_CLOSURE, "the container dropped the connection")
        self._listener.frames_ended()

    def pause_writing(self) -> None:
        """The container does not read."""
        self._listener.input_paused(True)

    def resume_writing(self) -> None:
        """The container reads again."""
        self._listener.input_paused(False)

    # Parts of the above

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PONG:
            self._listener.pong_received()
        elif frame.opcode is Opcode.CLOSE:
            close = self._websocket.close_rcvd
            assert close is not None
            self._report_closed(close.code, close.reason)
            self._abort_later()
        elif frame.opcode is not Opcode.PING:
            self._listener.frame_received(frame.opcode, bytes(frame.data), frame.fin)

    def _handshake_done(self) -> None:
        error = self._websocket.handshake_exc
        if error is None:
            self._is_open = True
            self._opened.set_result(None)
            self._listener.container_opened()
        else:
            self._opened.set_exception(ConnectionError(_refusal(error)))

    def _broken(self) -> None:
        close = self._websocket.close_sent
        code, reason = (close.code, close.reason) if close else (_ABNORMAL_CLOSURE, "")
        self._report_closed(code, reason)
        self._abort_later()

    def _report_closed(self, code: int, reason: str) -> None:
        if not self._has_reported_close:
            self._has_reported_close = True
            if self._is_open:
                self._listener.container_closed(code, reason)

    def _abort_later(self) -> None:
        if self._abort_timer is None and not self._lost.done() and self._transport is not None:
            self._abort_timer = self._loop.call_later(self._close_timeout, self._transport.abort)

    def _flush(self) -> None:
        assert self._transport is not None
        chunks = self._websocket.data_to_send()
        if data := b"".join(chunks):
            self._transport.write(data)
        if chunks and not chunks[-1] and self._transport.can_write_eof():
            self._transport.write_eof()


def _refusal(error: Exception) -> str:
    """Why a handshake failed, in the container's own words if it has any."""
    if not isinstance(error, InvalidStatus):
        return f"the container refused: {error}"
    body = (error.response.body or b"").decode(errors="replace").strip()[:_LONGEST_REASON]
    return f"the container answered {error.response.status_code}{body and f': {body}'}"

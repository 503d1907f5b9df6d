# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""HTTP/1.1 of one connection, on ``h11``: what botocore and plain HTTP clients speak. Pure.

Requests are answered one after the other, each whenever its exchange has the answer. An answer may
come before the end of the body; the rest is then read and dropped, so that a client that only
reads once it has written everything receives the answer.
"""

from collections.abc import Callable, Iterable

import h11

from pipecat_sagemaker_deepgram.emulator.http.exchange import Exchange
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

_LONGEST_REST = 64 * 1024 * 1024
"""Bytes of an answered request's body that are read and dropped before the connection is closed."""

_MOST_PIPELINED = 64 * 1024
"""Bytes of further requests that may wait behind one without an answer."""


class Http1Server:
    """The server side of one connection, without its socket.

    Attributes:
        is_over: Whether to close the connection once the queued data is sent.
    """

    def __init__(self, accept: Callable[["Http1Server", SignedRequest], Exchange]) -> None:
        """Waits for bytes.

        Args:
            accept: Called with every request; returns the exchange that responds to it.
        """
        self.is_over = False
        self._accept = accept
        self._connection = h11.Connection(h11.SERVER)
        self._exchange: Exchange | None = None
        self._method = ""
        self._dropped = 0
        self._is_advancing = False
        self._output = bytearray()

    def receive_data(self, data: bytes) -> None:
        """Takes bytes from the client.

        Args:
            data: The bytes, cut anywhere.
        """
        self._connection.receive_data(data)
        self._advance()
        if self._is_answering and len(self._connection.trailing_data[0]) > _MOST_PIPELINED:
            self.is_over = True

    def data_to_send(self) -> bytes:
        """Takes the bytes that are queued for the client."""
        data = bytes(self._output)
        self._output.clear()
        return data

    def respond(
        self, status: int, headers: Iterable[tuple[str, str]], *, body: bytes | None = None
    ) -> None:
        """Queues the response to the latest request, and continues with the next one.

        Args:
            status: The HTTP status.
            headers: Headers, names in lower case.
            body: The whole body; left out of the answer to HEAD.
        """
        if self._connection.our_state is not h11.SEND_RESPONSE:
            return
        self._send(status, headers, body or b"")
        if not self._is_advancing:
            self._advance()

    def lose(self, reason: str) -> None:
        """Informs the unanswered exchange that the connection is closed.

        Args:
            reason: What happened.
        """
        self.is_over = True
        if self._exchange is not None:
            self._exchange.stream_lost(reason)

    @property
    def _is_answering(self) -> bool:
        return self._connection.our_state is h11.SEND_RESPONSE

    def _advance(self) -> None:
        self._is_advancing = True
        try:
            self._take_events()
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint, str(error))
        finally:
            self._is_advancing = False

    def _take_events(self) -> None:
        while not self.is_over:
            if self._connection.our_state is h11.DONE and self._connection.their_state is h11.DONE:
                self._exchange = None
                self._connection.start_next_cycle()
            event = self._connection.next_event()
            if event is h11.PAUSED or event is h11.NEED_DATA:
                break
            self._take(event)
        if self._connection.our_state in (h11.MUST_CLOSE, h11.CLOSED):
            self.is_over = True
        elif self._is_answering and self._connection.they_are_waiting_for_100_continue:
            self._write(h11.InformationalResponse(status_code=100, headers=[]))

    def _take(self, event: object) -> None:
        match event:
            case h11.Request():
                request = _signed_request(event)
                self._method, self._dropped = request.method, 0
                self._exchange = self._accept(self, request)
            case h11.Data(data=data):
                self._take_data(bytes(data))
            case h11.EndOfMessage():
                if self._exchange is not None and self._is_answering:
                    self._exchange.input_ended()
            case _:
                self.is_over = True

    def _take_data(self, data: bytes) -> None:
        if self._exchange is not None and self._is_answering:
            self._exchange.data_received(data)
            return
        self._dropped += len(data)
        self.is_over = self._dropped > _LONGEST_REST

    def _send(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        length = ("content-length", str(len(body)))
        self._write(h11.Response(status_code=status, headers=[*headers, length]))
        if self._method != "HEAD":
            self._write(h11.Data(data=body))
        self._write(h11.EndOfMessage())

    def _write(self, event: h11.Event) -> None:
        self._output += self._connection.send(event) or b""

    def _refuse(self, status: int, reason: str) -> None:
        if self._connection.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._method = ""
            headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
            self._send(status, headers, f"{reason}\n".encode())
        self.is_over = True


def _signed_request(event: h11.Request) -> SignedRequest:
    headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers]
    authority = next((value for name, value in headers if name == "host"), "")
    regular = [(name, value) for name, value in headers if name != "host"]
    return SignedRequest(
        event.method.decode("ascii"), event.target.decode("latin-1"), authority, regular
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""HTTP/1.1 of one connection, on `h11`: what botocore and plain HTTP clients speak. Pure."""

from collections.abc import Callable
from typing import NamedTuple

import h11

from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

_LONGEST_BODY = 1024 * 1024


class Http1Answer(NamedTuple):
    """What a request is answered with: status, headers but for the length, and the body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Http1Server:
    """Answers whole requests, one after the other."""

    def __init__(self, answer: Callable[[SignedRequest, bytes], Http1Answer]) -> None:
        """Waits for bytes.

        Args:
            answer: Called with every request and its body.
        """
        self._answer = answer
        self._connection = h11.Connection(h11.SERVER)
        self._request: SignedRequest | None = None
        self._body = bytearray()
        self._output = bytearray()
        self.is_over = False

    def receive_data(self, data: bytes) -> None:
        """Takes bytes from the client and queues the answers.

        Args:
            data: The bytes, cut anywhere.
        """
        try:
            self._connection.receive_data(data)
            while not self.is_over:
                event = self._connection.next_event()
                if event is h11.NEED_DATA:
                    return
                self._take(event)
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint, str(error))

    def data_to_send(self) -> bytes:
        """Takes the bytes that are queued for the client."""
        data = bytes(self._output)
        self._output.clear()
        return data

    def _take(self, event: object) -> None:
        match event:
            case h11.Request():
                self._request = _signed_request(event)
                self._body.clear()
            case h11.Data(data=data):
                self._body += data
                if len(self._body) > _LONGEST_BODY:
                    self._refuse(413, f"the body is longer than {_LONGEST_BODY} bytes")
            case h11.EndOfMessage():
                assert self._request is not None
                self._send(self._answer(self._request, bytes(self._body)))
                self._begin_anew()
            case _:
                self.is_over = True

    def _send(self, answer: Http1Answer) -> None:
        headers = [*answer.headers, ("content-length", str(len(answer.body)))]
        response = h11.Response(status_code=answer.status, headers=headers)
        self._output += self._connection.send(response) or b""
        if self._request is None or self._request.method != "HEAD":
            self._output += self._connection.send(h11.Data(data=answer.body)) or b""
        self._output += self._connection.send(h11.EndOfMessage()) or b""

    def _begin_anew(self) -> None:
        if self._connection.our_state is h11.DONE and self._connection.their_state is h11.DONE:
            self._connection.start_next_cycle()
        else:
            self.is_over = True

    def _refuse(self, status: int, reason: str) -> None:
        if self._connection.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
            self._send(Http1Answer(status, headers, f"{reason}\n".encode()))
        self.is_over = True


def _signed_request(event: h11.Request) -> SignedRequest:
    headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers]
    authority = next((value for name, value in headers if name == "host"), "")
    regular = [(name, value) for name, value in headers if name != "host"]
    return SignedRequest(
        event.method.decode("ascii"), event.target.decode("latin-1"), authority, regular
    )

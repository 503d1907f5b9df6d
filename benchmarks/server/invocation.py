# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream: a request, its handshake, audio in, results out."""

import asyncio
from typing import Protocol

from benchmarks.server.endpoint import Endpoint
from benchmarks.server.parts import PartReader, text_part
from benchmarks.server.transcriber import Transcriber

_OK = ((":status", "200"), ("content-type", "application/vnd.amazon.eventstream"))
_OK += (("x-amzn-invoked-production-variant", "AllTraffic"), ("x-amzn-requestid", "bench"))

_REFUSED = (
    b'{"Message":"Received server error (424) from primary with message '
    b'\\"Failed to establish WebSocket connection\\"","OriginalStatusCode":424}'
)


class Answering(Protocol):
    """Receives an invocation's response: one stream of a connection."""

    def send_headers(self, headers: tuple[tuple[str, str], ...]) -> None:
        """Send response headers."""

    def send(self, data: bytes, *, end: bool = False) -> None:
        """Send body bytes."""

    def cut(self, kind: str) -> None:
        """Cut the stream."""


class Invocation:
    """One stream.

    Args:
        endpoint: The state that it shares with the others.
        answering: Receives its response.
        parts: Reads its body.
    """

    def __init__(self, endpoint: Endpoint, answering: Answering, parts: PartReader) -> None:
        self._endpoint = endpoint
        self._answering = answering
        self._parts = parts
        self._request_id = f"stream-{endpoint.seen.streams}"
        self._transcriber = Transcriber(self._request_id)
        self._early = b""
        self._timer: asyncio.TimerHandle | None = None
        self._is_open = False
        self._is_over = False

    def start(self) -> None:
        """Start the handshake with the container, or refuse the request."""
        if not self._endpoint.admit():
            self._is_over = True
            self.refuse("424", "ModelError", _REFUSED)
            return
        delay = self._endpoint.handshake_delay()
        if delay:
            self._timer = self._endpoint.call_later(delay, self._open)
        else:
            self._open()

    def refuse(self, status: str, code: str, body: bytes) -> None:
        """Answer with an error."""
        headers = ((":status", status), ("content-type", "application/json"))
        self._answering.send_headers((*headers, ("x-amzn-errortype", code)))
        self._answering.send(body, end=True)

    def take(self, data: bytes) -> None:
        """Take body bytes."""
        if self._is_over:
            return
        if not self._is_open:
            self._early += data
            return
        for is_text, payload in self._parts.feed(data):
            self._endpoint.seen.events += 1
            if is_text:
                self._control(payload)
            elif payload:
                self._hear(payload)
            if self._is_over:
                return

    def input_ended(self) -> None:
        """The client has ended its input."""
        if not self._is_over:
            self._finish()

    def lose(self) -> None:
        """The stream is gone."""
        if self._timer is not None:
            self._timer.cancel()
        if not self._is_over:
            self._end()

    def _open(self) -> None:
        self._timer = None
        self._is_open = True
        self._endpoint.opened()
        self._answering.send_headers(_OK)
        early, self._early = self._early, b""
        self.take(early)

    def _hear(self, audio: bytes) -> None:
        for message in self._transcriber.hear(audio):
            self._answering.send(text_part(message))
        heard = self._transcriber
        kind = self._endpoint.cut(heard.session, self._request_id, heard.heard_seconds)
        if kind is not None:
            self._end()
            self._answering.cut(kind)

    def _control(self, payload: bytes) -> None:
        if b"CloseStream" in payload:
            self._finish()
        elif b"Finalize" in payload:
            self._answering.send(text_part(self._transcriber.finalize()))

    def _finish(self) -> None:
        for message in self._transcriber.close():
            self._answering.send(text_part(message))
        self._answering.send(b"", end=True)
        self._end()

    def _end(self) -> None:
        self._is_over = True
        self._endpoint.closed(was_open=self._is_open)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The connection that replaces the SDK's WebSocket and hides the session's streams."""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Required, TypedDict, Unpack

from websockets.exceptions import ConnectionClosedOK

from pipecat_sagemaker_deepgram.client import (
    AudioDropped,
    Connected,
    GivenUp,
    Record,
    SageMakerBidiClient,
    SessionEvent,
)
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.deepgram_sdk.errors import (
    as_the_sdk_raises,
    closed_properly,
    closed_with_failure,
)
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

type OpenSession = Callable[[Callable[[SessionEvent], None]], SageMakerBidiClient]
"""Makes a session; its argument is called with the events of the session."""

HEARD_ALL = 0.1
"""Seconds of audio at the end that need not be answered: too short for a word."""


class TransportOptions(TypedDict, total=False):
    """Options of every connection.

    Attributes:
        drain_timeout: Maximum seconds to finish after the caller asked for the end.
        abort_signal: Closes the connection when it is set.
    """

    drain_timeout: Required[float]
    abort_signal: asyncio.Event | None


class SageMakerTransport(ABC):
    """A connection of the SDK over a session of the client.

    It ends when the session does; the session replaces lost streams.

    Args:
        open_session: Makes the session; its first stream is opened at once.
        **options: See ``TransportOptions``.
    """

    def __init__(
        self,
        open_session: OpenSession,
        **options: Unpack[TransportOptions],
    ) -> None:
        self._drain_timeout = options["drain_timeout"]
        abort_signal = options.get("abort_signal")
        self._received: deque[str | bytes] = deque()
        self._failure: SageMakerDeepgramError | None = None
        self._was_up = False
        self._lost_seconds = 0.0
        self._draining: asyncio.Task[None] | None = None
        self._aborting: asyncio.Task[None] | None = None
        self._client = open_session(self._note)
        self._client.connect()
        if abort_signal is not None:
            self._aborting = asyncio.create_task(self._close_on(abort_signal))

    @property
    def client(self) -> SageMakerBidiClient:
        """The session."""
        return self._client

    async def send(self, data: str | bytes) -> None:
        """Send audio or a message; this waits only while the buffer is full.

        Data that is sent after the request to close is ignored, as Deepgram does.

        Raises:
            ConnectionClosed: The connection has ended.
            ApiError: The endpoint refused the connection.
            SageMakerDeepgramError: The connection could not be opened.
        """
        if self._client.is_closed:
            raise self._end()
        if self._draining is not None:
            return
        if isinstance(data, str):
            await self._send_text(data)
        elif data:
            await self._send_audio(bytes(data))

    async def recv(self) -> str | bytes:
        """Wait for the next message. Cancelling this loses nothing.

        Raises:
            ConnectionClosed: The connection has ended, normally (``ConnectionClosedOK``) or because
                of a failure.
            ApiError: The endpoint refused the connection.
            SageMakerDeepgramError: The connection could not be opened.
        """
        while not self._received:
            try:
                async with asyncio.timeout_at(self._get_timer()):
                    record = await self._client.receive_record()
            except TimeoutError:
                await self._handle_timer(loop_time())
                continue
            if record is None:
                raise self._end()
            await self._follow(record)
        return self._received.popleft()

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Receive until the connection ends normally."""
        while True:
            try:
                message = await self.recv()
            except ConnectionClosedOK:
                return
            yield message

    @abstractmethod
    async def ping(self) -> None:
        """Keep the connection alive. This is never necessary: the session does so."""

    async def close(self) -> None:
        """Close at once; messages that were not received are dropped."""
        if self._aborting is not None and self._aborting is not asyncio.current_task():
            self._aborting.cancel()
            await asyncio.wait({self._aborting})
        await self._client.close_session(timeout=0.0)
        if self._draining is not None:
            await self._draining

    # What differs between listening and speaking

    @abstractmethod
    async def _send_text(self, text: str) -> None: ...

    @abstractmethod
    async def _send_audio(self, audio: bytes) -> None: ...

    @abstractmethod
    async def _follow(self, record: Record) -> None:
        """Process a record."""

    @abstractmethod
    def _get_timer(self) -> float | None:
        """When to call ``_handle_timer``; ``None`` for never."""

    @abstractmethod
    async def _handle_timer(self, now: float) -> None:
        """Do what is due."""

    # Details

    def _drain(self, *, timeout: float | None = None) -> None:
        """End the session once everything is answered, or after a time limit."""
        if self._draining is None:
            limit = self._drain_timeout if timeout is None else timeout
            self._draining = asyncio.create_task(self._end_session(loop_time() + limit))

    async def _end_session(self, deadline: float) -> None:
        """Wait for the first stream, even if nothing was sent, and end the session.

        Deepgram sends ``Metadata``, and Flux ``Connected``, on such a connection too (Deepgram
        docs, "Close Stream").
        """
        with suppress(TimeoutError, SageMakerDeepgramError):
            async with asyncio.timeout_at(deadline):
                await self._client.start_session()
        await self._client.close_session(timeout=max(0.0, deadline - loop_time()))

    def _note(self, event: SessionEvent) -> None:
        """Record an event when it happens, which may be before older messages are received."""
        match event:
            case Connected():
                self._was_up, self._failure = True, None
            case GivenUp(cause=cause):
                self._failure = cause
            case AudioDropped(reason="closed", seconds=seconds):
                self._lost_seconds += seconds
            case _:
                pass

    def _end(self) -> Exception:
        """The error for sending or receiving after the end."""
        if self._failure is not None:
            error = as_the_sdk_raises(self._failure, was_up=self._was_up)
            if error is not self._failure:
                error.__cause__ = self._failure
            return error
        if self._draining is not None and self._lost_seconds > HEARD_ALL:
            return closed_with_failure(
                f"{self._lost_seconds:.1f} s of audio were not answered within "
                f"{self._drain_timeout:g} s"
            )
        return closed_properly()

    async def _close_on(self, signal: asyncio.Event) -> None:
        await signal.wait()
        await self.close()

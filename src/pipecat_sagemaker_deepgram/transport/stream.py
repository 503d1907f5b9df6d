# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One open stream to SageMaker: what the client is built on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamIdentity

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.transport.aws import Exchange
    from pipecat_sagemaker_deepgram.transport.http2 import Http2Stream


class SageMakerStream:
    """An open stream. One task may receive while others send.

    Attributes:
        identity: Its request id and production variant.
        send_now: Sends one whole message if that needs no waiting, and returns whether it did;
            takes what ``send`` takes. Otherwise ``send`` can send it, or raises what is wrong.
    """

    def __init__(self, http2: "Http2Stream", exchange: "Exchange") -> None:
        self._http2 = http2
        self._publisher = exchange.publisher
        self.send_now = exchange.publisher.send_now
        self._receiver = exchange.receiver
        self.identity: StreamIdentity = exchange.identity

    @property
    def has_ended(self) -> bool:
        """Whether the endpoint has ended the stream properly; what it sent may still be read."""
        return self._http2.remote_ended

    async def send(self, data: bytes, *, is_text: bool = False) -> None:
        """Send one whole message to the container.

        A send that is cancelled while the peer does not take it ends the stream: its events are
        signed in a chain that has no gaps.

        Args:
            data: The message's bytes.
            is_text: Whether the container gets a WebSocket text frame instead of a binary one.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The stream or its input has been closed.
        """
        try:
            await self._publisher.send(data, "UTF8" if is_text else "BINARY")
        except SageMakerDeepgramError as error:
            identify(error, self.identity)
            raise

    async def receive(self) -> str | bytes | None:
        """Wait for the next whole message of the container; may be cancelled at no loss.

        Returns:
            The message; ``None`` when the endpoint has ended the stream properly.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The stream has been closed.
        """
        try:
            return await self._receiver.receive()
        except SageMakerDeepgramError as error:
            identify(error, self.identity)
            raise

    async def end_input(self) -> None:
        """End the input: SageMaker closes the container's WebSocket, losing what it still has.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The stream has been closed.
        """
        try:
            await self._publisher.close()
        except SageMakerDeepgramError as error:
            identify(error, self.identity)
            raise

    def watch_draining(self, on_draining: Callable[[], None]) -> None:
        """Have a function called should the peer drain: go on with this stream and open no other.

        Args:
            on_draining: Called once, unless the peer has said so with its answer: one that
                serves one request per connection always does.
        """
        self._http2.on_draining = on_draining

    def abort(self) -> None:
        """Drop the stream now; whoever waits on it gets an error."""
        self._http2.abort()

    async def close(self, *, timeout: float) -> None:
        """Close the connection within ``timeout`` seconds, by force if need be."""
        await self._http2.close(timeout=timeout)


def identify(error: SageMakerDeepgramError, identity: StreamIdentity) -> None:
    """Let an error say which stream it is of, unless it does."""
    if error.identity is None:
        error.identity = identity

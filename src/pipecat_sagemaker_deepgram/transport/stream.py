# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One open stream to SageMaker: what the client is built on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamIdentity

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.transport.aws import AcceptedStream
    from pipecat_sagemaker_deepgram.transport.http2 import Http2Stream


class SageMakerStream:
    """An open stream. One task may receive while others send.

    Attributes:
        identity: Its request id and production variant.
        send_now: Sends one whole message if that is possible without waiting, and returns
            whether it did, with the parameters of ``send``. If it did not, ``send`` can send it,
            or raises what is wrong.
    """

    def __init__(self, http2: "Http2Stream", exchange: "AcceptedStream") -> None:
        self._http2 = http2
        self._publisher = exchange.publisher
        self.send_now = exchange.publisher.send_now
        self._receiver = exchange.receiver
        self.identity: StreamIdentity = exchange.identity

    @property
    def has_ended(self) -> bool:
        """Whether the endpoint has ended the stream properly; unread data can still be read."""
        return self._http2.remote_ended

    async def send(self, data: bytes, *, is_text: bool = False) -> None:
        """Send one whole message to the container.

        Cancelling a send while the peer does not accept it ends the stream, because each event's
        signature covers the one before.

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
        """Wait for the container's next whole message; cancelling it loses nothing.

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

    def receive_now(self) -> str | bytes | None:
        """Take the container's next whole message if it has arrived.

        Returns:
            The message, or ``None``; ``receive`` waits for it, or tells why none will come.

        Raises:
            StreamError: The stream has failed.
        """
        try:
            return self._receiver.receive_now()
        except SageMakerDeepgramError as error:
            identify(error, self.identity)
            raise

    async def end_input(self) -> None:
        """End the input: SageMaker closes the container's WebSocket, and what it still has is lost.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The stream has been closed.
        """
        try:
            await self._publisher.close()
        except SageMakerDeepgramError as error:
            identify(error, self.identity)
            raise

    def watch_arrivals(self, on_arrival: Callable[[], None]) -> None:
        """Set what is called when something has arrived, before a waiting ``receive`` goes on.

        Args:
            on_arrival: Takes what there is with ``receive_now``; must not raise.
        """
        self._http2.on_arrival = on_arrival

    def watch_draining(self, on_draining: Callable[[], None]) -> None:
        """Set what to call when the peer still serves this stream but accepts no other (GOAWAY).

        Args:
            on_draining: Called once, but not if the GOAWAY came along with the response, as it
                always does from a peer that serves one request per connection.
        """
        self._http2.on_draining = on_draining

    def abort(self) -> None:
        """Drop the stream now; calls that are waiting on it raise an error."""
        self._http2.abort()

    async def close(self, *, timeout: float) -> None:
        """Close the connection within ``timeout`` seconds, by force if need be."""
        await self._http2.close(timeout=timeout)


def identify(error: SageMakerDeepgramError, identity: StreamIdentity) -> None:
    """Add to an error which stream it concerns, unless it says so already."""
    if error.identity is None:
        error.identity = identity

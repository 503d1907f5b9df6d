# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A client of ``InvokeEndpointWithBidirectionalStream`` whose session survives its streams."""

import json
import random as random_module
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, Self, Unpack

from pipecat_sagemaker_deepgram.client import sending
from pipecat_sagemaker_deepgram.client.classify import Classification, classify
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.client.connector import Connector
from pipecat_sagemaker_deepgram.client.driver import SessionDriver
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions, refuse_unknown_options
from pipecat_sagemaker_deepgram.client.records import ChangeReason, Message, Record, SessionEvent
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.client.session.target_health import PROCESS_HEALTH, TargetHealth
from pipecat_sagemaker_deepgram.client.stats import SessionStats
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.text_values import converts_text


class SageMakerBidiClient:
    """A session with a model container behind a SageMaker endpoint that survives lost streams.

    Sending never waits for the network. Messages are kept in order, even before the first stream
    is up, and audio that a lost stream did not acknowledge is sent again to the next one.

    Example::

        async with SageMakerBidiClient(endpoint_name="my-endpoint", region="us-east-1") as client:
            await client.send_text("hello")
            async for message in client:
                print(message)

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's.
        model_invocation_path: Path on the container, without a leading slash; may be empty.
        model_query_string: Query for the container, percent-encoded, without a question mark.
        protocol: What the container's messages mean, with a path and a query of its own. Without
            it (the default) the session ends when the container ends the stream properly.
        config: Time limits and sizes; by default those of ``ClientConfig()``.
        retry_policy: How often and how long to try to replace a lost stream; by default
            ``RetryPolicy()``.
        classify: Decides which failures another attempt can overcome.
        on_event: Called with each event, in order; ``records`` yields them among the messages.
        random: Returns numbers in [0, 1), for delays; by default ``random.random``.
        health: Which endpoints have failed or been slow; by default what this process has seen.
        **options: Where to connect and with which credentials: see ``ConnectionOptions``.

    Raises:
        ConfigurationError: A parameter is not valid.
        TypeError: A parameter is unknown.
    """

    @converts_text
    def __init__(
        self,
        endpoint_name: str,
        region: str | None = None,
        model_invocation_path: str | None = "",
        model_query_string: str | None = "",
        *,
        protocol: StreamProtocol | None = None,
        config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        classify: Callable[[BaseException], Classification] = classify,
        on_event: Callable[[SessionEvent], None] | None = None,
        random: Callable[[], float] = random_module.random,
        health: TargetHealth = PROCESS_HEALTH,
        **options: Unpack[ConnectionOptions],
    ) -> None:
        refuse_unknown_options(type(self).__name__, options)
        self._config = config or ClientConfig()
        protocol = protocol or StreamProtocol(
            invocation_path=model_invocation_path or "",
            query=lambda: model_query_string or "",
            ends_session=True,
        )
        connector = Connector(protocol, self._config, region, options)
        self._session = Session(
            connector.targets(endpoint_name),
            protocol,
            config=self._config,
            retry_policy=retry_policy or RetryPolicy(),
            classify=classify,
            random=random,
            health=health,
        )
        self._driver = SessionDriver(self._session, connector, on_event)

    @property
    def is_active(self) -> bool:
        """Whether a stream is up."""
        return self._session.state.phase is Phase.UP and not self._session.state.is_closing

    @property
    def takes_audio(self) -> bool:
        """Whether what is sent now will reach a stream, even one that is not up yet."""
        return self._session.takes_audio

    @property
    def is_closed(self) -> bool:
        """Whether the session is over."""
        return self._driver.over.is_set()

    @property
    def stats(self) -> SessionStats:
        """The session's counters so far, as a copy."""
        return replace(self._driver.stats)

    def connect(self) -> None:
        """Start opening the first stream, or try again at once after recovery has failed."""
        self._session.connect(loop_time())
        self._driver.drain()

    async def start_session(self) -> None:
        """Open the first stream and wait until it is up.

        Raises:
            SageMakerDeepgramError: The stream could not be opened; the class says why.
            ClosedError: The client has been closed, perhaps before a stream was up.
        """
        sending.refuse_if_closing(self._session)
        self.connect()
        await self._driver.settled.wait()
        if self._session.state.failure is not None:
            raise self._session.state.failure
        if not self._driver.stats.streams_connected:
            sending.refuse_if_closing(self._session)

    async def close_session(self, *, timeout: float | None = None) -> None:
        """Send the audio that is still waiting, wait for the container to answer it, and close.

        Messages that arrive in the meantime can be received as before.

        Args:
            timeout: Seconds to wait for the answers; by default the config's ``close_timeout``.
        """
        limit = self._config.close_timeout if timeout is None else timeout
        self._session.close(loop_time(), timeout=limit)
        self._driver.drain()
        try:
            await self._driver.over.wait()
        finally:
            self._session.abort()
            self._driver.drain()
            await self._driver.wait_for_streams()

    async def __aenter__(self) -> Self:
        """Open the session."""
        try:
            await self.start_session()
        except BaseException:
            await self.close_session(timeout=0.0)
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close the session."""
        await self.close_session()

    async def send_audio_chunk(self, audio_bytes: bytes) -> None:
        """Send audio of any length, in the protocol's encoding, to the container as binary.

        Raises:
            ClosedError: The client has been closed.
        """
        sending.refuse_if_closing(self._session)
        self._driver.append(audio_bytes)

    async def send_text(self, text: str, *, kind: str = "") -> None:
        """Send a text message to the container, in order with the audio.

        Args:
            text: The message.
            kind: Name of its kind. After a loss the latest message of each kind is sent again,
                unless the audio before it has been acknowledged. A message without a kind (the
                default) is never sent again.

        Raises:
            TypeError: The message is not text.
            ClosedError: The client has been closed.
        """
        sending.refuse_if_closing(self._session)
        self._driver.send(sending.text_control(text, kind))

    async def send_json(self, data: Any) -> None:
        """Send a value that ``json.dumps`` accepts to the container, as JSON text.

        Raises:
            TypeError: The value cannot be written as JSON.
            ClosedError: The client has been closed.
        """
        await self.send_text(json.dumps(data))

    async def send_data(self, data_bytes: bytes, data_type: str | None = "BINARY") -> None:
        """Send one message to the container, in order with the audio.

        Args:
            data_bytes: The message's bytes.
            data_type: ``UTF8`` reaches the container as a text frame, ``BINARY`` (the default) or
                ``None`` as a binary one.

        Raises:
            TypeError: The data is not bytes, or the type is another.
            ClosedError: The client has been closed.
        """
        sending.refuse_if_closing(self._session)
        self._driver.send(sending.data_control(data_bytes, data_type))

    async def wait_for_room(self) -> None:
        """Wait while a buffer, which drops audio when full, is half full; at most 5 s if stuck."""
        await self._driver.wait_for_room()

    def send_silence(self, seconds: float) -> bool:
        """Send this many seconds of silence, at least one sample frame, to the stream in use.

        Silence is not part of the session's audio: it is not kept, not replayed, and does not
        shift any timestamps.

        Returns:
            Whether it was sent: only if a stream accepts it and no audio is waiting.
        """
        is_taken = self._session.inject_silence(seconds, loop_time())
        self._driver.drain()
        return is_taken

    def note_speech(self, is_speaking: bool | None) -> None:
        """Set whether someone is speaking, according to a VAD; ``None`` if there is none."""
        self._session.note_speech(is_speaking)

    @property
    def audio_seconds(self) -> float:
        """Seconds of audio sent so far, on the session's clock."""
        return self._session.feed.seconds(self._session.feed.ledger.appended)

    def acknowledge(self, seconds: float) -> None:
        """Discard the audio before this session time, in seconds: it will not be replayed."""
        self._session.acknowledge(seconds)

    def change_stream(self, reason: ChangeReason = "requested", *, within: float = 2.0) -> None:
        """Switch to a new stream in the next pause, at the latest after ``within`` seconds.

        The protocol's query is evaluated again. ``StreamChanged`` reports the switch. If the new
        stream is refused, the one in use stays, and ``ChangeRefused`` reports why.
        """
        self._session.change_stream(reason, loop_time(), within=within)
        self._driver.drain()

    async def receive_record(self) -> Record | None:
        """Wait for the next message or event; cancelling the wait loses nothing.

        Returns:
            The record; ``None`` after ``Closed``, which is the last one.
        """
        return await self._driver.records.get()

    async def records(self) -> AsyncIterator[Record]:
        """Yield messages and events, in order, until the session is closed."""
        while (record := await self.receive_record()) is not None:
            yield record

    async def receive_message(self) -> Message | None:
        """Wait for the container's next message; events of the session are skipped.

        Returns:
            The message and what is known about it; ``None`` if the session has ended normally.

        Raises:
            SageMakerDeepgramError: Recovery has failed; the class says why.
        """
        while (record := await self.receive_record()) is not None:
            if isinstance(record, Message):
                return record
        if self._session.state.failure is not None:
            raise self._session.state.failure
        return None

    async def receive_response(self) -> str | bytes | None:
        """Wait for the container's next message, as ``receive_message`` does.

        Returns:
            The message's text or bytes; ``None`` if the session has ended normally.
        """
        message = await self.receive_message()
        return None if message is None else message.data

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Yield the container's messages until the session ends."""
        while (message := await self.receive_response()) is not None:
            yield message

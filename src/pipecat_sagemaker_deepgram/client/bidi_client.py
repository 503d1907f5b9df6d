# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A client of ``InvokeEndpointWithBidirectionalStream`` whose session survives its streams."""

import asyncio
import json
import os
import random as random_module
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any, Self

from loguru import logger

from pipecat_sagemaker_deepgram.client.classify import Classification, classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.connector import Access, Connector
from pipecat_sagemaker_deepgram.client.records import (
    ChangeReason,
    Message,
    Record,
    SessionEvent,
)
from pipecat_sagemaker_deepgram.client.session.actions import (
    Action,
    DropStream,
    EndInput,
    OpenStream,
)
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.session import Phase, Session
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stats import SessionStats, describe
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.client.stream_runner import StreamRunner
from pipecat_sagemaker_deepgram.exceptions import ClosedError

MAX_QUEUED_MESSAGES = 1000
"""Messages that wait to be received before the client stops reading the stream."""


class SageMakerBidiClient:
    """Talks to a model container behind a SageMaker endpoint, whatever happens on the way.

    Sending never waits for the network: what is sent is kept in order and written by a task of
    the client's own, also from before the first stream is up. A stream that is lost is replaced
    by another, to which everything is sent again that was not acknowledged.

    Example::

        async with SageMakerBidiClient(endpoint_name="my-endpoint", region="us-east-1") as client:
            await client.send_text("hello")
            async for message in client:
                print(message)

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION`` or ``AWS_DEFAULT_REGION``.
        model_invocation_path: Path on the container, without a leading slash.
        model_query_string: Query for the container, percent-encoded, without a question mark.
        target_variant: Production variant to invoke; by default SageMaker chooses.
        targets: Further endpoints to turn to when the first one fails.
        endpoint_url: Base URL instead of the region's own; by default
            ``AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2`` or ``AWS_ENDPOINT_URL``.
        use_fips: Whether to use the region's FIPS host; by default as
            ``AWS_USE_FIPS_ENDPOINT`` says.
        use_dualstack: Whether to use the region's host with IPv6 and IPv4 addresses; by default
            as ``AWS_USE_DUALSTACK_ENDPOINT`` says.
        ca_bundle: PEM file of trusted certificates; by default ``AWS_CA_BUNDLE`` or
            ``SSL_CERT_FILE``, else what the system trusts.
        credentials: ``Credentials``, a botocore or boto3 session, or an object with an async
            ``resolve()``; by default botocore's whole chain.
        profile: Profile of the shared configuration files, for botocore's chain.
        protocol: What the container's messages mean; takes the place of
            ``model_invocation_path`` and ``model_query_string``.
        config: Time limits and sizes.
        retry_policy: How often and how long a lost stream is tried for.
        classify: Tells which failures another attempt can mend.
        on_event: Called with every event of the session, in order.
        random: Gives numbers in [0, 1), for delays.

    Raises:
        ConfigurationError: A parameter is not valid.
    """

    def __init__(
        self,
        endpoint_name: str,
        region: str | None = None,
        model_invocation_path: str | None = "",
        model_query_string: str | None = "",
        *,
        target_variant: str | None = None,
        targets: Sequence[Target] = (),
        endpoint_url: str | None = None,
        use_fips: bool | None = None,
        use_dualstack: bool | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        credentials: Any = None,
        profile: str | None = None,
        protocol: StreamProtocol | None = None,
        config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        classify: Callable[[BaseException], Classification] = classify,
        on_event: Callable[[SessionEvent], None] | None = None,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self._config = config or ClientConfig()
        self._on_event = on_event
        protocol = protocol or StreamProtocol(
            invocation_path=model_invocation_path or "", query=lambda: model_query_string or ""
        )
        access = Access(
            region=region,
            endpoint_url=endpoint_url,
            use_fips=use_fips,
            use_dualstack=use_dualstack,
            ca_bundle=ca_bundle,
            credentials=credentials,
            profile=profile,
        )
        first = Target(endpoint_name=endpoint_name, target_variant=target_variant)
        self._connector = Connector(protocol, self._config, access)
        every_target = tuple(self._connector.complete(target) for target in (first, *targets))
        self._session = Session(
            every_target,
            protocol,
            config=self._config,
            recovery=Recovery(
                retry_policy or RetryPolicy(),
                TargetList(every_target, retry_after=self._config.target_retry_after),
                classify,
                random,
            ),
            random=random,
        )
        self._stats = SessionStats()
        self._runners: dict[int, StreamRunner] = {}
        self._records: deque[Record] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._settled = asyncio.Event()
        self._over = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    # Opening and closing

    @property
    def is_active(self) -> bool:
        """Whether a stream is up."""
        return self._session.phase is Phase.UP and not self._session.is_closing

    @property
    def takes_audio(self) -> bool:
        """Whether what is sent now will reach a stream, be it one that is still to come up."""
        return self._session.phase in (Phase.CONNECTING, Phase.UP) and not self._session.is_closing

    @property
    def is_closed(self) -> bool:
        """Whether the session is over."""
        return self._session.phase is Phase.CLOSED

    @property
    def stats(self) -> SessionStats:
        """What the session has been through, so far."""
        return replace(self._stats)

    def connect(self) -> None:
        """Begin to open the first stream, or try again at once after recovery has failed."""
        self._session.connect(self._now())
        self._step()

    async def start_session(self) -> None:
        """Open the first stream and wait until it is up.

        Raises:
            SageMakerDeepgramError: It could not be opened; the class tells why.
            ClosedError: The client has been closed.
        """
        self._raise_if_closing()
        self.connect()
        await self._settled.wait()
        if self._session.failure is not None:
            raise self._session.failure

    async def close_session(self, *, timeout: float | None = None) -> None:
        """Send what is left, let the container answer it, and close.

        Messages that arrive meanwhile can be received as before.

        Args:
            timeout: Most seconds to wait for the answers; by default ``close_timeout``.
        """
        limit = self._config.close_timeout if timeout is None else timeout
        self._session.close(self._now(), timeout=limit)
        self._step()
        try:
            await self._over.wait()
        finally:
            self._session.abort()
            self._step()
            while self._runners:
                await asyncio.wait({runner.task for runner in self._runners.values()})

    async def __aenter__(self) -> Self:
        """Open the session."""
        try:
            await self.start_session()
        except BaseException:
            await self.close_session(timeout=0.0)
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close it."""
        await self.close_session()

    # Sending

    async def send_audio_chunk(self, audio_bytes: bytes) -> None:
        """Send audio to the container, as binary.

        Raises:
            ClosedError: The client has been closed.
        """
        self._raise_if_closing()
        self._session.append(audio_bytes, self._now())
        self._pass_on()

    async def send_text(self, text: str, *, kind: str = "") -> None:
        """Send a text message to the container, in its place among the audio.

        Args:
            text: The message.
            kind: Name under which the message is sent again after a loss, the latest of each
                name, unless the audio before it has been acknowledged; empty for never again.

        Raises:
            ClosedError: The client has been closed.
        """
        self._send_control(Control(payload=text.encode(), kind=kind))

    async def send_json(self, data: Any) -> None:
        """Send a value to the container as JSON text.

        Raises:
            ClosedError: The client has been closed.
        """
        await self.send_text(json.dumps(data))

    async def send_data(self, data_bytes: bytes, data_type: str | None = "BINARY") -> None:
        """Send one message to the container, in its place among the audio.

        Args:
            data_bytes: Its bytes.
            data_type: ``UTF8`` reaches the container as a text frame, ``BINARY`` or ``None`` as a
                binary one.

        Raises:
            ClosedError: The client has been closed.
        """
        self._send_control(Control(payload=data_bytes, is_text=data_type == "UTF8"))

    def _send_control(self, control: Control) -> None:
        self._raise_if_closing()
        self._session.add_control(control)
        self._pass_on()

    def send_text_at_once(self, text: str) -> bool:
        """Send a text message ahead of the audio that waits, to the stream in use only.

        Called from ``on_event`` when a stream has come up, it is the first that the stream gets.

        Returns:
            Whether there is one; the message is never sent again.
        """
        is_taken = self._session.inject_text(text)
        asyncio.get_running_loop().call_soon(self._wake_runners)
        return is_taken

    def forget_controls(self, kind: str) -> None:
        """Send no control of a kind again that no stream has answered."""
        self._session.feed.ledger.forget_controls(kind)

    def send_silence(self, seconds: float) -> bool:
        """Send silence to the stream in use; it counts on the stream's clock only.

        Silence has no place among the audio: it is not kept, not replayed, and moves no times.

        Returns:
            Whether there is a stream that takes it and no audio waits to be sent.
        """
        is_taken = self._session.inject_silence(seconds)
        self._step()
        return is_taken

    @property
    def audio_seconds(self) -> float:
        """Session seconds of the audio given so far."""
        return self._session.feed.seconds(self._session.feed.ledger.appended)

    def acknowledge(self, seconds: float) -> None:
        """Let go of the audio before this session time: it will not be replayed."""
        self._session.acknowledge(seconds)

    def change_stream(self, reason: ChangeReason = "requested", *, within: float = 2.0) -> None:
        """Have a new stream take over, in the next pause, at the latest after ``within`` seconds.

        The protocol's query is asked for anew; a stream that is refused leaves the one in use.
        """
        self._session.change_stream(reason, self._now(), within=within)
        self._step()

    # Receiving

    async def receive_message(self) -> Message | None:
        """Wait for the container's next message.

        Returns:
            The message with what is known of it; ``None`` when the session has ended as it
            should.

        Raises:
            SageMakerDeepgramError: Recovery has failed; the class tells why.
        """
        while (record := await self.receive_record()) is not None:
            if isinstance(record, Message):
                return record
        if self._session.failure is not None:
            raise self._session.failure
        return None

    async def receive_record(self) -> Record | None:
        """Wait for the next message or event, in the order in which they happened.

        Returns:
            The record; ``None`` behind ``Closed``.
        """
        while not self._records:
            if self.is_closed:
                return None
            self._news.clear()
            await self._news.wait()
        self._room.set()
        return self._records.popleft()

    async def records(self) -> AsyncIterator[Record]:
        """Receive messages and events until the session is over."""
        while (record := await self.receive_record()) is not None:
            yield record

    async def receive_response(self) -> str | bytes | None:
        """Wait for the container's next message.

        Returns:
            The message; ``None`` when the session has ended as it should.

        Raises:
            SageMakerDeepgramError: Recovery has failed; the class tells why.
        """
        message = await self.receive_message()
        return None if message is None else message.data

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Receive until the session ends."""
        while (message := await self.receive_response()) is not None:
            yield message

    # Obeying the session

    def _step(self) -> None:
        """Obey the session after anything that may have changed it or given it more to write."""
        self._obey()
        self._wake_runners()

    def _pass_on(self) -> None:
        """Obey the session if need be, and have written what is due; on the way of every frame."""
        if self._session.wants_attention:
            self._step()
        elif self._session.has_due(self._now()):
            self._wake_runners()

    def _wake_runners(self) -> None:
        for runner in tuple(self._runners.values()):
            runner.wake()

    def _obey(self) -> None:
        for action in self._session.poll_actions():
            self._do(action)
        for record in self._session.poll_events():
            self._records.append(record)
            self._news.set()
            if not isinstance(record, Message):
                self._tell(record)
        if self._session.is_settled:
            self._settled.set()
        else:
            self._settled.clear()
        if self.is_closed:
            self._end()
        self._arm_timer()

    def _end(self) -> None:
        self._over.set()
        self._news.set()
        self._room.set()
        if self._timer is not None:
            self._timer.cancel()

    def _do(self, action: Action) -> None:
        match action:
            case OpenStream():
                runner = StreamRunner(action, self._connector, self._session, self)
                self._runners[action.stream] = runner
                runner.task.add_done_callback(lambda _: self._runners.pop(action.stream))
            case EndInput(stream=number):
                self._runners[number].end_input()
            case DropStream(stream=number) if number in self._runners:
                self._runners[number].drop()

    def delivered(self, messages: list[Message]) -> None:
        """A runner has told the session something; these messages came of it."""
        if messages:
            self._stats.messages_received += len(messages)
        self._pass_on()

    def written(self, count: int) -> None:
        """A runner has written so many bytes, all that the session had."""
        self._stats.bytes_sent += count
        if self._session.wants_attention:
            self._obey()

    async def wait_for_room(self) -> None:
        """Wait until enough messages have been received."""
        while len(self._records) > MAX_QUEUED_MESSAGES and not self.is_closed:
            self._room.clear()
            await self._room.wait()

    def _tell(self, event: SessionEvent) -> None:
        level, sentence = describe(event)
        logger.log(level, f"SageMaker session: {sentence}")
        self._stats.count(event)
        if self._on_event is None:
            return
        try:
            self._on_event(event)
        except Exception:
            logger.exception(f"on_event failed on {type(event).__name__}")

    def _arm_timer(self) -> None:
        """Have ``_on_timer`` called in time; a timer that comes too early does no harm."""
        at = self._session.get_timer(self._now())
        if at is None or (self._timer is not None and self._timer.when() <= at):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(at, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._session.handle_timer(self._now())
        self._step()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _raise_if_closing(self) -> None:
        if self._session.is_closing:
            raise ClosedError(
                "The client has been closed", advice="Make a new one."
            ) from self._session.failure

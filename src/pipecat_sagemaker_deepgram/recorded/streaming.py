# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams one channel of a recording over a session, faster than real time.

Two tasks: one sends, as far ahead as the pace allows; the other passes the records of the session
to the conversation in order, as a Pipecat service does.
"""

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, Callable, Iterable

from loguru import logger

from pipecat_sagemaker_deepgram.client import ClientConfig, Record, SageMakerBidiClient
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.deepgram.steps import (
    Acknowledge,
    ChangeStream,
    LogLine,
    NoteSpeech,
    SendText,
)
from pipecat_sagemaker_deepgram.deepgram.v1.conversation import NovaConversation
from pipecat_sagemaker_deepgram.deepgram.v2.conversation import FluxConversation
from pipecat_sagemaker_deepgram.deepgram.v2.query import flux_query
from pipecat_sagemaker_deepgram.exceptions import ClosedError
from pipecat_sagemaker_deepgram.recorded.listening import Listening
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings

type RecordedConversation = NovaConversation | FluxConversation

PIECE_SECONDS = 0.1
"""Maximum seconds of audio per piece at a limited speed."""

LONG_PIECE_SECONDS = 1.0
"""Maximum seconds of audio per piece at full speed; the client divides it into events."""

_NEVER = 1e6
"""Seconds without audio after which silence is sent instead: that a recording waits for its
container says nothing about the speaker."""


def new_conversation(
    settings: RecordedSettings, sample_rate: int, config: ClientConfig
) -> RecordedConversation:
    """Make the conversation of a model.

    Args:
        settings: Parameters of the model.
        sample_rate: Sample rate of the mono linear16 that is sent, in Hz.
        config: The configuration of the client.

    Raises:
        ConfigurationError: A parameter is invalid.
    """
    query = settings.stream_query(sample_rate)
    if settings.is_flux:
        return _flux_conversation(settings, sample_rate, config)
    return NovaConversation(
        query=lambda: query,
        bytes_per_second=lambda: 2 * sample_rate,
        has_interims=lambda: settings.has_interims,
        finalize_timeout=None,
    )


def _flux_conversation(
    settings: RecordedSettings, sample_rate: int, config: ClientConfig
) -> FluxConversation:
    audio = {"encoding": "linear16", "sample_rate": sample_rate}
    return FluxConversation(
        settings.flux_settings,
        query=lambda known: flux_query(
            {**known, **audio}, allow_unknown=settings.allow_unknown_parameters
        ),
        bytes_per_second=lambda: 2 * sample_rate,
        max_replay_bytes=config.max_replay_buffer_bytes,
        watchdog_min_timeout=_NEVER,
    )


class ChannelStream:
    """Sends one channel and collects the results; used once.

    Args:
        client: A session that is not connected yet.
        conversation: Interprets its records.
        listening: Collects the results.
        pace: How fast audio is sent.
        sample_rate: Sample rate of the mono linear16 that is sent, in Hz.
        on_record: Called with each record after it was processed; if it raises, the stream ends.
    """

    def __init__(
        self,
        client: SageMakerBidiClient,
        conversation: RecordedConversation,
        listening: Listening,
        pace: Pace,
        *,
        sample_rate: int,
        on_record: Callable[[Record], None] = lambda record: None,
    ) -> None:
        self._client = client
        self._conversation = conversation
        self._listening = listening
        self._pace = pace
        self._bytes_per_second = 2 * sample_rate
        self._on_record = on_record
        self._moved = asyncio.Event()
        self._is_stopping = False

    def stop(self) -> None:
        """Send no more audio; what was sent is still transcribed."""
        self._is_stopping = True
        self._moved.set()

    async def run(self, blocks: AsyncGenerator[bytes]) -> None:
        """Run until the end of the audio or of the session.

        Args:
            blocks: Mono linear16, in pieces of any size.

        Raises:
            RecordingError: The recording cannot be read.
            Exception: What ``on_record`` raises.
        """
        self._client.connect()
        sending = asyncio.create_task(self._send(blocks), name="send a recording")
        try:
            if isinstance(self._conversation, NovaConversation):
                # Someone counts as speaking all the time, so that no pause is cut short.
                await self._carry_out(self._conversation.user_started())
            await self._take_records()
            # The session is over, so sending ends, or has ended with the reason.
            self._moved.set()
            await sending
        finally:
            sending.cancel()
            await self._client.close_session(timeout=0.0)
            await asyncio.gather(sending, return_exceptions=True)

    # What is sent

    async def _send(self, blocks: AsyncGenerator[bytes]) -> None:
        timeout: float | None = 0.0
        try:
            async with contextlib.aclosing(blocks):
                await self._send_pieces(blocks)
            timeout = None
        except ClosedError:
            logger.trace("the session ended before the recording did")
        finally:
            await self._client.close_session(timeout=timeout)

    async def _send_pieces(self, blocks: AsyncGenerator[bytes]) -> None:
        seconds = LONG_PIECE_SECONDS if math.isinf(self._pace.speed) else PIECE_SECONDS
        size = max(2, round(seconds * self._bytes_per_second) // 2 * 2)
        began = latest = loop_time()
        async for piece in _pieces(blocks, size):
            if not await self._is_due(len(piece), began, latest):
                return
            latest = loop_time()
            await self._client.send_audio_chunk(piece)
            sent = self._listening.sent + len(piece) / self._bytes_per_second
            self._listening.note_sent(sent, latest)

    async def _is_due(self, size: int, began: float, latest: float) -> bool:
        """Wait until a piece is due; ``False`` if no more is to be sent."""
        while self._client.takes_audio and not self._is_stopping:
            self._moved.clear()
            due = self._due(size / self._bytes_per_second, began, latest)
            if due is not None and due <= loop_time():
                return True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._moved.wait()
        return False

    def _due(self, seconds: float, began: float, latest: float) -> float | None:
        """When a piece is due; ``None`` while no stream accepts audio, which would only pile up."""
        sent, heard = self._listening.sent, self._listening.heard_to
        if sent - heard >= self._pace.lead and not self._client.is_active:
            return None
        return self._pace.due(fed=sent, heard=heard, started=began, latest=latest, step=seconds)

    # What comes back

    async def _take_records(self) -> None:
        while True:
            try:
                async with asyncio.timeout_at(self._conversation.get_timer()):
                    record = await self._client.receive_record()
            except TimeoutError:
                await self._carry_out(self._conversation.handle_timer(loop_time()))
                continue
            if record is None:
                return
            await self._take(record)

    async def _take(self, record: Record) -> None:
        now = loop_time()
        self._listening.observe(record, now)
        await self._carry_out(self._conversation.observe(record, now))
        self._on_record(record)
        self._moved.set()

    async def _carry_out(self, steps: Iterable[object]) -> None:
        for step in steps:
            match step:
                case SendText(text=text, kind=kind):
                    if self._client.takes_audio:
                        await self._client.send_text(text, kind=kind)
                case ChangeStream(reason=reason, within=within):
                    self._client.change_stream(reason, within=within)
                case Acknowledge(seconds=seconds):
                    self._client.acknowledge(seconds)
                case NoteSpeech(is_speaking=is_speaking):
                    self._client.note_speech(is_speaking)
                case LogLine(level=level, text=text):
                    logger.log(level, f"recorded: {text}")
                case _:
                    self._listening.take(step, loop_time())


async def _pieces(blocks: AsyncGenerator[bytes], size: int) -> AsyncGenerator[bytes]:
    async for block in blocks:
        for at in range(0, len(block), size):
            yield block[at : at + size]

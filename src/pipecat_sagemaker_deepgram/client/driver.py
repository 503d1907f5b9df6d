# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Does what a session asks for: opens, writes to and drops its streams, and runs its timer."""

import asyncio
from collections.abc import Callable

from loguru import logger

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.connector import Connector
from pipecat_sagemaker_deepgram.client.flag import Flag
from pipecat_sagemaker_deepgram.client.record_queue import RecordQueue
from pipecat_sagemaker_deepgram.client.records import Message, SessionEvent
from pipecat_sagemaker_deepgram.client.session.actions import (
    Action,
    DropStream,
    EndInput,
    OpenStream,
    Write,
)
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.client.stats import SessionStats, describe, details_of, log_fields
from pipecat_sagemaker_deepgram.client.stream_runner import StreamRunner

WRITE_PAUSE = 0.005
"""Seconds after a write during which audio waits for the event loop's next iteration, so that a
burst goes out in one piece; audio in real time arrives further apart."""

LONGEST_WAIT = 5.0
"""Seconds without any progress after which more audio is accepted, even if there is no room."""


class SessionDriver:
    """Runs one session on the event loop.

    Args:
        session: Decides what to do.
        connector: Opens streams.
        on_event: Called with every event, in order; ``None`` calls nothing.

    Attributes:
        records: What has happened, for the reader.
        stats: The session's counters.
        settled: Set unless an attempt to connect is under way or due.
        over: Set when the session is closed.
    """

    def __init__(
        self,
        session: Session,
        connector: Connector,
        on_event: Callable[[SessionEvent], None] | None,
    ) -> None:
        self._session = session
        self._connector = connector
        self._on_event = on_event
        self.records = RecordQueue()
        self.stats = SessionStats()
        self.settled = Flag()
        self.over = Flag()
        self._runners: dict[int, StreamRunner] = {}
        self._timer: asyncio.Handle | None = None
        self._timer_at = 0.0
        self._later: asyncio.Handle | None = None
        self._is_draining = False
        self._wrote_at = 0.0
        self._progressed = Flag()

    def append(self, audio: bytes) -> None:
        """Add audio, and write what is due."""
        now = loop_time()
        if not self._session.append(audio, now):
            self._arm_timer()
            return
        if now - self._wrote_at >= WRITE_PAUSE:
            self.drain(now)
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_soon(self.drain)

    def send(self, control: Control) -> None:
        """Add a control, and write what is due."""
        self._session.add_control(control)
        self.drain()

    def drain(self, now: float | None = None) -> None:
        """Do everything that the session asks for, and pass on what has happened.

        Args:
            now: The event loop's time, if it is known.
        """
        if self._is_draining:
            return  # The outer call continues until nothing is left to do.
        self._is_draining = True
        self._later = None
        try:
            self._drain(loop_time() if now is None else now)
        finally:
            self._is_draining = False

    async def wait_for_room(self) -> None:
        """Wait while the buffers are half full, as long as there is progress."""
        while self._session.feed.is_half_full and not self.over.is_set():
            self._progressed.clear()
            try:
                async with asyncio.timeout(LONGEST_WAIT):
                    await self._progressed.wait()
            except TimeoutError:
                return

    async def wait_for_streams(self) -> None:
        """Wait until no stream is left."""
        while self._runners:
            await asyncio.wait({runner.task for runner in self._runners.values()})

    def _drain(self, now: float) -> None:
        session = self._session
        while True:
            while (step := session.next(now)) is not None:
                if isinstance(step, Write):
                    self._write(step, now)
                else:
                    self._do(step)
            if not session.records:
                break
            self._pass_on_records()
            if self._on_event is None:
                break  # Nobody was called who could have asked for more.
        self._progressed.set()
        self._arm_timer()

    def _write(self, write: Write, now: float) -> None:
        """Write at once if that is possible without waiting, else in the stream's task."""
        runner = self._runners[write.stream]
        try:
            if runner.stream is None or not runner.stream.send_now(write.data, write.is_text):
                runner.write_later(write)
        except Exception as error:
            runner.fail(error)
            return
        self._wrote_at = now
        self.stats.bytes_sent += len(write.data)

    def _do(self, action: Action) -> None:
        match action:
            case OpenStream():
                self._open(action)
            case EndInput(stream=number):
                self._runners[number].end_input()
            case DropStream(stream=number) if number in self._runners:
                self._runners[number].drop()

    def _open(self, action: OpenStream) -> None:
        runner = StreamRunner(
            action, self._connector, self._session, on_change=self.drain, records=self.records
        )
        self._runners[action.stream] = runner
        runner.task.add_done_callback(lambda _: self._forget(action.stream))

    def _forget(self, number: int) -> None:
        """Forget a stream whose task is done; if everything is being cancelled, end the session."""
        if self._runners.pop(number).was_cancelled:
            self._session.abort()
            self.drain()

    def _pass_on_records(self) -> None:
        records = self._session.records
        has_event = False
        while records:
            record = records.popleft()
            self.records.put(record)
            if isinstance(record, Message):
                self.stats.messages_received += 1
            else:
                has_event = True
                self._pass_on(record)
        if has_event:
            self._follow_state()

    def _pass_on(self, event: SessionEvent) -> None:
        level, sentence = describe(event)
        logger.bind(**log_fields(event)).log(level, f"SageMaker session: {sentence}")
        if details := details_of(event):
            logger.trace(f"SageMaker session: the container wrote: {details}")
        self.stats.count(event)
        if self._on_event is not None:
            self._report(event, self._on_event)

    def _follow_state(self) -> None:
        """Release those who wait for the session, which may have changed with an event."""
        if self._session.is_settled:
            self.settled.set()
        else:
            self.settled.clear()
        if self._session.state.phase is Phase.CLOSED:
            self._end()

    def _report(self, event: SessionEvent, on_event: Callable[[SessionEvent], None]) -> None:
        try:
            on_event(event)
        except Exception:
            logger.exception(f"on_event failed on {type(event).__name__}")

    def _end(self) -> None:
        self.records.close()
        self.over.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm_timer(self) -> None:
        """Schedule ``_on_timer``; a timer that fires too early does no harm."""
        at = self._session.get_timer()
        if at is None or (self._timer is not None and self._timer_at <= at):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = asyncio.get_running_loop().call_at(at, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._session.handle_timer(loop_time())
        self.drain()

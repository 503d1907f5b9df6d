# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The output of one stream towards the client, and the effects of faults on it."""

import asyncio
from typing import Protocol

from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.records import StreamRecord
from pipecat_sagemaker_deepgram.emulator.stream.output import DelayLine, OutputShaper
from pipecat_sagemaker_deepgram.emulator.stream.parts import Part, encode_error, encode_exception

MOST_DELAYED = 4 * 1024 * 1024
"""Bytes of delayed output beyond which the container is not read."""


class OutputOwner(Protocol):
    """Is informed about the progress of the output."""

    def event_sent(self) -> None:
        """Called when an output event was sent."""

    def delayed_output_sent(self) -> None:
        """Called when delayed output was written; it has yet to be flushed."""


class ClientOutput:
    """Encodes parts and errors and writes them, delayed if a fault requires it."""

    def __init__(self, stream: ServerStream, record: StreamRecord, owner: OutputOwner) -> None:
        """Writes to a stream.

        Args:
            stream: The HTTP/2 stream.
            record: Where events are counted.
            owner: Is informed about the progress.
        """
        self.shaper = OutputShaper()
        self._delay = DelayLine()
        self._stream = stream
        self._record = record
        self._owner = owner
        self._is_over = False
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_congested(self) -> bool:
        """Whether so much is delayed that no more should be produced."""
        return self._delay.size > MOST_DELAYED

    def delay(self, seconds: float) -> None:
        """Delays all output from here on.

        Args:
            seconds: Real seconds.
        """
        self._delay.seconds = seconds

    def send_part(self, part: Part) -> None:
        """Sends a part; faults may split it into several events.

        Args:
            part: What to send.
        """
        for encoded in self.shaper.events(part):
            self.send_event(encoded)

    def send_event(self, encoded: bytes) -> None:
        """Sends an encoded event; dropped once the output is over.

        Args:
            encoded: The event.
        """
        if self._is_over:
            return
        self._record.events_out += 1
        self._write(encoded)
        self._owner.event_sent()

    def fail(self, kind: str, **members: str) -> None:
        """Sends a modelled error and ends the output.

        Args:
            kind: ``ModelStreamError`` or ``InternalStreamFailure``.
            **members: Its members.
        """
        self._send_last(encode_exception(kind, **members))

    def fail_unmodelled(self, code: str, message: str) -> None:
        """Sends an error that the service model does not have and ends the output.

        Args:
            code: ``:error-code``.
            message: ``:error-message``.
        """
        self._send_last(encode_error(code, message))

    def end(self) -> None:
        """Sends END_STREAM after all output."""
        if self._is_over:
            return
        self._is_over = True
        self._write(None)

    def discard(self) -> None:
        """Drops delayed output: the stream is closed."""
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()

    def _send_last(self, encoded: bytes) -> None:
        if not self._is_over:
            self._record.events_out += 1
            self._write(encoded)
            self.end()

    def _write(self, data: bytes | None) -> None:
        if self._delay.is_active:
            self._delay.add(data, self._loop.time())
            self._arm()
        else:
            self._write_now(data)

    def _write_now(self, data: bytes | None) -> None:
        if data is None:
            self._stream.end()
        else:
            self._stream.write(data)

    def _arm(self) -> None:
        due = self._delay.get_timer()
        if due is not None and self._timer is None:
            self._timer = self._loop.call_at(due, self._release)

    def _release(self) -> None:
        self._timer = None
        # A timer of the event loop may fire earlier by the resolution of its clock.
        for data in self._delay.due(self._loop.time() + 0.001):
            self._write_now(data)
        self._arm()
        self._owner.delayed_output_sent()

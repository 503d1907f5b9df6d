# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The limits of every stream: pings to the container, and the maximum duration.

AWS Developer Guide, "Use your own inference code with hosting services": a ping every 60 seconds,
and the connection is closed after 5 pongs missed in a row. "Invoke models for real-time inference":
up to 30 minutes of connection time. AWS does not document how the caller sees either.
"""

import asyncio
from typing import Protocol

from h2.errors import ErrorCodes

from pipecat_sagemaker_deepgram.emulator.http.connection import Connection
from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.settings import CapEnding, EmulatorSettings
from pipecat_sagemaker_deepgram.emulator.stream.client_output import ClientOutput


class LimitedStream(Protocol):
    """The stream that the limits apply to."""

    stream: ServerStream
    connection: Connection
    output: ClientOutput

    def ping_container(self) -> None:
        """Sends a ping."""

    def finish(self, how: str) -> None:
        """Ends the stream's record and WebSocket."""


class StreamLimits:
    """Pings the container of an open stream, and ends the stream at its maximum duration."""

    def __init__(self, target: LimitedStream, settings: EmulatorSettings) -> None:
        """Starts without timers.

        Args:
            target: The stream.
            settings: Intervals and switches.
        """
        self._target = target
        self._settings = settings
        self._unanswered = 0
        self._ping_timer: asyncio.TimerHandle | None = None
        self._cap_timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Starts the timers."""
        cap = self._settings.real(self._settings.max_connection_seconds)
        self._cap_timer = asyncio.get_running_loop().call_later(cap, self._end_by_cap)
        self._ping_later()

    def pong_received(self) -> None:
        """Resets the count of missed pongs."""
        self._unanswered = 0

    def stop_ping(self) -> None:
        """Stops pinging."""
        if self._ping_timer is not None:
            self._ping_timer.cancel()

    def stop(self) -> None:
        """Cancels both timers."""
        self.stop_ping()
        if self._cap_timer is not None:
            self._cap_timer.cancel()

    def _ping_later(self) -> None:
        interval = self._settings.real(self._settings.ping_interval)
        self._ping_timer = asyncio.get_running_loop().call_later(interval, self._ping)

    def _ping(self) -> None:
        if self._unanswered < self._settings.max_missed_pongs:
            self._unanswered += 1
            self._target.ping_container()
            self._ping_later()
            return
        message = f"The container missed {self._unanswered} pongs"
        self._end(self._settings.missed_pongs_ending, message, "StreamBroken")
        self._finish(f"missed pongs: {self._unanswered}")

    def _end_by_cap(self) -> None:
        message = "The stream reached the longest connection time"
        self._end(self._settings.cap_ending, message, "ModelInvocationTimeExceeded")
        self._finish(f"connection cap: {self._settings.cap_ending}")

    def _end(self, ending: CapEnding, message: str, code: str) -> None:
        match ending:
            case "model-stream-error":
                self._target.output.fail("ModelStreamError", Message=message, ErrorCode=code)
            case "end-stream":
                self._target.output.end()
            case "reset":
                self._target.stream.reset(ErrorCodes.INTERNAL_ERROR)

    def _finish(self, how: str) -> None:
        self._target.finish(how)
        self._target.connection.flush()

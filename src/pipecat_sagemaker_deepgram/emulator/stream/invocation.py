# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream of the endpoint: an HTTP/2 stream on one side, a WebSocket on the other.

Everything here happens in callbacks of the two sockets and in timers; one task opens the stream.
"""

import asyncio
from uuid import uuid4

from websockets.frames import Opcode

from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.faults.actions import Action, GoAway, Refuse
from pipecat_sagemaker_deepgram.emulator.faults.player import FaultPlayer
from pipecat_sagemaker_deepgram.emulator.faults.text import describe_action
from pipecat_sagemaker_deepgram.emulator.http.connection import Connection
from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest
from pipecat_sagemaker_deepgram.emulator.stream.client_input import ClientInput, InvalidInputError
from pipecat_sagemaker_deepgram.emulator.stream.client_output import ClientOutput
from pipecat_sagemaker_deepgram.emulator.stream.clock import StreamClock
from pipecat_sagemaker_deepgram.emulator.stream.container_link import ContainerLink
from pipecat_sagemaker_deepgram.emulator.stream.faults import end_after_cut, play
from pipecat_sagemaker_deepgram.emulator.stream.limits import StreamLimits
from pipecat_sagemaker_deepgram.emulator.stream.opening import (
    REQUEST_ID,
    first_obstacle,
    headers_of,
    new_link,
    open_link,
)
from pipecat_sagemaker_deepgram.emulator.stream.parts import InputFrames, OutputParts, Part
from pipecat_sagemaker_deepgram.emulator.stream.request import InvocationRequest

_GOING_AWAY = 1001
_NORMAL_CLOSURE = 1000


class Invocation:
    """The exchange of one stream; ``start`` handles its request.

    Args:
        stream: The HTTP/2 stream.
        connection: The connection that carries it.
        endpoint: The state that all streams share.
        number: The stream's number.

    Attributes:
        output: The output towards the client.
    """

    def __init__(
        self, stream: ServerStream, connection: Connection, endpoint: EmulatedEndpoint, number: int
    ) -> None:
        self.stream = stream
        self.connection = connection
        self._endpoint = endpoint
        self._record = endpoint.record(number, connection.number)
        self.output = ClientOutput(stream, self._record, self)
        self._clock = StreamClock(endpoint.settings)
        self._limits = StreamLimits(self, endpoint.settings)
        self._player = FaultPlayer(endpoint.faults, number)
        self._unsubscribe = endpoint.faults.subscribe(self._script_changed)
        self._input: ClientInput | None = None
        self._input_frames = InputFrames()
        self._output_parts = OutputParts()
        self._link: ContainerLink | None = None
        self._opening: asyncio.Task[None] | None = None
        self._backlog = bytearray()
        self._input_over = False
        self._has_stopped_reading = False
        self._client_paused = False

    # Opening the stream

    def start(self, request: SignedRequest) -> None:
        """Checks the request and begins to open the stream.

        Args:
            request: The opening request.
        """
        try:
            self._input, invocation = self._endpoint.admit(request, self._endpoint.now())
        except ErrorAnswer as answer:
            self._refuse(answer)
            return
        record = self._record
        record.endpoint_name, record.variant = invocation.endpoint, invocation.variant
        record.path, record.query = invocation.path, invocation.query
        self.stream.hold_input()
        self._opening = self._endpoint.spawn(self._open(invocation))

    async def _open(self, request: InvocationRequest) -> None:
        fault = await first_obstacle(self._player, self._endpoint.settings)
        if fault is not None:
            self._stop_at(fault, request)
        else:
            self._link = new_link(request, self, self._endpoint)
            reason = await open_link(self._link, self._endpoint)
            if reason is None:
                return
            self._record.container_reason = reason
            self._refuse(self._endpoint.container_refused(request))
        self.connection.flush()

    def _stop_at(self, fault: Action, request: InvocationRequest) -> None:
        match fault:
            case Refuse():
                answer = self._endpoint.scripted_refusal(fault, request)
                answer.retry_after = self._player.retry_after
                self._refuse(answer)
            case GoAway(error):
                self.connection.go_away(max(self.stream.id - 2, 0), error)
                self.finish(f"fault: {describe_action(fault)}")
                self.connection.close()

    def _refuse(self, answer: ErrorAnswer) -> None:
        self._note_answer(answer.status)
        headers = [*answer.headers(), (REQUEST_ID, self._record.request_id)]
        self.stream.respond(answer.status, headers, body=answer.body())
        self.finish(f"refused: {answer.status} {answer.code}")

    def _note_answer(self, status: int) -> None:
        self._record.status = status
        self._record.request_id = str(uuid4())

    def container_opened(self) -> None:
        """Answers 200 and forwards the input received so far."""
        if self.has_ended:
            return
        self._note_answer(200)
        self.stream.respond(200, headers_of(self._record, self._endpoint.settings))
        self._limits.start()
        self._player.opened(self._clock.now())
        self._play_due()
        self._forward_backlog()
        self.input_paused(False)

    # Input, from the client to the container

    def data_received(self, data: bytes) -> None:
        """Forwards the parts that the bytes complete; before the 200 they are buffered."""
        if self._record.status is None:
            self._backlog += data
        elif not self.has_ended:
            self._forward(data)

    def input_ended(self) -> None:
        """Closes the WebSocket, as AWS documents for the end of the input."""
        if self._record.status is None:
            self._input_over = True
        elif not self.has_ended:
            self._forward(None)

    def _forward_backlog(self) -> None:
        data, self._backlog = bytes(self._backlog), bytearray()
        if data and not self.has_ended:
            self._forward(data)
        if self._input_over and not self.has_ended:
            self._forward(None)

    def _forward(self, data: bytes | None) -> None:
        assert self._input is not None
        try:
            if data is None:
                self._input.end()
                self._end_input()
            else:
                for part in self._input.feed(data, self._endpoint.now()):
                    self._take(part)
                    if self.has_ended:
                        return
        except InvalidInputError as error:
            self.output.fail_unmodelled(error.code, str(error))
            self.finish(f"invalid input: {error}")

    def _take(self, part: Part | None) -> None:
        if part is None:
            self._end_input()
            return
        self._record.events_in += 1
        if not part.is_text:
            self._record.audio_bytes_in += len(part.payload)
            self._player.audio_received(len(part.payload))
        elif self._player.watches_controls and (control := part.control_type):
            self._play(self._player.control_received(control))
        if not self.has_ended and self._link is not None:
            self._link.send(self._input_frames.opcode(part), part.payload, part.is_complete)
            self._play_due()

    def _end_input(self) -> None:
        if self._link is not None:
            self._link.close(_NORMAL_CLOSURE)

    def input_paused(self, paused: bool) -> None:
        """Holds the client's window while the container does not read."""
        if paused or self._has_stopped_reading:
            self.stream.hold_input()
        else:
            self.stream.release_input()
        self.connection.flush()

    def delay_output(self, seconds: float) -> None:
        """Delays all output from here on.

        Args:
            seconds: Emulated seconds.
        """
        self.output.delay(self._endpoint.settings.real(seconds))

    def stop_reading(self) -> None:
        """Never reopens the client's window, and stops reading from the connection."""
        self._has_stopped_reading = True
        self.stream.hold_input()
        self.connection.pause_reading()

    # Output, from the container to the client

    def frame_received(self, opcode: Opcode, payload: bytes, is_final: bool) -> None:
        """Forwards a frame as one part."""
        part = self._output_parts.part(opcode, payload, is_final)
        if not (self.has_ended or self.output.shaper.silent):
            self.output.send_part(part)

    def frames_ended(self) -> None:
        """Writes the output of the frames of one read."""
        self.connection.flush()
        self._balance_output()

    def pong_received(self) -> None:
        """The container answered a ping."""
        self._limits.pong_received()

    def container_closed(self, code: int, reason: str) -> None:
        """Ends the stream, cleanly or with the close as an error."""
        self._limits.stop_ping()
        if self.has_ended or self.output.shaper.silent:
            return
        if code in self._endpoint.settings.clean_close_codes:
            self.output.end()
        else:
            self.output.fail("ModelStreamError", Message=reason, ErrorCode=str(code))
        self.finish(f"container closed: {code}")

    def event_sent(self) -> None:
        """Plays the faults that an output event triggers."""
        if cut := self.output.shaper.was_cut:
            end_after_cut(cut, self)
        else:
            self._player.event_sent()
            self._play_due()

    def delayed_output_sent(self) -> None:
        """Writes delayed output to the socket."""
        self.connection.flush()
        self._balance_output()

    def output_paused(self, paused: bool) -> None:
        """Stops reading the container while the client does not read."""
        self._client_paused = paused
        self._balance_output()

    def _balance_output(self) -> None:
        if self._link is not None:
            self._link.pause_output(self._client_paused or self.output.is_congested)

    # Faults

    def _script_changed(self) -> None:
        self._player.script_changed()
        self._play_due()
        self.connection.flush()

    def _play_due(self) -> None:
        if self._player.is_waiting:
            self._play(self._player.due(self._clock.now()))
            if not self.has_ended:
                self._clock.call_at(self._player.get_timer(), self._script_changed)

    def _play(self, due: list[Action]) -> None:
        for action in due:
            if not self.has_ended:
                play(action, self)

    def ping_container(self) -> None:
        """Sends a WebSocket ping."""
        if self._link is not None:
            self._link.ping()

    # The end

    @property
    def has_ended(self) -> bool:
        """Whether nothing is forwarded any more."""
        return self._record.ended is not None

    def stream_lost(self, reason: str) -> None:
        """Ends a stream whose client has disconnected."""
        self.output.discard()
        self.finish(reason)

    def finish(self, how: str) -> None:
        """Ends the record, the timers and the WebSocket; output may still be waiting to be sent.

        Args:
            how: How it ended, for the record.
        """
        if self.has_ended:
            return
        self._endpoint.end(self._record, how)
        self._unsubscribe()
        self._clock.stop()
        self._limits.stop()
        self._backlog.clear()
        if self._opening is not None and self._record.status is None:
            self._opening.cancel()
        if self._link is not None:
            self._link.close(_GOING_AWAY)

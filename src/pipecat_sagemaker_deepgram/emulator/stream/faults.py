# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Plays the scripted actions of an open stream."""

from typing import Protocol

from h2.errors import ErrorCodes

from pipecat_sagemaker_deepgram.emulator.faults.actions import (
    Action,
    CorruptChecksum,
    CutEvent,
    DelayOutput,
    DropConnection,
    EndStream,
    FragmentOutput,
    GoAway,
    InjectBig,
    InjectMalformed,
    InjectText,
    InjectUnknownEvent,
    ResetStream,
    SendInternalStreamFailure,
    SendModelStreamError,
    SendUnmodelledError,
    Silence,
    StopReading,
)
from pipecat_sagemaker_deepgram.emulator.faults.text import describe_action
from pipecat_sagemaker_deepgram.emulator.http.connection import Connection
from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.stream.client_output import ClientOutput
from pipecat_sagemaker_deepgram.emulator.stream.output import (
    UNKNOWN_EVENT_TYPE,
    big_part,
    malformed_part,
)
from pipecat_sagemaker_deepgram.emulator.stream.parts import Part, encode_unknown_event


class FaultyStream(Protocol):
    """The stream that actions are played on."""

    stream: ServerStream
    connection: Connection
    output: ClientOutput

    def delay_output(self, seconds: float) -> None:
        """Delays all output from here on, by emulated seconds."""

    def stop_reading(self) -> None:
        """Stops reading input."""

    def finish(self, how: str) -> None:
        """Ends the stream's record and WebSocket."""


def play(action: Action, target: FaultyStream) -> None:
    """Plays one action; the caller flushes its output.

    Args:
        action: The action of a fault that is due.
        target: An open stream.
    """
    match action:
        case InjectText(text):
            target.output.send_part(Part(text.encode(), is_text=True))
        case InjectMalformed():
            target.output.send_part(malformed_part(action))
        case InjectBig():
            target.output.send_part(big_part(action))
        case InjectUnknownEvent():
            target.output.send_event(encode_unknown_event(UNKNOWN_EVENT_TYPE))
        case DelayOutput(seconds):
            target.delay_output(seconds)
        case StopReading():
            target.stop_reading()
        case CorruptChecksum() | CutEvent() | Silence() | FragmentOutput():
            target.output.shaper.alter(action)
        case GoAway(ErrorCodes.NO_ERROR):
            target.connection.go_away(target.stream.id, ErrorCodes.NO_ERROR)
        case _:
            _end(action, target)


def end_after_cut(cut: CutEvent, target: FaultyStream) -> None:
    """Ends a stream whose last event was cut.

    Args:
        cut: The fault.
        target: The stream.
    """
    if cut.then == "end":
        target.output.end()
    target.finish(f"fault: {describe_action(cut)}")
    if cut.then == "drop":
        target.connection.close()


def _end(action: Action, target: FaultyStream) -> None:
    output, how = target.output, f"fault: {describe_action(action)}"
    match action:
        case ResetStream(error):
            target.stream.reset(error)
        case EndStream():
            output.end()
        case SendModelStreamError(code, message):
            output.fail("ModelStreamError", Message=message, ErrorCode=code)
        case SendInternalStreamFailure(message):
            output.fail("InternalStreamFailure", Message=message)
        case SendUnmodelledError(code, message):
            output.fail_unmodelled(code, message)
        case GoAway(error):
            target.connection.go_away(target.stream.id, error)
            target.connection.close()
        case DropConnection():
            target.connection.abort(how)
    target.finish(how)

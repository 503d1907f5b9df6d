# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client needs to know about the container it talks to. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline


class Reading(Struct, frozen=True, kw_only=True):
    """What one message of the container means for the session.

    Attributes:
        value: The message in the caller's own form, passed on with it; ``None`` by default.
        acknowledged_to: Seconds of the stream's audio up to which the container's answers are
            final; ``None`` (the default) if the message does not say.
        heard_to: Seconds of the stream's audio that the container says it has processed; ``None``
            (the default) if the message does not say. A stream whose container has processed
            anything has proved that it works.
        is_ready: Whether the container reports that it is ready; false by default.
        is_last: Whether the answers are complete if the stream ends here: those to the audio
            before ``heard_to``, or to all audio if that is ``None``; false by default.
        is_idle: Whether the container reports a pause, in which another stream can take over
            without cutting a word; true by default.
        is_silence: Whether it reports that a piece of audio contained no speech; false by default.
        failure: Why the message means that the stream has failed, in this package's own words;
            empty (the default) if it does not.
        details: What the container wrote about the failure; empty by default.
        is_delivered: Whether the message is passed on; true by default.
        keeps_all: Whether a stream that replaces this one is sent all unacknowledged audio,
            however long, because the container is in the middle of something; false by default.
    """

    value: Any = None
    acknowledged_to: float | None = None
    heard_to: float | None = None
    is_ready: bool = False
    is_last: bool = False
    is_idle: bool = True
    is_silence: bool = False
    failure: str = ""
    details: str = ""
    is_delivered: bool = True
    keeps_all: bool = False


type Reader = Callable[[str | bytes], Reading]
"""Reads one stream's messages, in order; it may keep state."""


@dataclass(frozen=True, kw_only=True)
class Keepalive:
    """What keeps a stream alive while nothing else is written to it.

    Attributes:
        interval: Seconds without a write after which it is sent.
        text: The message to send; ``None`` (the default) sends silence.
        silence_seconds: Length of that silence; 0 (the default) is one sample frame.
        first_audio_within: Seconds from opening within which the container must get audio,
            silence if need be; ``None`` (the default) if it need not.
    """

    interval: float
    text: str | None = None
    silence_seconds: float = 0.0
    first_audio_within: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewStream:
    """A stream that is about to get the audio.

    Attributes:
        number: Its number, from 1.
        target: Its target.
        is_fresh: Whether no stream before it has left anything unfinished, so that no word is
            lost if this one is refused because of its greeting.
    """

    number: int
    target: Target
    is_fresh: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Greeting:
    """What is sent on a stream before any audio.

    Attributes:
        text: A text message, never sent again; empty (the default) for none.
        forgets: Kinds of controls that must not be sent to this stream or any later one, although
            no stream has answered them; none by default.
    """

    text: str = ""
    forgets: tuple[str, ...] = ()


def _no_greeting(stream: NewStream) -> Greeting:
    return Greeting()


def _as_it_is(value: Any, timeline: StreamTimeline) -> Any:
    return value


def _new_reader() -> Reader:
    return lambda data: Reading(value=data)


@dataclass(frozen=True, kw_only=True)
class StreamProtocol:
    """What the client needs to know about the container's protocol.

    The defaults suit any container: no audio clock, no replay, no keepalive.

    Attributes:
        invocation_path: Path on the container, without a leading slash.
        query: Returns the query string; called for every stream.
        bytes_per_second: Returns the bytes of one second of the audio passed to the client; 32000
            by default.
        frame_size: Bytes of one sample frame; 2 by default.
        encode: Converts audio, in whole sample frames, to what is sent; ``None`` (the default)
            sends it as it is. Injected silence is zero bytes, encoded like all other audio.
        new_reader: Makes what reads a new stream's messages.
        in_session_time: Moves the times of a ``Reading.value`` from the stream's clock to the
            session's; called once for each message that is passed on, in order.
        greeting: Returns what a new stream is sent before any audio; called when it takes over.
        ends_session: Whether the session is over when the container ends a stream properly. If
            not (the default), such an end is a loss unless the session is closing.
        waits_for_ready: Whether the container reports that it is ready, as ``Reading.is_ready``;
            false by default.
        keepalive: What keeps a quiet stream alive; ``None`` (the default) for nothing.
        close_payload: Text that asks the container to answer what it still holds and then to end
            the stream; ``None`` (the default) if ending the input does that.
        closing_silence: Seconds of silence that are sent between the last audio and
            ``close_payload``, for a container that reports positions before it has transcribed
            the audio up to them, or reports none at the very end of the audio; 0 by default.
        says_last: Whether the container reports when it has answered everything, by
            ``Reading.is_last`` or ``acknowledged_to``, so that a stream that ends before then
            counts as lost; false by default.
        stall_probe: Returns the text that asks a silent container for a sign of life while no one
            is speaking; called for every stream, ``None`` for no such text.
        answers_every: Seconds of audio of any kind after which the container always reports a
            position, as ``Reading.heard_to``; ``None`` (the default) if it need not.
        answers_speech: Returns whether the container of the next stream reports a position at
            least every few seconds while someone is speaking.
        max_message_bytes: Most bytes of a message; a longer one is skipped and reported. ``None``
            (the default) reads all messages.
        replays: Whether audio is kept for a replay until a reading acknowledges it; false by
            default. Only then are answers expected, and a stream without them counts as stalled.
    """

    invocation_path: str = ""
    query: Callable[[], str] = lambda: ""
    bytes_per_second: Callable[[], int] = lambda: 32_000
    frame_size: int = 2
    encode: Callable[[bytes], bytes] | None = None
    new_reader: Callable[[], Reader] = _new_reader
    in_session_time: Callable[[Any, StreamTimeline], Any] = _as_it_is
    greeting: Callable[[NewStream], Greeting] = _no_greeting
    ends_session: bool = False
    waits_for_ready: bool = False
    keepalive: Keepalive | None = None
    close_payload: str | None = None
    closing_silence: float = 0.0
    says_last: bool = False
    stall_probe: Callable[[], str | None] = lambda: None
    answers_every: float | None = None
    answers_speech: Callable[[], bool] = lambda: False
    max_message_bytes: int | None = None
    replays: bool = False

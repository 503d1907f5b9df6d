# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client has to know of the container it talks to. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one message of the container means for the session.

    Attributes:
        value: The message in the caller's own form, handed on with it.
        acknowledged_to: Seconds of the stream's audio up to which nothing will be said again.
        heard_to: Seconds of the stream's audio that the container says it has listened to;
            ``None`` where the message does not tell. A stream whose container has listened to
            anything has proved itself.
        is_ready: Whether the container says here that it is ready.
        is_last: Whether nothing of the audio before ``heard_to``, or of any where that is not
            told, is left to be said, should the stream end here.
        is_idle: Whether the container reports a pause, in which another stream can take over
            without cutting a word.
        is_silence: Whether it reports that a piece of audio held no speech.
        failure: Why the message means that the stream has failed; empty when it does not. It
            quotes nothing of what the container wrote in its own words.
        details: What it wrote about that.
        is_delivered: Whether the message is handed on.
        keeps_all: Whether a stream that replaces this one is to be given everything that is not
            acknowledged, however long, because the container is in the middle of something.
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
"""Reads one stream's messages, in order; it may remember."""


@dataclass(frozen=True, kw_only=True)
class Keepalive:
    """What keeps a stream alive on which nothing is written.

    Attributes:
        interval: Seconds without a write after which something is.
        text: A message that does; ``None`` sends silence.
        silence_seconds: Length of that silence.
        first_audio_within: Seconds from opening within which the container wants audio,
            silence if need be; ``None`` when it does not.
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
        target: Where it goes.
        is_fresh: Whether no stream before it has left anything unfinished, so that no word is
            lost if this one is refused over its greeting.
    """

    number: int
    target: Target
    is_fresh: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Greeting:
    """What a stream gets before any audio.

    Attributes:
        text: A text message; empty for none. It is never sent again.
        forgets: Kinds of the controls that are not to be sent to this stream, nor to any after
            it, though no stream has answered them.
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
    """What the client needs to know of the container's protocol.

    The defaults suit any container: no audio clock, no replay, no keepalive.

    Attributes:
        invocation_path: Path on the container, without a leading slash.
        query: Gives the query string; asked for every stream.
        bytes_per_second: Gives the bytes of one second of audio, as it is given to the client.
        frame_size: Bytes of one sample frame.
        encode: Turns audio, in whole sample frames, into what goes out; ``None`` sends it as it
            is. Zero bytes, encoded as all else, are the silence that is injected.
        new_reader: Makes what reads a new stream's messages.
        in_session_time: Moves the times of a ``Reading.value`` from the stream's clock to the
            session's; called once for each message that is handed on, in order.
        greeting: Gives what a new stream gets before any audio; asked when it takes over.
        ends_session: Whether the session is over when the container ends a stream properly;
            otherwise such an end is a loss, unless the session is closing.
        waits_for_ready: Whether the container says when it is ready, as ``Reading.is_ready``.
        keepalive: What keeps a quiet stream alive.
        close_payload: Text that asks the container to answer what it still holds and then end
            the stream; ``None`` when ending the input does that.
        closing_silence: Seconds of silence that go out between the last audio and
            ``close_payload``, for a container that reports positions before it understands what
            was said up to there, or none at the very end of what it was sent.
        says_last: Whether the container reports when it has answered everything, by
            ``Reading.is_last`` or ``acknowledged_to``; a stream that ends before was lost.
        stall_probe: Gives the text that asks a stream that reports nothing for a sign of life,
            while nobody speaks; asked for every stream, ``None`` for no such text.
        answers_every: Seconds of audio, of any kind, that the container never takes without
            reporting a position, as ``Reading.heard_to``; ``None`` where it need not.
        answers_speech: Tells whether the container of the next stream reports a position at
            least every few seconds while somebody speaks.
        max_message_bytes: Most bytes of a message that is read; a longer one is left out, and
            reported. ``None`` reads all that come.
        replays: Whether audio is kept for a replay until a reading acknowledges it. Only then
            is an answer expected, and a stream without one called stalled.
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

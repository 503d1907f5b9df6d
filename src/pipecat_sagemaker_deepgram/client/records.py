# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's records: the container's messages and the session's own events, in order. Pure.

Events are named in the past tense. Each stands where it happened: after the messages that came
before it, and before those that came after.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import Struct

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamIdentity

type LossReason = Literal[
    "replay_limit", "buffer_limit", "gave_up", "closed", "unread", "message_too_large"
]
"""Why audio will not be transcribed, or a transcript will not be received.

- ``replay_limit``: a lost stream had received more audio than is kept for a replay.
- ``buffer_limit``: more audio was waiting to be sent than is kept.
- ``gave_up``: recovery had failed.
- ``closed``: the session ended before the container had answered the audio.
- ``unread``: the session ended while nobody was receiving its messages.
- ``message_too_large``: a message from the container was too large to be read.
"""

type ChangeReason = Literal["rotation", "settings", "requested", "goaway"]
"""Why a working stream is replaced by another.

- ``rotation``: it has reached the age at which streams are replaced.
- ``settings``: the next one has other settings.
- ``requested``: ``change_stream`` was called.
- ``goaway``: its peer has sent HTTP/2 GOAWAY, but still serves it.
"""


class Message(Struct, frozen=True):
    """A message from the container, as the session passes it on.

    Attributes:
        data: The whole message.
        value: What the protocol's reader made of it, in session time where the protocol has
            ``in_session_time``.
        stream: Number of the stream it came on, from 1.
        timeline: Maps the stream's seconds to the session's.
    """

    data: str | bytes
    value: Any
    stream: int
    timeline: StreamTimeline


@dataclass(frozen=True)
class Connecting:
    """An attempt to open a stream has begun.

    Attributes:
        stream: Number of the stream, from 1.
        target: The endpoint on which it is opened.
    """

    stream: int
    target: Target


@dataclass(frozen=True)
class Connected:
    """A stream is up and ready.

    Attributes:
        stream: Its number.
        identity: Its request id and variant.
        connect_seconds: Time from the start of the attempt until the stream was ready.
        replayed_seconds: Seconds of audio that an earlier stream received and that is sent again.
        is_first: Whether it is the session's first stream.
        greeting: The text that was sent to it before any audio; empty (the default) for none.
        outage_seconds: Seconds without a stream: from the loss of the last one, or from the start
            of the first attempt if that failed; 0 (the default) if nothing had failed.
        dropped_seconds: Seconds of audio that were dropped during that time, as reported by
            ``AudioDropped``; 0 by default.
    """

    stream: int
    identity: StreamIdentity
    connect_seconds: float
    replayed_seconds: float
    is_first: bool
    greeting: str = ""
    outage_seconds: float = 0.0
    dropped_seconds: float = 0.0


@dataclass(frozen=True)
class Lost:
    """A stream that was up has failed.

    Attributes:
        stream: Its number.
        cause: Why.
    """

    stream: int
    cause: SageMakerDeepgramError


@dataclass(frozen=True)
class AttemptFailed:
    """A stream could not be opened.

    Attributes:
        stream: Its number.
        cause: Why.
    """

    stream: int
    cause: SageMakerDeepgramError


@dataclass(frozen=True)
class RetryScheduled:
    """Another attempt will be made.

    Attributes:
        attempt: Which retry it is, from 1.
        delay: Seconds until then.
        cause: What made it necessary.
    """

    attempt: int
    delay: float
    cause: SageMakerDeepgramError


@dataclass(frozen=True)
class FailedOver:
    """The session has switched to another target.

    Attributes:
        target: The target that it uses from here on.
    """

    target: Target


@dataclass(frozen=True)
class StreamChanged:
    """Another stream has taken over without a loss.

    Attributes:
        stream: Number of the new stream.
        reason: Why.
        replayed_seconds: Seconds of audio that an earlier stream received and that is sent again.
        greeting: The text that was sent to it before any audio; empty (the default) for none.
        identity: Its request id and variant.
    """

    stream: int
    reason: ChangeReason
    replayed_seconds: float
    greeting: str = ""
    identity: StreamIdentity = field(default_factory=StreamIdentity)


@dataclass(frozen=True)
class ChangeRefused:
    """A successor could not be opened, so the stream in use stays.

    Attributes:
        reason: Why a successor was wanted.
        cause: Why it could not be opened.
    """

    reason: ChangeReason
    cause: SageMakerDeepgramError


@dataclass(frozen=True)
class ControlSent:
    """A control has been passed to a stream for writing, after all the audio before it.

    Attributes:
        stream: Number of the stream.
        kind: The control's kind; controls without a kind are not reported.
    """

    stream: int
    kind: str


@dataclass(frozen=True)
class SilenceSent:
    """Silence, which is not part of the session's audio, has been passed to a stream for writing.

    Attributes:
        stream: Number of the stream.
        seconds: The length of the silence.
    """

    stream: int
    seconds: float


@dataclass(frozen=True)
class AudioDropped:
    """Audio was lost; reported once per outage, for each skipped message, and at the end.

    Attributes:
        seconds: How much was lost since the last report; 0 if that is unknown, as for a message
            that was not read.
        reason: Why.
    """

    seconds: float
    reason: LossReason


@dataclass(frozen=True)
class ContainerSlow:
    """The container processes audio slower than it arrives; reported once per session.

    Attributes:
        stream: Number of the stream.
        seconds_behind: Seconds of audio that it has received but not processed.
    """

    stream: int
    seconds_behind: float


@dataclass(frozen=True)
class GivenUp:
    """Recovery has failed.

    Attributes:
        cause: The last failure.
        lost_seconds: Seconds of audio that will not be transcribed, as reported by
            ``AudioDropped``.
    """

    cause: SageMakerDeepgramError
    lost_seconds: float


@dataclass(frozen=True)
class Closed:
    """The session is over.

    Attributes:
        lost_seconds: Seconds of audio that the container did not answer, as reported by
            ``AudioDropped``.
    """

    lost_seconds: float


type SessionEvent = (
    Connecting
    | Connected
    | Lost
    | AttemptFailed
    | RetryScheduled
    | FailedOver
    | StreamChanged
    | ChangeRefused
    | ControlSent
    | SilenceSent
    | AudioDropped
    | ContainerSlow
    | GivenUp
    | Closed
)

type Record = Message | SessionEvent
"""What a session passes on, in the order in which it happened."""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's records: the container's messages and the session's own events, in order. Pure.

An event is named in the past tense. It stands where it happened: behind the messages that came
before it and before those that came after.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamIdentity

type LossReason = Literal[
    "replay_limit", "buffer_limit", "gave_up", "closed", "unread", "message_too_large"
]
"""Why audio will not be transcribed, or a transcript not be received.

- ``replay_limit``: a lost stream had been sent more than is kept for a replay.
- ``buffer_limit``: more waited to be sent than is kept.
- ``gave_up``: recovery had failed.
- ``closed``: the session ended before it was answered.
- ``unread``: the session ended while nobody took its messages.
- ``message_too_large``: a message of the container was too large to be read.
"""

type ChangeReason = Literal["rotation", "settings", "requested", "goaway"]
"""Why a stream that works is replaced by another.

- ``rotation``: it has reached the age at which streams are replaced.
- ``settings``: the next one has other settings.
- ``requested``: somebody has asked for it.
- ``goaway``: its peer is about to go away, and still serves it.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the container, as the session hands it on.

    Attributes:
        data: The message, whole.
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
        target: Where to.
    """

    stream: int
    target: Target


@dataclass(frozen=True)
class Connected:
    """A stream is up and ready.

    Attributes:
        stream: Its number.
        identity: Its request id and variant.
        connect_seconds: From the attempt's beginning to readiness.
        replayed_seconds: Audio that had been sent before and is sent again.
        is_first: Whether it is the session's first.
        greeting: The text that the protocol had it sent before any audio; empty for none.
        outage_seconds: Without a stream: from the loss of the last one, or from the beginning of
            the first attempt where that failed; 0 where nothing had.
        dropped_seconds: Audio that was let go meanwhile; ``AudioDropped`` has reported it.
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
    """The session has turned to another target.

    Attributes:
        target: The one it uses from here on.
    """

    target: Target


@dataclass(frozen=True)
class StreamChanged:
    """Another stream has taken over without a loss.

    Attributes:
        stream: Number of the one that has.
        reason: Why.
        replayed_seconds: Audio that had been sent before and is sent again.
        greeting: The text that the protocol had it sent before any audio; empty for none.
        identity: Its request id and variant.
    """

    stream: int
    reason: ChangeReason
    replayed_seconds: float
    greeting: str = ""
    identity: StreamIdentity = field(default_factory=StreamIdentity)


@dataclass(frozen=True)
class ChangeRefused:
    """A successor could not be opened; the stream in use stays.

    Attributes:
        reason: What the successor was for.
        cause: Why it could not be opened.
    """

    reason: ChangeReason
    cause: SageMakerDeepgramError


@dataclass(frozen=True)
class ControlSent:
    """A control has been given to a stream to write, with all the audio before it.

    Attributes:
        stream: Number of the stream.
        kind: The control's kind; one without a kind is not told.
    """

    stream: int
    kind: str


@dataclass(frozen=True)
class SilenceSent:
    """Silence has been given to a stream to write, which is no audio of the session's.

    Attributes:
        stream: Number of the stream.
        seconds: Its length.
    """

    stream: int
    seconds: float


@dataclass(frozen=True)
class AudioDropped:
    """Audio is lost; reported once an outage, for each message that is left out, and at the end.

    Attributes:
        seconds: How much, since it was last reported; 0 where nobody can say, as of a message
            that was not read.
        reason: Why.
    """

    seconds: float
    reason: LossReason


@dataclass(frozen=True)
class ContainerSlow:
    """The container listens slower than audio comes; reported once a session.

    Attributes:
        stream: Number of the stream.
        seconds_behind: Seconds of audio that it was sent and has not listened to.
    """

    stream: int
    seconds_behind: float


@dataclass(frozen=True)
class GivenUp:
    """Recovery has failed.

    Attributes:
        cause: The last failure.
        lost_seconds: Audio that was given and will not be transcribed; ``AudioDropped`` has
            reported it.
    """

    cause: SageMakerDeepgramError
    lost_seconds: float


@dataclass(frozen=True)
class Closed:
    """The session is over.

    Attributes:
        lost_seconds: Audio that was given and not answered for; ``AudioDropped`` has reported
            it.
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
"""What a session hands on, in the order in which it happened."""

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The things that can go wrong on a stream. Pure data; ``script`` says when they happen."""

from dataclasses import dataclass
from typing import Literal

from h2.errors import ErrorCodes


@dataclass(frozen=True)
class RefuseConnection:
    """The TCP connection is accepted and reset at once."""


@dataclass(frozen=True)
class StallHandshake:
    """The TCP connection is accepted; the TLS handshake never starts."""


@dataclass(frozen=True)
class NeverAnswer:
    """The request is accepted, but no response headers are sent."""


@dataclass(frozen=True)
class Refuse:
    """The request is answered with an error.

    Attributes:
        status: The HTTP status.
        code: The AWS error code, None for the usual one of the status.
        message: The sentence in the body, None for a usual one.
    """

    status: int
    code: str | None = None
    message: str | None = None

    def __post_init__(self) -> None:
        """Checks that the status is one of an error.

        Raises:
            ValueError: The status is not from 400 to 599, or the code is not valid in a header.
        """
        if not 400 <= self.status <= 599:
            raise ValueError(
                f"the status {self.status} is not an error; it must be from 400 to 599"
            )
        if self.code is not None and not (self.code.isascii() and self.code.isalnum()):
            raise ValueError(f"the AWS error code {self.code!r} must be letters and digits only")


@dataclass(frozen=True)
class RetryAfter:
    """A refusal of the request also carries the header ``Retry-After``.

    Attributes:
        seconds: Value of the header, in real seconds.
    """

    seconds: int


@dataclass(frozen=True)
class AnswerLate:
    """The request is handled only after a while.

    Attributes:
        seconds: Emulated seconds to wait.
    """

    seconds: float


@dataclass(frozen=True)
class GoAway:
    """The connection sends GOAWAY.

    At connect the request counts as not processed and the connection is closed. On an open stream
    GOAWAY names that stream as the last one; with NO_ERROR the stream goes on, with any other code
    the connection is closed right after.

    Attributes:
        error: The HTTP/2 error code.
    """

    error: ErrorCodes = ErrorCodes.NO_ERROR


@dataclass(frozen=True)
class ResetStream:
    """RST_STREAM.

    Attributes:
        error: The HTTP/2 error code.
    """

    error: ErrorCodes = ErrorCodes.INTERNAL_ERROR


@dataclass(frozen=True)
class DropConnection:
    """The TCP connection is reset, with every stream on it."""


@dataclass(frozen=True)
class EndStream:
    """END_STREAM, although the client has not ended its input."""


@dataclass(frozen=True)
class SendModelStreamError:
    """A ``ModelStreamError`` event, then END_STREAM.

    Attributes:
        code: ``ErrorCode``.
        message: ``Message``.
    """

    code: str = "StreamBroken"
    message: str = "Input stream broken"


@dataclass(frozen=True)
class SendInternalStreamFailure:
    """An ``InternalStreamFailure`` event, then END_STREAM.

    Attributes:
        message: ``Message``.
    """

    message: str = "Internal failure of the stream"


@dataclass(frozen=True)
class SendUnmodelledError:
    """An event of the message type ``error``, then END_STREAM.

    Attributes:
        code: ``:error-code``.
        message: ``:error-message``.
    """

    code: str = "InternalFailure"
    message: str = "An error that the service model does not have"


@dataclass(frozen=True)
class CorruptChecksum:
    """The next output event has a wrong message checksum."""


@dataclass(frozen=True)
class CutEvent:
    """Of the next output event only the first half is sent.

    Attributes:
        then: What follows: END_STREAM, or a reset of the TCP connection.
    """

    then: Literal["end", "drop"] = "end"


@dataclass(frozen=True)
class Silence:
    """Forwards nothing more from the container, not even its close. The stream stays open."""


@dataclass(frozen=True)
class StopReading:
    """No window is opened any more and nothing is read from the TCP connection."""


@dataclass(frozen=True)
class InjectText:
    """A text part as if the container had sent it.

    Attributes:
        text: The payload.
    """

    text: str


@dataclass(frozen=True)
class InjectMalformed:
    """A part that no container should send.

    Attributes:
        kind: Text that is not JSON, or binary.
    """

    kind: Literal["json", "binary"] = "json"


@dataclass(frozen=True)
class InjectBig:
    """A large, well-formed text message of an unknown type.

    Attributes:
        size: Bytes of payload.
    """

    size: int = 1024 * 1024


@dataclass(frozen=True)
class InjectUnknownEvent:
    """An event of a type that the service model does not have."""


@dataclass(frozen=True)
class FragmentOutput:
    """All later output is cut into PARTIAL parts.

    Attributes:
        size: Maximum bytes of a part.
        inside_characters: Whether to cut inside UTF-8 characters too, at least once if there is
            one of several bytes.
    """

    size: int = 16
    inside_characters: bool = False

    def __post_init__(self) -> None:
        """Refuses empty fragments.

        Raises:
            ValueError: The size is below 1.
        """
        if self.size < 1:
            raise ValueError(f"fragments of {self.size} bytes; it must be at least 1")


@dataclass(frozen=True)
class DelayOutput:
    """All later output, including its end, is delayed.

    Attributes:
        seconds: Emulated seconds.
    """

    seconds: float


type HandshakeAction = RefuseConnection | StallHandshake
type ConnectAction = HandshakeAction | NeverAnswer | Refuse | RetryAfter | AnswerLate | GoAway
type StreamAction = (
    ResetStream
    | DropConnection
    | GoAway
    | EndStream
    | SendModelStreamError
    | SendInternalStreamFailure
    | SendUnmodelledError
    | CorruptChecksum
    | CutEvent
    | Silence
    | StopReading
    | InjectText
    | InjectMalformed
    | InjectBig
    | InjectUnknownEvent
    | FragmentOutput
    | DelayOutput
)
type Action = ConnectAction | StreamAction

HANDSHAKE_ACTIONS = (RefuseConnection, StallHandshake)
"""Actions before TLS."""

CONNECT_ONLY_ACTIONS = (*HANDSHAKE_ACTIONS, NeverAnswer, Refuse, RetryAfter, AnswerLate)
"""Actions that can only happen while a stream is being opened; ``GoAway`` may happen then too."""

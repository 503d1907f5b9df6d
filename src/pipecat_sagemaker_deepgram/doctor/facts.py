# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The facts that the doctor gathers, without judgement. Pure.

A fact is ``None`` until it is gathered; then it is a value, a ``Failure``, or ``Skipped``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipecat_sagemaker_deepgram.doctor.account_facts import (
    ClockReading,
    Container,
    EndpointFacts,
    Identity,
    Keys,
    Place,
    Region,
    Simulation,
)
from pipecat_sagemaker_deepgram.doctor.candidates import Candidate
from pipecat_sagemaker_deepgram.doctor.failures import Fact, Failure, Skipped

# What the network shows


@dataclass(frozen=True, kw_only=True)
class Names:
    """The addresses of the host name.

    Attributes:
        addresses: The IP addresses, in the order in which they are tried.
    """

    addresses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TcpConnected:
    """A TCP connection was established.

    Attributes:
        peer: The address that accepted it.
        seconds: How long that took, in seconds.
    """

    peer: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Secured:
    """TLS and HTTP/2 were negotiated.

    Attributes:
        version: The TLS version.
        issuer: Issuer of the certificate.
        seconds: How long connecting took, in seconds, including name resolution and TCP.
    """

    version: str
    issuer: str
    seconds: float


# The responses of the endpoint and its container


@dataclass(frozen=True, kw_only=True)
class Opened:
    """SageMaker accepted a stream.

    Attributes:
        seconds: How long that took, in seconds, including name resolution.
        request_id: Request id of the response; may be empty.
        variant: The production variant that answered; may be empty.
    """

    seconds: float
    request_id: str = ""
    variant: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """The first response of a container on a new stream.

    Attributes:
        is_deepgram: Whether it was a Deepgram message for that path.
        model: The model it names; may be empty.
        error: Deepgram's own error; may be empty.
    """

    is_deepgram: bool
    model: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A stream that was tried.

    Attributes:
        candidate: The path and the parameters.
        opened: The acceptance, or why it was refused.
        said: The container's answer, or its absence; ``None`` if the stream was not accepted.
    """

    candidate: Candidate
    opened: Opened | Failure
    said: Said | Failure | None = None


class Support(StrEnum):
    """Whether a bundle supports a feature."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class HeardSpeech:
    """The result of a recording that was sent in real time. Times are in seconds.

    Attributes:
        text: The first final, or the last interim if there was none; may be empty.
        is_final: Whether the text is a final.
        first_words_delay: From sending audio to the first words recognised in it.
        final_delay: From the end of the last word to the final.
    """

    text: str
    is_final: bool = False
    first_words_delay: float | None = None
    final_delay: float | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All facts.

    Attributes:
        endpoint_name: The endpoint that is examined.
        now: When gathering began, as an aware datetime.
        region: The region.
        place: The address of the endpoint.
        keys: The credentials.
        identity: Whose they are.
        clock: The offset of this machine's clock.
        endpoint: The endpoint's description.
        neighbours: Names of existing endpoints, if this one was not found.
        container: What it runs.
        simulation: IAM's simulated decision.
        names: The addresses of the host name.
        tcp: Whether the port accepts connections.
        tls: Whether the certificate is trusted and HTTP/2 is supported.
        attempts: The streams that were tried.
        capabilities: The features of the bundle, by name.
        speech: What was recognised.
    """

    endpoint_name: str
    now: datetime
    region: Region | Failure
    place: Place | Failure
    keys: Keys | Failure | None = None
    identity: Fact[Identity] = None
    clock: Fact[ClockReading] = None
    endpoint: Fact[EndpointFacts] = None
    neighbours: Fact[tuple[str, ...]] = None
    container: Fact[Container] = None
    simulation: Fact[Simulation] = None
    names: Fact[Names] = None
    tcp: Fact[TcpConnected] = None
    tls: Fact[Secured] = None
    attempts: tuple[Attempt, ...] | Skipped | None = None
    capabilities: Mapping[str, Support] | Skipped | None = field(default=None)
    speech: Fact[HeardSpeech] = None

    def best(self) -> Attempt | None:
        """The attempt that got furthest; ``None`` if none was made."""
        if not isinstance(self.attempts, tuple) or not self.attempts:
            return None
        return max(self.attempts, key=lambda each: (_has_spoken(each), _is_open(each)))

    def refusal(self) -> Failure | None:
        """Why no stream was accepted; ``None`` if one was accepted or none was tried."""
        best = self.best()
        return best.opened if best and isinstance(best.opened, Failure) else None


def _is_open(attempt: Attempt) -> bool:
    return isinstance(attempt.opened, Opened)


def _has_spoken(attempt: Attempt) -> bool:
    return isinstance(attempt.said, Said)

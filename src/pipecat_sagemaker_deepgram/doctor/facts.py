# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What was seen, without judgement. Pure.

A fact is ``None`` until it is gathered; then it is what was seen, a ``Failure``, or ``Skipped``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipecat_sagemaker_deepgram.doctor.candidates import Candidate
from pipecat_sagemaker_deepgram.doctor.failures import Fact, Failure, Skipped

# What is asked for, and what this machine says


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the endpoint is reached.

    Parameters:
        host: Host of the endpoint.
        port: Its TCP port.
        proxy: ``host:port`` of the HTTP proxy on the way; empty for none.
    """

    host: str
    port: int
    proxy: str = ""


@dataclass(frozen=True, kw_only=True)
class Region:
    """The region that is used.

    Parameters:
        name: The region.
        source: Who says so, for example ``--region`` or ``AWS_REGION``.
        is_known: Whether botocore knows SageMaker there.
    """

    name: str
    source: str
    is_known: bool = True


@dataclass(frozen=True, kw_only=True)
class Keys:
    """AWS credentials, without what is secret of them.

    Parameters:
        source: Which provider found them, in botocore's words.
        key_hint: The access key's identifier, shortened.
        expires_at: When they run out, where that is known.
    """

    source: str
    key_hint: str
    expires_at: datetime | None = None


# What the control plane says


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whose credentials they are: STS ``GetCallerIdentity``.

    Parameters:
        arn: The principal.
        account: The account's number.
    """

    arn: str
    account: str


@dataclass(frozen=True, kw_only=True)
class ClockReading:
    """A service's clock beside this machine's.

    Parameters:
        offset: Seconds by which this machine is ahead of the service; negative when behind.
    """

    offset: float


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A production variant of the endpoint.

    Parameters:
        name: Its name.
        instances: Instances that serve; ``None`` when that is not told.
    """

    name: str
    instances: int | None = None


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """The endpoint: SageMaker ``DescribeEndpoint``.

    Parameters:
        arn: Its ARN.
        status: Its ``EndpointStatus``.
        failure_reason: Its ``FailureReason``; may be empty.
        variants: Its production variants.
        config_name: Its ``EndpointConfigName``.
    """

    arn: str
    status: str
    failure_reason: str = ""
    variants: tuple[Variant, ...] = ()
    config_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Container:
    """What the endpoint runs: SageMaker ``DescribeModel``, and the image's own configuration.

    Parameters:
        package: ARN of its model package; empty for an image.
        image: URI of its image; empty for a package, whose image is the seller's.
        label: What stands on the image's streaming label; empty for nothing, ``None`` when the
            image could not be read.
        why: Why the image could not be read; empty when it was.
    """

    package: str = ""
    image: str = ""
    label: str | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What IAM's ``SimulatePrincipalPolicy`` decided for opening a stream.

    Parameters:
        decision: ``allowed``, ``implicitDeny`` or ``explicitDeny``.
    """

    decision: str


# What the network says


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the host name means.

    Parameters:
        addresses: The IP addresses, in the order in which they are tried.
    """

    addresses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Connected:
    """A TCP connection was made.

    Parameters:
        peer: The address that took it.
        seconds: How long that took.
    """

    peer: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Secured:
    """TLS and HTTP/2 were agreed on.

    Parameters:
        version: The TLS version.
        issuer: Who signed the certificate.
        seconds: How long connecting took, name and TCP included.
    """

    version: str
    issuer: str
    seconds: float


# What the endpoint and its container say


@dataclass(frozen=True, kw_only=True)
class Opened:
    """SageMaker accepted a stream.

    Parameters:
        seconds: How long that took, from resolving the name on.
        request_id: Of the answer; may be empty.
        variant: The production variant that answered; may be empty.
    """

    seconds: float
    request_id: str = ""
    variant: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a container said on a fresh stream.

    Parameters:
        is_deepgram: Whether it was what Deepgram says on that path.
        model: The model it names; may be empty.
        error: Deepgram's own error; may be empty.
    """

    is_deepgram: bool
    model: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A stream that was tried.

    Parameters:
        candidate: What was asked for.
        opened: How it was accepted, or why not.
        said: What the container said, or that it did not; ``None`` when it was not accepted.
    """

    candidate: Candidate
    opened: Opened | Failure
    said: Said | Failure | None = None


class Answer(StrEnum):
    """Whether a bundle can do something."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Speech:
    """What came of a recording that was fed as fast as it was spoken. Times are seconds.

    Parameters:
        text: The first final, or the last interim when none came; empty for nothing.
        is_final: Whether the text is a final.
        first_words_delay: From when audio was sent to the first words heard in it.
        final_delay: From the end of the last word to the final.
    """

    text: str
    is_final: bool = False
    first_words_delay: float | None = None
    final_delay: float | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything there is to judge.

    Parameters:
        endpoint_name: The endpoint that is asked about.
        now: The time of day when gathering began, aware.
        region: The region.
        place: Where the endpoint is reached.
        keys: The credentials.
        identity: Whose they are.
        clock: How right this machine's clock is.
        endpoint: What the endpoint is.
        neighbours: Names of endpoints there are, where this one was not found.
        container: What it runs.
        simulation: Whether IAM would allow a stream.
        names: What the host name means.
        tcp: Whether the port takes connections.
        tls: Whether the certificate is trusted and HTTP/2 spoken.
        attempts: The streams that were tried.
        capabilities: What the bundle can do, by name.
        speech: What was heard.
    """

    endpoint_name: str
    now: datetime
    region: Region | Failure
    place: Place | Failure
    keys: Keys | Failure | None = None
    identity: Fact[Identity] = None
    clock: Fact[ClockReading] = None
    endpoint: Fact[Endpoint] = None
    neighbours: Fact[tuple[str, ...]] = None
    container: Fact[Container] = None
    simulation: Fact[Simulation] = None
    names: Fact[Names] = None
    tcp: Fact[Connected] = None
    tls: Fact[Secured] = None
    attempts: tuple[Attempt, ...] | Skipped | None = None
    capabilities: Mapping[str, Answer] | Skipped | None = field(default=None)
    speech: Fact[Speech] = None

    def best(self) -> Attempt | None:
        """The attempt that came farthest; ``None`` when none was made."""
        if not isinstance(self.attempts, tuple) or not self.attempts:
            return None
        return max(self.attempts, key=lambda each: (_has_spoken(each), _is_open(each)))

    def refusal(self) -> Failure | None:
        """Why no stream was accepted; ``None`` when one was, or none was tried."""
        best = self.best()
        return best.opened if best and isinstance(best.opened, Failure) else None


def _is_open(attempt: Attempt) -> bool:
    return isinstance(attempt.opened, Opened)


def _has_spoken(attempt: Attempt) -> bool:
    return isinstance(attempt.said, Said)

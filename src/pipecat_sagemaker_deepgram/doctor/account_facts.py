# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The facts about the configuration of this machine and about the AWS account. Pure."""

from dataclasses import dataclass
from datetime import datetime

# The request, and the configuration of this machine


@dataclass(frozen=True, kw_only=True)
class Place:
    """The address of the endpoint.

    Attributes:
        host: Host of the endpoint.
        port: Its TCP port.
        proxy: ``host:port`` of the HTTP proxy in between; empty for none.
    """

    host: str
    port: int
    proxy: str = ""


@dataclass(frozen=True, kw_only=True)
class Region:
    """The region that is used.

    Attributes:
        name: The region.
        source: What it was taken from, for example ``--region`` or ``AWS_REGION``.
        is_known: Whether botocore knows SageMaker there.
    """

    name: str
    source: str
    is_known: bool = True


@dataclass(frozen=True, kw_only=True)
class Keys:
    """AWS credentials, without their secrets.

    Attributes:
        source: The provider that found them, as botocore calls it.
        key_hint: The access key's identifier, shortened.
        expires_at: When they expire; ``None`` if unknown.
    """

    source: str
    key_hint: str
    expires_at: datetime | None = None


# What the control plane reports


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whose credentials they are: STS ``GetCallerIdentity``.

    Attributes:
        arn: The principal.
        account: The account's number.
    """

    arn: str
    account: str


@dataclass(frozen=True, kw_only=True)
class ClockReading:
    """A service's clock compared with this machine's.

    Attributes:
        offset: Seconds by which this machine is ahead of the service; negative when behind.
    """

    offset: float


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A production variant of the endpoint.

    Attributes:
        name: Its name.
        instances: Instances in service; ``None`` if not reported.
    """

    name: str
    instances: int | None = None


@dataclass(frozen=True, kw_only=True)
class EndpointFacts:
    """The endpoint: SageMaker ``DescribeEndpoint``.

    Attributes:
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
    """What the endpoint runs: SageMaker ``DescribeModel``, and the image's configuration.

    Attributes:
        package: ARN of its model package; empty for an image.
        image: URI of its image; empty for a package, whose image belongs to the seller.
        label: Value of the image's streaming label; empty if missing, ``None`` if the image could
            not be read.
        why: Why the image could not be read; empty if it was.
    """

    package: str = ""
    image: str = ""
    label: str | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What IAM's ``SimulatePrincipalPolicy`` decided for opening a stream.

    Attributes:
        decision: ``allowed``, ``implicitDeny`` or ``explicitDeny``.
    """

    decision: str

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The emulated account and its endpoints. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pipecat_sagemaker_deepgram.emulator.regions import partition_of

INVOKE_ACTION = "sagemaker:InvokeEndpointWithBidirectionalStream"
"""The action that permits opening a stream."""


@dataclass(frozen=True, kw_only=True)
class EndpointVariant:
    """A production variant as ``DescribeEndpoint`` shows it.

    Attributes:
        name: The variant's name.
        instance_count: Instances in service.
        desired_instance_count: Desired number of instances; None for ``instance_count``.
        instance_type: The instance type that ``DescribeEndpointConfig`` reports.
    """

    name: str = "AllTraffic"
    instance_count: int = 1
    desired_instance_count: int | None = None
    instance_type: str = "ml.g6.2xlarge"


@dataclass(frozen=True, kw_only=True)
class ControlPlane:
    """The account around the endpoints.

    Attributes:
        status: ``EndpointStatus`` of every endpoint that exists.
        failure_reason: ``FailureReason``, empty for none.
        variants: The endpoints' production variants.
        principal: The principal of the credentials, such as ``user/NAME`` or ``role/NAME``.
        denied: IAM actions that the principal may not perform, such as ``INVOKE_ACTION``.
        created: When the endpoints were created.
    """

    status: str = "InService"
    failure_reason: str = ""
    variants: tuple[EndpointVariant, ...] = (EndpointVariant(),)
    principal: str = "user/emulator"
    denied: frozenset[str] = frozenset()
    created: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def principal_arn(self, account: str, partition: str) -> str:
        """The ARN that ``GetCallerIdentity`` returns.

        Args:
            account: The account id.
            partition: The partition, such as ``aws``.
        """
        kind, _, name = self.principal.partition("/")
        if kind == "role":
            return f"arn:{partition}:sts::{account}:assumed-role/{name}/session"
        return f"arn:{partition}:iam::{account}:{self.principal}"


def endpoint_arn(name: str, *, region: str, account: str) -> str:
    """The ARN of an endpoint.

    Args:
        name: The endpoint's name.
        region: Its region.
        account: Its account id.
    """
    return sagemaker_arn("endpoint", name, region=region, account=account)


def sagemaker_arn(kind: str, name: str, *, region: str, account: str) -> str:
    """The ARN of something in SageMaker.

    Args:
        kind: What it is, such as ``endpoint-config``.
        name: Its name.
        region: Its region.
        account: Its account id.
    """
    partition = partition_of(region).name
    return f"arn:{partition}:sagemaker:{region}:{account}:{kind}/{name.lower()}"

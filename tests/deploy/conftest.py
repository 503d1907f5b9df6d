# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""AWS as moto plays it, and a deployer that waits for nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws

from pipecat_sagemaker_deepgram.deploy import Deployer, Deployment, Patience

ROLE = "arn:aws:iam::123456789012:role/sagemaker-execution"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots/echo:1"
KNOWN_INSTANCE = "ml.c5.xlarge"
"""A type of instance that moto knows."""

PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/deepgram-nova-3-1"


def image_deployment(**changes: Any) -> Deployment:
    """An image of one's own."""
    own: dict[str, Any] = {
        "name": "echo",
        "role_arn": ROLE,
        "image": IMAGE,
        "instance_type": KNOWN_INSTANCE,
    }
    return Deployment(**own | changes)


@cache
def client_of(service: str) -> Any:
    """A client with keys that open nothing; reading SageMaker's model takes a second."""
    return _SESSION.client(service)


_SESSION = boto3.Session("testing", "testing", region_name="us-east-1")


def package_deployment(**changes: Any) -> Deployment:
    """Deepgram's product."""
    own: dict[str, Any] = {"name": "nova", "role_arn": ROLE, "model_package_arn": PACKAGE}
    return Deployment(**own | changes)


def describe(status: str, **more: Any) -> dict[str, Any]:
    """``DescribeEndpoint``'s answer for the endpoint of the package."""
    return {
        "EndpointName": "nova",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/nova",
        "EndpointConfigName": "nova",
        "EndpointStatus": status,
        "CreationTime": 0,
        "LastModifiedTime": 0,
        **more,
    }


@dataclass
class Time:
    """A clock that goes on only when somebody sleeps."""

    now: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds

    def patience(self, timeout: float = 600.0) -> Patience:
        return Patience(timeout=timeout, interval=15.0, sleep=self.sleep, clock=lambda: self.now)


@dataclass
class Scene:
    """A deployer, what it reported, what it called, and AWS to look at."""

    deployer: Deployer
    reports: list[str]
    calls: list[str]
    client: Any


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A deployer in an empty AWS account."""
    reports: list[str] = []
    calls: list[str] = []
    listened_to: list[Any] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    def listened_client(service: str) -> Any:
        client = client_of(service)
        client.meta.events.register("before-call", note)
        listened_to.append(client)
        return client

    with mock_aws():
        deployer = Deployer(listened_client, report=reports.append, patience=Time().patience())
        yield Scene(deployer, reports, calls, client_of)
    for client in listened_to:
        client.meta.events.unregister("before-call", note)

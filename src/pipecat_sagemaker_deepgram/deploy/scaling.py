# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How many instances an endpoint has, by how many streams there are. Pure.

A stream counts as one concurrent request for as long as it lasts, so the signal is
``SageMakerVariantConcurrentRequestsPerModelHighResolution`` (Deepgram docs, "Auto-scaling"; AWS
Application Auto Scaling API reference, ``PredefinedMetricSpecification``).
"""

from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.deploy.deployment import VARIANT
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

METRIC = "SageMakerVariantConcurrentRequestsPerModelHighResolution"
"""Concurrent requests per instance, every 10 seconds."""

SCALE_OUT_COOLDOWN = 60
SCALE_IN_COOLDOWN = 300

NAMESPACE = {"ServiceNamespace": "sagemaker"}
DIMENSION = {"ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """Between which numbers of instances, and when.

    Parameters:
        minimum: Fewest instances; 1 at least, a real-time endpoint does not scale to zero.
        maximum: Most instances.
        streams: Streams that one instance serves at a good latency, as you measured it.
        utilization: Part of them that is aimed at; the rest is for those that come while another
            instance starts.

    Raises:
        ConfigurationError: A number is out of its range.
    """

    minimum: int = 1
    maximum: int
    streams: float
    utilization: float = 0.75

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.maximum:
            raise ConfigurationError(
                f"instances from {self.minimum} to {self.maximum} make no sense",
                advice="The fewest are 1 or more, and the most are not fewer.",
            )
        if not self.streams > 0:
            raise ConfigurationError(f"streams per instance is {self.streams}; it has to be more")
        if not 0 < self.utilization <= 1:
            raise ConfigurationError(
                f"utilization is {self.utilization}; it is a part, more than 0 and at most 1"
            )

    @property
    def target(self) -> float:
        """Concurrent streams per instance that are aimed at."""
        return self.streams * self.utilization

    def target_request(self, name: str, variant: str = VARIANT) -> dict[str, Any]:
        """The request to ``RegisterScalableTarget``."""
        return {
            **place(name, variant),
            "MinCapacity": self.minimum,
            "MaxCapacity": self.maximum,
        }

    def policy_request(self, name: str, variant: str = VARIANT) -> dict[str, Any]:
        """The request to ``PutScalingPolicy``."""
        return {
            "PolicyName": policy_name(name),
            **place(name, variant),
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": self.target,
                "PredefinedMetricSpecification": {"PredefinedMetricType": METRIC},
                "ScaleOutCooldown": SCALE_OUT_COOLDOWN,
                "ScaleInCooldown": SCALE_IN_COOLDOWN,
            },
        }


def resource_id(name: str, variant: str = VARIANT) -> str:
    """What Application Auto Scaling calls a variant."""
    return f"endpoint/{name}/variant/{variant}"


def place(name: str, variant: str = VARIANT) -> dict[str, Any]:
    """What names a variant in every request to Application Auto Scaling."""
    return {**NAMESPACE, "ResourceId": resource_id(name, variant), **DIMENSION}


def policy_name(name: str) -> str:
    """The name of an endpoint's only policy."""
    return f"{name}-concurrent-streams"

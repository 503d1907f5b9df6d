# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Scaling the number of instances with the number of streams. Pure.

A stream counts as one concurrent request for as long as it lasts, so the metric is
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
    """The limits and the target of automatic scaling.

    Attributes:
        minimum: Fewest instances, at least 1: a real-time endpoint does not scale to zero.
        maximum: Most instances.
        streams: Streams that one instance serves at a good latency, as measured.
        utilization: Target share of ``streams``, above 0 and up to 1; the rest is headroom for
            streams that arrive while another instance starts.

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
                f"{self.minimum} to {self.maximum} instances is not a valid range",
                advice="The minimum is at least 1, and the maximum is not below the minimum.",
            )
        if not self.streams > 0:
            raise ConfigurationError(f"streams per instance is {self.streams}; it must be more")
        if not 0 < self.utilization <= 1:
            raise ConfigurationError(
                f"utilization is {self.utilization}; it must be more than 0 and at most 1"
            )

    @property
    def target(self) -> float:
        """Target number of concurrent streams per instance."""
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
    """The resource id of a variant in Application Auto Scaling."""
    return f"endpoint/{name}/variant/{variant}"


def place(name: str, variant: str = VARIANT) -> dict[str, Any]:
    """The parameters that name a variant in requests to Application Auto Scaling."""
    return {**NAMESPACE, "ResourceId": resource_id(name, variant), **DIMENSION}


def policy_name(name: str) -> str:
    """The name of an endpoint's only policy."""
    return f"{name}-concurrent-streams"

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A deployment, and the requests to SageMaker that create it. Pure.

The requests are those of the SageMaker API reference: ``CreateModel``, ``CreateEndpointConfig``,
``CreateEndpoint``. Defaults for a model package follow Deepgram's deployment guide.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

VARIANT = "primary"
"""The only production variant."""

TAG = {"Key": "created-by", "Value": "pipecat-sagemaker-deepgram"}
"""The tag of everything that this package created and may delete."""

PACKAGE_INSTANCE = "ml.g6.2xlarge"
"""The type that Deepgram recommends for speech-to-text (Deepgram docs, "Deploy")."""

IMAGE_INSTANCE = "ml.c6i.xlarge"
"""Four processors and no GPU: the containers of this project do not need one."""

_PACKAGE_AMI = "al2023-ami-sagemaker-inference-gpu-4-1"
_DOWNLOAD_TIMEOUT = 600
_HEALTH_CHECK_TIMEOUT = 300

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_ROLE = re.compile(r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
_PACKAGE = re.compile(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]+:[0-9]{12}:model-package/\S+")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """An endpoint with one variant; model, configuration and endpoint share its name.

    Attributes:
        name: Name of the endpoint.
        role_arn: ARN of the role that SageMaker assumes to run it.
        model_package_arn: A subscribed Marketplace model package; or an image.
        image: URI of an image in ECR; or a model package.
        instance_type: Type of the instances; by default ``ml.g6.2xlarge`` for a model package,
            ``ml.c6i.xlarge`` for an image.
        instances: Initial number of instances.
        environment: Environment variables of the container.

    Raises:
        ConfigurationError: A field is invalid, or not exactly one of package and image is given.
    """

    name: str
    role_arn: str
    model_package_arn: str | None = None
    image: str | None = None
    instance_type: str | None = None
    instances: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_name(self.name)
        if not _ROLE.fullmatch(self.role_arn):
            raise ConfigurationError(
                f"role {self.role_arn!r} is not the ARN of a role",
                advice="It has the form arn:aws:iam::111122223333:role/NAME.",
            )
        self._check_source()
        if self.instances < 1:
            raise ConfigurationError(
                f"instances is {self.instances}; a real-time endpoint has at least 1"
            )

    def _check_source(self) -> None:
        if (self.model_package_arn is None) == (self.image is None):
            raise ConfigurationError("give either a model package or an image")
        if self.model_package_arn is not None and not _PACKAGE.fullmatch(self.model_package_arn):
            raise ConfigurationError(
                f"{self.model_package_arn!r} is not the ARN of a model package",
                advice="AWS Marketplace shows the ARN for each region; it has the form "
                "arn:aws:sagemaker:REGION:ACCOUNT:model-package/NAME.",
            )
        if self.image is not None and not re.fullmatch(r"\S{1,255}", self.image):
            raise ConfigurationError(f"{self.image!r} is not the URI of an image")

    @property
    def is_package(self) -> bool:
        """Whether a model package is deployed."""
        return self.model_package_arn is not None

    @property
    def effective_instance_type(self) -> str:
        """The type of instance that is used."""
        return self.instance_type or (PACKAGE_INSTANCE if self.is_package else IMAGE_INSTANCE)

    def model_request(self) -> dict[str, Any]:
        """The request to ``CreateModel``."""
        container: dict[str, Any] = (
            {"ModelPackageName": self.model_package_arn}
            if self.is_package
            else {"Image": self.image}
        )
        if self.environment:
            container["Environment"] = dict(self.environment)
        return {
            "ModelName": self.name,
            "ExecutionRoleArn": self.role_arn,
            "PrimaryContainer": container,
            "EnableNetworkIsolation": True,
            "Tags": [TAG],
        }

    def endpoint_config_request(self) -> dict[str, Any]:
        """The request to ``CreateEndpointConfig``."""
        variant: dict[str, Any] = {
            "VariantName": VARIANT,
            "ModelName": self.name,
            "InstanceType": self.effective_instance_type,
            "InitialInstanceCount": self.instances,
            "ContainerStartupHealthCheckTimeoutInSeconds": _HEALTH_CHECK_TIMEOUT,
        }
        if self.is_package:
            variant["ModelDataDownloadTimeoutInSeconds"] = _DOWNLOAD_TIMEOUT
            variant["InferenceAmiVersion"] = _PACKAGE_AMI
        return {
            "EndpointConfigName": self.name,
            "ProductionVariants": [variant],
            "Tags": [TAG],
        }

    def endpoint_request(self) -> dict[str, Any]:
        """The request to ``CreateEndpoint``."""
        return {"EndpointName": self.name, "EndpointConfigName": self.name, "Tags": [TAG]}


def check_name(name: str) -> None:
    """Check the name of an endpoint.

    Raises:
        ConfigurationError: SageMaker would refuse it.
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} is not a valid endpoint name",
            advice="Use up to 63 letters, digits and hyphens, with a letter or digit at both ends.",
        )

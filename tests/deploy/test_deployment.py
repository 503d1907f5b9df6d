# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is refused before anything is sent, and what is sent."""

from typing import Any

import pytest
from botocore.stub import Stubber

from pipecat_sagemaker_deepgram.deploy import Deployment, Scaling
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

from .conftest import IMAGE, PACKAGE, ROLE, client_of, image_deployment, package_deployment


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "is not a valid endpoint name"),
        ({"name": "-nova"}, "is not a valid endpoint name"),
        ({"name": "nova_3"}, "is not a valid endpoint name"),
        ({"name": "n" * 64}, "is not a valid endpoint name"),
        ({"name": "nova\n"}, "is not a valid endpoint name"),
        ({"role_arn": "sagemaker-execution"}, "is not the ARN of a role"),
        ({"model_package_arn": "deepgram-nova-3"}, "is not the ARN of a model package"),
        ({"model_package_arn": None}, "either a model package or an image"),
        ({"image": IMAGE}, "either a model package or an image"),
        ({"model_package_arn": None, "image": "an image"}, "is not the URI of an image"),
        ({"instances": 0}, "instances is 0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        package_deployment(**changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minimum": 0}, "0 to 4 instances is not a valid range"),
        ({"minimum": 5}, "5 to 4 instances is not a valid range"),
        ({"streams": 0}, "streams per instance is 0"),
        ({"streams": float("nan")}, "streams per instance is nan"),
        ({"utilization": 0}, "utilization is 0"),
        ({"utilization": 75}, "utilization is 75"),
    ],
)
def test_a_scaling_that_makes_no_sense_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        Scaling(**{"maximum": 4, "streams": 10} | changes)


def test_a_package_is_deployed_as_deepgrams_guide_says() -> None:
    deployment = package_deployment()
    [variant] = deployment.endpoint_config_request()["ProductionVariants"]
    assert deployment.model_request()["PrimaryContainer"] == {"ModelPackageName": PACKAGE}
    assert deployment.model_request()["EnableNetworkIsolation"] is True
    assert variant == {
        "VariantName": "primary",
        "ModelName": "nova",
        "InstanceType": "ml.g6.2xlarge",
        "InitialInstanceCount": 1,
        "ModelDataDownloadTimeoutInSeconds": 600,
        "ContainerStartupHealthCheckTimeoutInSeconds": 300,
        "InferenceAmiVersion": "al2023-ami-sagemaker-inference-gpu-4-1",
    }


def test_an_image_needs_no_gpu() -> None:
    [variant] = image_deployment(instance_type=None).endpoint_config_request()["ProductionVariants"]
    assert variant["InstanceType"] == "ml.c6i.xlarge"
    assert "InferenceAmiVersion" not in variant


@pytest.mark.parametrize(
    "deployment",
    [
        image_deployment(environment={"A": "b"}, instances=2),
        package_deployment(),
        Deployment(name="n", role_arn=ROLE, image=IMAGE, instance_type="ml.g5.2xlarge"),
    ],
)
def test_botocore_takes_every_request_and_its_values(deployment: Deployment) -> None:
    """Botocore checks names and types; values of its enumerations are checked here."""
    client = client_of("sagemaker")
    arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/name"
    requests = {
        "create_model": (deployment.model_request(), {"ModelArn": arn}),
        "create_endpoint_config": (
            deployment.endpoint_config_request(),
            {"EndpointConfigArn": arn},
        ),
        "create_endpoint": (deployment.endpoint_request(), {"EndpointArn": arn}),
    }
    with Stubber(client) as stub:
        for operation, (request, answer) in requests.items():
            stub.add_response(operation, answer, request)
            getattr(client, operation)(**request)
    shapes = client.meta.service_model
    [variant] = deployment.endpoint_config_request()["ProductionVariants"]
    for shape, value in (
        ("ProductionVariantInstanceType", variant["InstanceType"]),
        ("ProductionVariantInferenceAmiVersion", variant.get("InferenceAmiVersion")),
    ):
        assert value is None or value in shapes.shape_for(shape).enum


def test_application_auto_scaling_knows_the_metric() -> None:
    client = client_of("application-autoscaling")
    policy = Scaling(maximum=4, streams=10).policy_request("nova")
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    metric = tracking["PredefinedMetricSpecification"]["PredefinedMetricType"]
    assert metric in client.meta.service_model.shape_for("MetricType").enum
    assert (tracking["ScaleOutCooldown"], tracking["ScaleInCooldown"]) == (60, 300)
    with Stubber(client) as stub:
        stub.add_response("put_scaling_policy", {"PolicyARN": "arn"}, policy)
        client.put_scaling_policy(**policy)

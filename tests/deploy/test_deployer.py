# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Successes and their order, against moto; waiting and refusals, against stubbed answers."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from pipecat_sagemaker_deepgram.deploy import Deployer, Deployment, DeploymentError, Scaling

from .conftest import (
    IMAGE,
    Scene,
    Time,
    client_of,
    describe,
    image_deployment,
    package_deployment,
)

# Creating


@pytest.mark.parametrize(
    "deployment",
    # moto does not know the instance type that Deepgram recommends.
    [image_deployment(), package_deployment(instance_type="ml.g4dn.2xlarge")],
    ids=["image", "package"],
)
def test_model_configuration_and_endpoint_are_created_in_this_order(
    deployment: Deployment, scene: Scene
) -> None:
    scene.deployer.create(deployment)
    scene.deployer.wait(deployment.name)
    assert scene.calls == [
        "CreateModel",
        "CreateEndpointConfig",
        "CreateEndpoint",
        "DescribeEndpoint",
    ]
    sagemaker = scene.client("sagemaker")
    model = sagemaker.describe_model(ModelName=deployment.name)
    assert model["ExecutionRoleArn"] == deployment.role_arn
    endpoint = sagemaker.describe_endpoint(EndpointName=deployment.name)
    assert (endpoint["EndpointStatus"], endpoint["EndpointConfigName"]) == (
        "InService",
        deployment.name,
    )
    config = sagemaker.describe_endpoint_config(EndpointConfigName=deployment.name)
    assert config["ProductionVariants"][0]["InstanceType"] == deployment.effective_instance_type
    assert scene.reports[-1] == f"endpoint {deployment.name} is InService"


def test_an_image_is_given_its_environment(scene: Scene) -> None:
    scene.deployer.create(image_deployment(environment={"LEVEL": "debug"}))
    model = scene.client("sagemaker").describe_model(ModelName="echo")
    assert model["PrimaryContainer"]["Image"] == IMAGE
    assert model["PrimaryContainer"]["Environment"] == {"LEVEL": "debug"}


# What AWS refuses

QUOTA = (
    "The account-level service limit 'ml.g6.2xlarge for endpoint usage' is 0 Instances, with "
    "current utilization of 0 Instances and a request delta of 1 Instances. Please use AWS "
    "Service Quotas to request an increase for this quota. If AWS Service Quotas is not "
    "available, contact AWS support to request an increase for this quota."
)
TAKEN = 'Cannot create already existing {} "arn:aws:sagemaker:us-east-1:123456789012:{}/nova".'

REFUSALS = [
    # step that is refused, code, message, words of the sentence, words of the advice
    ("create_endpoint", "ResourceLimitExceeded", QUOTA, "'ml.g6.2xlarge", "Service Quotas"),
    (
        "create_model",
        "ValidationException",
        "Could not assume role arn:aws:iam::123456789012:role/x. Please ensure that the role "
        "exists and allows principal 'sagemaker.amazonaws.com' to assume the role.",
        "Could not assume role",
        "trust policy",
    ),
    (
        "create_model",
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/u is not authorized to perform: iam:PassRole on "
        "resource: arn:aws:iam::123456789012:role/x",
        "iam:PassRole",
        "need iam:PassRole on the execution role",
    ),
    (
        "create_endpoint_config",
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/u is not authorized to perform: "
        "sagemaker:CreateEndpointConfig",
        "CreateEndpointConfig was refused",
        "Allow the action",
    ),
    (
        "create_model",
        "ValidationException",
        "Requested image 123456789012.dkr.ecr.us-east-1.amazonaws.com/bots:9 not found.",
        "bots:9 not found",
        "Push the image",
    ),
    (
        "create_model",
        "ValidationException",
        "Unsupported manifest media type application/vnd.oci.image.index.v1+json for image "
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots:9.",
        "Unsupported manifest",
        "--provenance=false",
    ),
    (
        "create_model",
        "ValidationException",
        "Caller is not subscribed to the marketplace offering.",
        "not subscribed",
        "AWS Marketplace",
    ),
    (
        "create_model",
        "ValidationException",
        TAKEN.format("model", "model"),
        "already existing model",
        "Choose another name",
    ),
    (
        "create_endpoint_config",
        "ValidationException",
        TAKEN.format("endpoint configuration", "endpoint-config"),
        "already existing endpoint configuration",
        "Choose another name",
    ),
    (
        "create_endpoint",
        "ValidationException",
        TAKEN.format("endpoint", "endpoint"),
        "already existing endpoint",
        "Choose another name",
    ),
    ("create_model", "ThrottlingException", "Rate exceeded", "Rate exceeded", "try again"),
    (
        "create_model",
        "ExpiredTokenException",
        "The security token included in the request is expired",
        "is expired",
        "Renew the credentials",
    ),
]

STEPS = {
    "create_model": ("delete_model", {"ModelName": "nova"}),
    "create_endpoint_config": ("delete_endpoint_config", {"EndpointConfigName": "nova"}),
    "create_endpoint": ("", {}),
}
ANSWERS: dict[str, dict[str, str]] = {
    "create_model": {"ModelArn": "arn:aws:sagemaker:us-east-1:123456789012:model/nova"},
    "create_endpoint_config": {
        "EndpointConfigArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/nova"
    },
}


@pytest.fixture
def stub() -> Iterator[Stubber]:
    """SageMaker's client, whose answers are laid out; it sends nothing."""
    with Stubber(client_of("sagemaker")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def deployer_of(stub: Stubber, reports: list[str], time: Time | None = None) -> Deployer:
    patience = (time or Time()).patience()
    return Deployer(lambda _: stub.client, report=reports.append, patience=patience)


@pytest.mark.parametrize(("step", "code", "message", "said", "advice"), REFUSALS)
def test_what_aws_refuses_is_said_with_advice_and_what_came_before_is_removed(
    step: str, code: str, message: str, said: str, advice: str, stub: Stubber
) -> None:
    before = list(STEPS)[: list(STEPS).index(step)]
    for each in before:
        stub.add_response(each, ANSWERS[each])
    stub.add_client_error(step, code, message)
    for each in reversed(before):
        operation, request = STEPS[each]
        stub.add_response(operation, {}, request)
    reports: list[str] = []
    with pytest.raises(DeploymentError) as caught:
        deployer_of(stub, reports).create(package_deployment())
    assert said in caught.value.message
    assert advice in caught.value.advice
    assert caught.value.code == code
    assert isinstance(caught.value.__cause__, ClientError)
    assert [each for each in reports if "removed again" in each] == [
        f"{STEPS[each][0].removeprefix('delete_').replace('_', ' ')} removed again"
        for each in reversed(before)
    ]


def test_what_cannot_be_removed_again_is_named(stub: Stubber) -> None:
    stub.add_response("create_model", ANSWERS["create_model"])
    stub.add_client_error("create_endpoint_config", "ThrottlingException", "Rate exceeded")
    stub.add_client_error("delete_model", "AccessDeniedException", "not yours")
    reports: list[str] = []
    with pytest.raises(DeploymentError, match="CreateEndpointConfig was refused: Rate exceeded"):
        deployer_of(stub, reports).create(package_deployment())
    assert reports[-1].startswith("model could not be removed again: DeleteModel was refused")


def test_without_credentials_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def client(service: str) -> Any:
        made = boto3.Session(region_name="us-east-1").client(service)
        made.meta.events.register("before-send", lambda **_: sent.append(service))
        return made

    with pytest.raises(DeploymentError, match="create_model could not be sent: Unable to locate"):
        Deployer(client, report=sent.append).create(package_deployment())
    assert sent == []


# Waiting


def test_waiting_looks_until_it_is_in_service_and_reports_each_change_once(stub: Stubber) -> None:
    for status in ("Creating", "Creating", "Creating", "InService"):
        stub.add_response("describe_endpoint", describe(status), {"EndpointName": "nova"})
    reports: list[str] = []
    time = Time()
    deployer_of(stub, reports, time).wait("nova")
    assert time.sleeps == [15.0, 15.0, 15.0]
    assert reports == ["endpoint nova is Creating", "endpoint nova is InService"]


@pytest.mark.parametrize(
    ("status", "reason", "advice"),
    [
        (
            "Failed",
            "The primary container for production variant primary did not pass the ping health "
            "check. Please check CloudWatch logs for this endpoint.",
            "GET /ping on port 8080",
        ),
        (
            "Failed",
            "Request to service failed. If failure persists after retry, contact customer "
            "support. InsufficientInstanceCapacity",
            "no such instance available",
        ),
        (
            "Failed",
            "CannotStartContainerError. Please ensure the model container for variant primary "
            "starts correctly when invoked with 'docker run <image> serve'",
            "for linux/amd64",
        ),
        ("Failed", QUOTA, "Service Quotas"),
        ("OutOfService", "", "/aws/sagemaker/Endpoints/nova"),
        ("UpdateRollbackFailed", "", "deploy delete nova"),
    ],
)
def test_an_endpoint_that_comes_to_another_end_is_explained(
    status: str, reason: str, advice: str, stub: Stubber
) -> None:
    stub.add_response("describe_endpoint", describe("Creating"))
    stub.add_response("describe_endpoint", describe(status, FailureReason=reason))
    with pytest.raises(DeploymentError, match=f"endpoint nova is {status}") as caught:
        deployer_of(stub, []).wait("nova")
    assert advice in str(caught.value)


def test_waiting_ends_with_the_patience(stub: Stubber) -> None:
    time = Time()
    for _ in range(41):
        stub.add_response("describe_endpoint", describe("Creating"))
    with pytest.raises(DeploymentError, match="still Creating after 600 s") as caught:
        deployer_of(stub, [], time).wait("nova")
    assert time.now == 600.0
    assert "continues to create it" in str(caught.value)


def test_there_is_nothing_to_wait_for(scene: Scene) -> None:
    with pytest.raises(DeploymentError, match="there is no endpoint nova in this region"):
        scene.deployer.wait("nova")


# Scaling

SCALING = Scaling(minimum=1, maximum=4, streams=10)


def scalable_targets(scene: Scene) -> list[dict[str, Any]]:
    client = scene.client("application-autoscaling")
    return client.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]


def policies(scene: Scene) -> list[dict[str, Any]]:
    client = scene.client("application-autoscaling")
    return client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]


def test_an_endpoint_follows_its_streams_and_stops_doing_so(scene: Scene) -> None:
    scene.deployer.create(image_deployment())
    scene.deployer.scale("echo", SCALING)
    assert scene.calls[-3:] == ["DescribeEndpoint", "RegisterScalableTarget", "PutScalingPolicy"]
    [target], [policy] = scalable_targets(scene), policies(scene)
    assert target["ResourceId"] == "endpoint/echo/variant/primary"
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    assert tracking["TargetValue"] == 7.5
    assert "1 to 4 instances, with a target of 7.5 streams" in scene.reports[-1]
    scene.deployer.stop_scaling("echo")
    assert (scalable_targets(scene), policies(scene)) == ([], [])
    scene.deployer.stop_scaling("echo")
    assert scene.reports[-2:] == [
        "endpoint echo no longer scales automatically",
        "endpoint echo was not scaling automatically",
    ]


def test_an_endpoint_is_given_a_number_of_instances(scene: Scene) -> None:
    scene.deployer.create(image_deployment())
    scene.deployer.set_instances("echo", 3)
    endpoint = scene.client("sagemaker").describe_endpoint(EndpointName="echo")
    assert endpoint["ProductionVariants"][0]["DesiredInstanceCount"] == 3


def test_what_does_not_exist_cannot_be_scaled(scene: Scene) -> None:
    with pytest.raises(DeploymentError, match="there is no endpoint nova"):
        scene.deployer.scale("nova", SCALING)
    assert scene.calls == ["DescribeEndpoint"]


def test_an_endpoint_of_several_variants_is_not_scaled(stub: Stubber) -> None:
    variants = [{"VariantName": each} for each in ("blue", "green")]
    stub.add_response("describe_endpoint", describe("InService", ProductionVariants=variants))
    with pytest.raises(DeploymentError, match="has 2 variants"):
        deployer_of(stub, []).scale("nova", SCALING)

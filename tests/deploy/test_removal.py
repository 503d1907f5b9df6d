# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""After a removal nothing is billed, whatever was there before."""

from collections.abc import Iterator
from typing import Any, Self

import pytest
from botocore.stub import Stubber

from pipecat_sagemaker_deepgram.deploy import Deployer, DeploymentError, Scaling
from pipecat_sagemaker_deepgram.deploy.removal import Leftovers

from .conftest import (
    IMAGE,
    ROLE,
    Scene,
    Time,
    client_of,
    describe,
    image_deployment,
    package_deployment,
)

MANIFEST = '{"mediaType": "application/vnd.docker.distribution.manifest.v2+json"}'
LOGS = "/aws/sagemaker/Endpoints/echo"


def everything(scene: Scene) -> dict[str, list[Any]]:
    """All that there is."""
    sagemaker, scaling = scene.client("sagemaker"), scene.client("application-autoscaling")
    place = {"ServiceNamespace": "sagemaker"}
    return {
        "endpoints": sagemaker.list_endpoints()["Endpoints"],
        "configurations": sagemaker.list_endpoint_configs()["EndpointConfigs"],
        "models": sagemaker.list_models()["Models"],
        "targets": scaling.describe_scalable_targets(**place)["ScalableTargets"],
        "policies": scaling.describe_scaling_policies(**place)["ScalingPolicies"],
        "logs": scene.client("logs").describe_log_groups()["logGroups"],
    }


NOTHING = {
    kind: [] for kind in ("endpoints", "configurations", "models", "targets", "policies", "logs")
}


def run_for_a_while(scene: Scene) -> None:
    """An endpoint that scales and has written logs."""
    scene.deployer.create(image_deployment())
    scene.deployer.scale("echo", Scaling(maximum=2, streams=4))
    scene.client("logs").create_log_group(logGroupName=LOGS)
    scene.calls.clear()


def test_nothing_is_left_and_the_order_is_scaling_endpoint_configuration_model_logs(
    scene: Scene,
) -> None:
    run_for_a_while(scene)
    scene.deployer.delete("echo")
    assert everything(scene) == NOTHING
    deletions = [each for each in scene.calls if each.startswith(("Delete", "Deregister"))]
    assert deletions == [
        "DeleteScalingPolicy",
        "DeregisterScalableTarget",
        "DeleteEndpoint",
        "DeleteEndpointConfig",
        "DeleteModel",
        "DeleteLogGroup",
    ]
    assert scene.reports[-1] == f"still billed: image {IMAGE} (storage in ECR; --with-image " + (
        "deletes it)"
    )


def test_a_package_leaves_nothing_that_is_billed(scene: Scene) -> None:
    scene.deployer.create(package_deployment(instance_type="ml.g4dn.2xlarge"))
    scene.deployer.delete("nova")
    assert everything(scene) == NOTHING
    assert scene.reports[-1] == "nothing of nova is billed any more"


def test_the_image_goes_too_where_that_is_asked_for(scene: Scene) -> None:
    ecr = scene.client("ecr")
    ecr.create_repository(repositoryName="bots/echo")
    ecr.put_image(repositoryName="bots/echo", imageTag="1", imageManifest=MANIFEST)
    run_for_a_while(scene)
    scene.deployer.delete("echo", Leftovers(with_image=True))
    assert ecr.list_images(repositoryName="bots/echo")["imageIds"] == []
    assert scene.reports[-1] == "nothing of echo is billed any more"


def test_logs_can_be_kept_and_are_named_as_billed(scene: Scene) -> None:
    run_for_a_while(scene)
    scene.deployer.delete("echo", Leftovers(keep_logs=True))
    assert [each["logGroupName"] for each in everything(scene)["logs"]] == [LOGS]
    assert f"log group {LOGS} (storage)" in scene.reports[-1]


def test_a_second_removal_finds_nothing(scene: Scene) -> None:
    run_for_a_while(scene)
    scene.deployer.delete("echo")
    scene.deployer.delete("echo")
    assert scene.reports[-1] == "nothing of echo is billed any more"


def test_what_a_broken_creation_left_goes(scene: Scene) -> None:
    deployment = image_deployment()
    sagemaker = scene.client("sagemaker")
    sagemaker.create_model(**deployment.model_request())
    sagemaker.create_endpoint_config(**deployment.endpoint_config_request())
    scene.deployer.delete("echo")
    assert everything(scene) == NOTHING


def test_a_strangers_endpoint_stays_unless_it_is_meant(scene: Scene) -> None:
    sagemaker = scene.client("sagemaker")
    deployment = image_deployment()
    for operation, request in (
        ("create_model", deployment.model_request()),
        ("create_endpoint_config", deployment.endpoint_config_request()),
        ("create_endpoint", deployment.endpoint_request()),
    ):
        getattr(sagemaker, operation)(**{k: v for k, v in request.items() if k != "Tags"})
    with pytest.raises(DeploymentError, match="not created by this command") as caught:
        scene.deployer.delete("echo")
    assert "--anyway" in caught.value.advice
    assert len(everything(scene)["endpoints"]) == 1
    scene.deployer.delete("echo", Leftovers(anyway=True))
    assert everything(scene) == NOTHING


def test_a_strangers_model_behind_our_endpoint_stays(scene: Scene) -> None:
    sagemaker = scene.client("sagemaker")
    sagemaker.create_model(
        ModelName="theirs", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": IMAGE}
    )
    deployment = image_deployment()
    config = deployment.endpoint_config_request()
    config["ProductionVariants"][0]["ModelName"] = "theirs"
    sagemaker.create_endpoint_config(**config)
    sagemaker.create_endpoint(**deployment.endpoint_request())
    scene.deployer.delete("echo")
    assert [each["ModelName"] for each in everything(scene)["models"]] == ["theirs"]
    assert any("model/theirs was not created by this command" in each for each in scene.reports)


IN_PROGRESS = (
    'Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/nova".'
)
MISSING = 'Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/nova".'


class Aws:
    """Clients whose answers are laid out."""

    def __init__(self) -> None:
        names = ("sagemaker", "application-autoscaling", "logs")
        self.stubs = {name: Stubber(client_of(name)) for name in names}

    def client(self, service: str) -> Any:
        return self.stubs[service].client

    def endpoint(self, status: str) -> None:
        self.stubs["sagemaker"].add_response("describe_endpoint", describe(status))

    def missing(self, operation: str, what: str = MISSING) -> None:
        self.stubs["sagemaker"].add_client_error(operation, "ValidationException", what)

    def beginning(self, status: str) -> None:
        self.endpoint(status)
        self.missing("describe_endpoint_config", "Could not find endpoint configuration")
        self.missing("describe_model", "Could not find model")
        for operation in ("delete_scaling_policy", "deregister_scalable_target"):
            self.stubs["application-autoscaling"].add_client_error(
                operation, "ObjectNotFoundException", "There is none"
            )

    def __enter__(self) -> Self:
        for stub in self.stubs.values():
            stub.activate()
        return self

    def __exit__(self, *exc_info: object) -> None:
        for stub in self.stubs.values():
            stub.deactivate()

    def settled(self) -> None:
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()


@pytest.fixture
def aws() -> Iterator[Aws]:
    """AWS with nothing laid out yet; nothing is sent."""
    with Aws() as running:
        yield running


def test_an_endpoint_that_is_being_created_is_waited_for_since_aws_refuses_to_delete_it(
    aws: Aws,
) -> None:
    time = Time()
    reports: list[str] = []
    sagemaker = aws.stubs["sagemaker"]
    aws.beginning("Creating")
    for _ in range(3):
        sagemaker.add_client_error("delete_endpoint", "ValidationException", IN_PROGRESS)
    sagemaker.add_response("delete_endpoint", {}, {"EndpointName": "nova"})
    aws.endpoint("Deleting")
    aws.missing("describe_endpoint")
    aws.stubs["logs"].add_client_error(
        "delete_log_group", "ResourceNotFoundException", "The specified log group does not exist."
    )
    Deployer(aws.client, report=reports.append, patience=time.patience()).delete(
        "nova", Leftovers(anyway=True)
    )
    aws.settled()
    assert time.sleeps == [15.0] * 4
    assert reports[-2:] == ["endpoint nova deleted", "nothing of nova is billed any more"]


@pytest.mark.parametrize("stuck", ["Creating", "Deleting"])
def test_an_endpoint_that_does_not_go_in_time_is_named_as_billed(stuck: str, aws: Aws) -> None:
    time = Time()
    aws.beginning(stuck)
    sagemaker = aws.stubs["sagemaker"]
    if stuck == "Creating":
        for _ in range(4):
            sagemaker.add_client_error("delete_endpoint", "ValidationException", IN_PROGRESS)
    else:
        sagemaker.add_response("delete_endpoint", {})
        for _ in range(4):
            aws.endpoint("Deleting")
    deployer = Deployer(aws.client, report=lambda _: None, patience=time.patience(60.0))
    with pytest.raises(DeploymentError, match="is billed as long as it has instances"):
        deployer.delete("nova", Leftovers(anyway=True))
    aws.settled()


def test_a_refusal_ends_the_removal_with_its_reason(aws: Aws) -> None:
    aws.beginning("InService")
    aws.stubs["sagemaker"].add_client_error(
        "delete_endpoint",
        "AccessDeniedException",
        "User: u is not authorized to perform: sagemaker:DeleteEndpoint",
    )
    with pytest.raises(DeploymentError, match="DeleteEndpoint was refused") as caught:
        Deployer(aws.client, report=lambda _: None, patience=Time().patience()).delete(
            "nova", Leftovers(anyway=True)
        )
    assert "Allow the action" in caught.value.advice
    aws.settled()

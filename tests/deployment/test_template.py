# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The CloudFormation template is valid, and asks for what the command ``deploy`` asks for."""

from pathlib import Path
from typing import Any

import cfnlint.decode
import pytest
from cfnlint.api import lint_file

from pipecat_sagemaker_deepgram.deploy import Deployment, Scaling

TEMPLATE = Path(__file__).parent.parent.parent / "deployment" / "endpoint.yaml"
ROLE = "arn:aws:iam::123456789012:role/sagemaker-execution"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/deepgram-nova-3-1"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots/echo:1"
SCALING = Scaling(minimum=2, maximum=4, streams=12)


def test_cfn_lint_finds_nothing() -> None:
    assert [str(each) for each in lint_file(TEMPLATE)] == []


class Stack:
    """As much of CloudFormation as the template uses.

    Args:
        parameters: Values of its parameters; the rest has the defaults.
    """

    def __init__(self, **parameters: Any) -> None:
        template, problems = cfnlint.decode.decode(str(TEMPLATE))
        assert not problems
        assert template is not None
        self._template: dict[str, Any] = template
        defaults = template["Parameters"].items()
        self._values = {name: each.get("Default") for name, each in defaults} | parameters

    def properties(self, resource: str) -> dict[str, Any]:
        """A resource's properties, with everything filled in."""
        return self._fill(self._template["Resources"][resource]["Properties"])

    def assertions(self) -> list[bool]:
        """What its rules say of the parameters."""
        [rule] = self._template["Rules"].values()
        return [self._fill(each["Assert"]) for each in rule["Assertions"]]

    def _fill(self, value: Any) -> Any:
        match value:
            case {"Ref": "AWS::NoValue"}:
                return None
            case {"Ref": str(name)}:
                return self._values.get(name, name)
            case {"Fn::If": [condition, yes, no]}:
                holds = self._fill(self._template["Conditions"][condition])
                return self._fill(yes if holds else no)
            case {"Fn::Not": [each]}:
                return not self._fill(each)
            case {"Fn::Or": each}:
                return any(map(self._fill, each))
            case {"Fn::Equals": [one, other]}:
                return self._fill(one) == self._fill(other)
            case {"Fn::GetAtt": [resource, attribute]}:
                return self.properties(resource)[attribute]
            case {"Fn::Sub": str(text)}:
                for name in ("Name", "Endpoint.EndpointName"):
                    text = text.replace(f"${{{name}}}", self._values["Name"])
                return text
            case dict():
                filled = {key: self._fill(each) for key, each in value.items()}
                return {key: each for key, each in filled.items() if each is not None}
            case list():
                return [self._fill(each) for each in value]
        return value


DEPLOYMENTS = {
    "package": (
        Deployment(name="nova", role_arn=ROLE, model_package_arn=PACKAGE, instances=2),
        {"ModelPackageArn": PACKAGE},
    ),
    "image": (
        Deployment(name="nova", role_arn=ROLE, image=IMAGE, instances=2),
        {"Image": IMAGE, "InstanceType": "ml.c6i.xlarge"},
    ),
}


@pytest.mark.parametrize("source", DEPLOYMENTS)
def test_it_asks_for_what_the_command_asks_for(source: str) -> None:
    deployment, parameters = DEPLOYMENTS[source]
    stack = Stack(Name="nova", RoleArn=ROLE, MinInstances=2, MaxInstances=4, **parameters)
    assert stack.properties("Model") == deployment.model_request()
    assert stack.properties("EndpointConfig") == deployment.endpoint_config_request()
    assert stack.properties("Endpoint") == deployment.endpoint_request()


def test_it_scales_as_the_command_does() -> None:
    stack = Stack(
        Name="nova", RoleArn=ROLE, MinInstances=2, MaxInstances=4, StreamsAimedAt=SCALING.target
    )
    target, policy = stack.properties("ScalableTarget"), stack.properties("ScalingPolicy")
    assert target == SCALING.target_request("nova")
    assert policy.pop("ScalingTargetId") == "ScalableTarget"
    assert SCALING.policy_request("nova") == policy | {
        name: target[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")
    }


@pytest.mark.parametrize(
    ("parameters", "is_allowed"),
    [
        ({"Image": IMAGE}, True),
        ({"ModelPackageArn": PACKAGE}, True),
        ({}, False),
        ({"Image": IMAGE, "ModelPackageArn": PACKAGE}, False),
    ],
)
def test_it_takes_one_source(parameters: dict[str, str], is_allowed: bool) -> None:
    assert all(Stack(Name="nova", RoleArn=ROLE, **parameters).assertions()) is is_allowed

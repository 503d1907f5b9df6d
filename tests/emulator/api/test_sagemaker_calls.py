# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""SageMaker's control plane, asked by botocore over a real socket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.emulator import ControlPlane, EndpointVariant, SageMakerEmulator

from .test_control_plane import CONTAINER, account, call, refusal

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
ARN = "arn:aws:sagemaker:us-east-1:000000000000"


async def test_the_configuration_and_the_model_of_an_endpoint_are_described():
    plane = ControlPlane(variants=(EndpointVariant(name="blue", instance_count=2),))
    async with account(control_plane=plane) as emulator:
        endpoint = await call(emulator, "sagemaker", "describe_endpoint", EndpointName="deepgram")
        config = await call(
            emulator,
            "sagemaker",
            "describe_endpoint_config",
            EndpointConfigName=endpoint["EndpointConfigName"],
        )
        (variant,) = config["ProductionVariants"]
        model = await call(emulator, "sagemaker", "describe_model", ModelName=variant["ModelName"])
    assert (variant["VariantName"], variant["InitialInstanceCount"]) == ("blue", 2)
    assert variant["InstanceType"].startswith("ml.")
    assert config["EndpointConfigArn"] == f"{ARN}:endpoint-config/deepgram-config"
    assert model["ModelArn"] == f"{ARN}:model/deepgram-model"
    assert model["PrimaryContainer"] == {"ModelPackageName": f"{ARN}:model-package/deepgram"}
    assert model["CreationTime"] == config["CreationTime"] == CREATED


@pytest.mark.parametrize(
    ("operation", "parameters", "what"),
    [
        ("describe_endpoint", {"EndpointName": "x"}, "endpoint"),
        ("describe_endpoint_config", {"EndpointConfigName": "x-config"}, "endpoint configuration"),
        ("describe_endpoint_config", {"EndpointConfigName": "deepgram"}, "endpoint configuration"),
        ("describe_model", {"ModelName": "x-model"}, "model"),
    ],
)
async def test_what_does_not_exist_is_not_found(
    operation: str, parameters: dict[str, str], what: str
):
    async with account() as emulator:
        status, code, message = await refusal(emulator, "sagemaker", operation, **parameters)
    assert (status, code) == (400, "ValidationException")
    assert message.startswith(f'Could not find {what} "{ARN}')


async def test_endpoints_are_listed_page_by_page():
    names = [f"deepgram-{number}" for number in range(5)]
    async with SageMakerEmulator(CONTAINER, endpoint_names=[*names, "other"]) as emulator:
        first = await list_endpoints(emulator, NameContains="deepgram", MaxResults=3)
        second = await list_endpoints(
            emulator, NameContains="deepgram", MaxResults=3, NextToken=first["NextToken"]
        )
        ascending = await list_endpoints(emulator, SortOrder="Ascending")
    assert [each["EndpointName"] for each in first["Endpoints"]] == names[:1:-1]
    assert [each["EndpointName"] for each in second["Endpoints"]] == names[1::-1]
    assert "NextToken" not in second
    assert [each["EndpointName"] for each in ascending["Endpoints"]] == [*names, "other"]
    assert first["Endpoints"][0]["EndpointArn"] == f"{ARN}:endpoint/deepgram-4"


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"StatusEquals": "InService"}, 1),
        ({"StatusEquals": "Failed"}, 0),
        ({"CreationTimeAfter": CREATED - timedelta(days=1)}, 1),
        ({"CreationTimeAfter": CREATED + timedelta(days=1)}, 0),
        ({"LastModifiedTimeBefore": CREATED - timedelta(days=1)}, 0),
    ],
)
async def test_lists_are_filtered(filters: dict[str, Any], count: int):
    async with account() as emulator:
        said = await list_endpoints(emulator, **filters)
    assert len(said["Endpoints"]) == count


async def test_a_token_that_nobody_gave_out_is_refused():
    async with account() as emulator:
        answer = await refusal(emulator, "sagemaker", "list_endpoints", NextToken="x")
    assert answer == (400, "ValidationException", "NextToken is not a number.")


async def list_endpoints(emulator: SageMakerEmulator, **parameters: Any) -> dict[str, Any]:
    return await call(emulator, "sagemaker", "list_endpoints", **parameters)

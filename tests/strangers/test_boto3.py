# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's own SageMaker suites ask of AWS beside speech, by unmodified boto3.

Clients are made without an argument, as those suites make them: the exported environment leads them
here.
"""

from collections.abc import Iterator

import pytest
from boto3.session import Session
from botocore.exceptions import ClientError

from pipecat_sagemaker_deepgram.testing import LocalEndpoint

from .boto3_client import boto3_session


@pytest.fixture
def session(endpoint: LocalEndpoint) -> Iterator[Session]:
    with boto3_session(endpoint) as session:
        yield session


def test_sts_get_caller_identity_and_iam_simulate(session: Session):
    arn = session.client("sts").get_caller_identity()["Arn"]
    action = "sagemaker:InvokeEndpointWithBidirectionalStream"
    said = session.client("iam").simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=[action]
    )
    assert said["EvaluationResults"][0]["EvalDecision"] == "allowed"


def test_describe_endpoint_its_config_its_model_and_list_endpoints(
    session: Session, endpoint: LocalEndpoint
):
    sagemaker = session.client("sagemaker")
    described = sagemaker.describe_endpoint(EndpointName=endpoint.name)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=described["EndpointConfigName"])
    model = config["ProductionVariants"][0]["ModelName"]
    assert sagemaker.describe_model(ModelName=model)["ModelName"] == model
    (listed,) = sagemaker.list_endpoints()["Endpoints"]
    assert listed["EndpointName"] == endpoint.name
    assert listed["EndpointStatus"] == described["EndpointStatus"] == "InService"


def test_invoke_endpoint_async_says_that_it_is_not_there(session: Session, endpoint: LocalEndpoint):
    client = session.client("sagemaker-runtime")
    with pytest.raises(ClientError, match="accepts no InvokeEndpointAsync") as caught:
        client.invoke_endpoint_async(EndpointName=endpoint.name, InputLocation="s3://bucket/key")
    assert caught.value.response.get("Error", {}).get("Code") == "ValidationError"

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The control plane's calls, asked by botocore over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from pipecat_sagemaker_deepgram.emulator import (
    ControlPlane,
    EmulatorCredentials,
    EmulatorSettings,
    EndpointVariant,
    SageMakerEmulator,
)
from pipecat_sagemaker_deepgram.emulator.api.control_plane import INVOKE_ACTION

from ..bare_client import BareClient

CONTAINER = "ws://127.0.0.1:1"
USER = "arn:aws:iam::000000000000:user/emulator"


@asynccontextmanager
async def account(**options: Any) -> AsyncIterator[SageMakerEmulator]:
    async with SageMakerEmulator(CONTAINER, endpoint_names=["deepgram"], **options) as emulator:
        yield emulator


async def call(
    emulator: SageMakerEmulator,
    service: str,
    operation: str,
    *,
    credentials: EmulatorCredentials | None = None,
    signed: bool = True,
    **parameters: Any,
) -> dict[str, Any]:
    """Call an operation with botocore; its answer."""
    keys = credentials or emulator.credentials
    client = botocore.session.Session().create_client(
        service,
        region_name=emulator.region,
        endpoint_url=emulator.endpoint_url,
        verify=str(emulator.ca_bundle),
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=keys.session_token,
        config=Config(
            connect_timeout=5,
            read_timeout=5,
            retries={"total_max_attempts": 1},
            signature_version=None if signed else UNSIGNED,
        ),
    )
    try:
        function: Callable[..., dict[str, Any]] = getattr(client, operation)
        return await asyncio.to_thread(function, **parameters)
    finally:
        client.close()


async def refusal(*arguments: Any, **options: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as caught:
        await call(*arguments, **options)
    error = caught.value.response.get("Error", {})
    status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    return status, error.get("Code", ""), error.get("Message", "")


async def test_an_endpoint_is_described():
    plane = ControlPlane(
        status="Updating",
        failure_reason="no capacity",
        variants=(
            EndpointVariant(name="blue", instance_count=2, desired_instance_count=3),
            EndpointVariant(name="green"),
        ),
    )
    async with account(control_plane=plane, region="eu-west-1") as emulator:
        said = await call(emulator, "sagemaker", "describe_endpoint", EndpointName="deepgram")
    assert (said["EndpointStatus"], said["FailureReason"]) == ("Updating", "no capacity")
    assert said["EndpointArn"] == "arn:aws:sagemaker:eu-west-1:000000000000:endpoint/deepgram"
    assert said["CreationTime"] == plane.created
    assert [
        (each["VariantName"], each["CurrentInstanceCount"], each["DesiredInstanceCount"])
        for each in said["ProductionVariants"]
    ] == [("blue", 2, 3), ("green", 1, 1)]


async def test_another_endpoint_is_not_found():
    async with account() as emulator:
        assert await refusal(emulator, "sagemaker", "describe_endpoint", EndpointName="other") == (
            400,
            "ValidationException",
            'Could not find endpoint "arn:aws:sagemaker:us-east-1:000000000000:endpoint/other".',
        )


@pytest.mark.parametrize(
    ("principal", "arn"),
    [
        ("user/emulator", USER),
        ("role/bot", "arn:aws:sts::000000000000:assumed-role/bot/session"),
    ],
)
async def test_the_caller_is_named(principal: str, arn: str):
    async with account(control_plane=ControlPlane(principal=principal)) as emulator:
        said = await call(emulator, "sts", "get_caller_identity")
    assert (said["Arn"], said["Account"]) == (arn, "000000000000")


@pytest.mark.parametrize(
    ("denied", "decision"), [(frozenset(), "allowed"), ({INVOKE_ACTION}, "implicitDeny")]
)
async def test_policies_are_simulated(denied: frozenset[str], decision: str):
    async with account(control_plane=ControlPlane(denied=frozenset(denied))) as emulator:
        said = await call(
            emulator,
            "iam",
            "simulate_principal_policy",
            PolicySourceArn=USER,
            ActionNames=[INVOKE_ACTION],
            ResourceArns=["arn:aws:sagemaker:us-east-1:000000000000:endpoint/deepgram"],
        )
    (result,) = said["EvaluationResults"]
    assert (result["EvalActionName"], result["EvalDecision"]) == (INVOKE_ACTION, decision)


async def test_what_is_denied_is_refused_as_each_protocol_does():
    denied = {"sagemaker:DescribeEndpoint", "iam:SimulatePrincipalPolicy", "sts:GetCallerIdentity"}
    async with account(control_plane=ControlPlane(denied=frozenset(denied))) as emulator:
        json = await refusal(emulator, "sagemaker", "describe_endpoint", EndpointName="deepgram")
        query = await refusal(
            emulator, "iam", "simulate_principal_policy", PolicySourceArn=USER, ActionNames=["a:b"]
        )
        identity = await call(emulator, "sts", "get_caller_identity")
    assert json[:2] == (400, "AccessDeniedException")
    assert query[:2] == (403, "AccessDenied")
    assert "not authorized to perform: iam:SimulatePrincipalPolicy" in query[2]
    assert identity["Arn"] == USER, "no permission is needed for it"


async def test_a_stream_that_is_denied_is_refused(emulator_for: Any):
    plane = ControlPlane(denied=frozenset({INVOKE_ACTION}))
    async with emulator_for(control_plane=plane) as emulator:
        async with BareClient.connect(emulator) as client:
            stream = client.open("deepgram")
            status, headers = await stream.response()
    assert (status, headers["x-amzn-errortype"]) == (403, "AccessDeniedException")


async def test_expired_credentials_are_told_apart():
    async with account() as emulator:
        old = emulator.credentials
        emulator.rotate_credentials()
        sts = await refusal(emulator, "sts", "get_caller_identity", credentials=old)
        sagemaker = await refusal(
            emulator, "sagemaker", "describe_endpoint", credentials=old, EndpointName="deepgram"
        )
    assert sts[:2] == (403, "ExpiredToken")
    assert sagemaker[:2] == (400, "ExpiredTokenException")


async def test_a_key_nobody_knows_and_a_wrong_secret_are_told_apart():
    async with account() as emulator:
        unknown = EmulatorCredentials("AKIAUNKNOWN", "secret")
        wrong = EmulatorCredentials(emulator.credentials.access_key_id, "wrong")
        first = await refusal(emulator, "sts", "get_caller_identity", credentials=unknown)
        second = await refusal(emulator, "sts", "get_caller_identity", credentials=wrong)
    assert first[:2] == (403, "InvalidClientTokenId")
    assert second[:2] == (403, "SignatureDoesNotMatch")


async def test_another_clock_is_on_the_answer_and_refuses_signatures():
    async with account(settings=EmulatorSettings(clock_offset=3600)) as emulator:
        with pytest.raises(ClientError, match="Signature expired") as caught:
            await call(emulator, "sts", "get_caller_identity")
        date = caught.value.response["ResponseMetadata"]["HTTPHeaders"]["date"]
    async with account() as emulator:
        said = await call(emulator, "sts", "get_caller_identity")
    right = parsedate_to_datetime(said["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert (parsedate_to_datetime(date) - right).total_seconds() == pytest.approx(3600, abs=10)


async def test_a_call_without_a_signature_is_refused():
    async with account() as emulator:
        answer = await refusal(emulator, "sts", "get_caller_identity", signed=False)
    assert answer[:2] == (403, "MissingAuthenticationToken")


async def test_other_operations_do_not_exist():
    async with account() as emulator:
        json = await refusal(emulator, "sagemaker", "list_models")
        query = await refusal(emulator, "sts", "get_session_token")
    assert json[:2] == query[:2] == (404, "UnknownOperationException")

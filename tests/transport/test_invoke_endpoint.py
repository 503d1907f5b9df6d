# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import json
import socket
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.emulator import parse_fault
from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ConfigurationError,
    ConnectError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
    StreamLostError,
    ThrottledError,
)
from pipecat_sagemaker_deepgram.transport import Credentials
from pipecat_sagemaker_deepgram.transport.invoke_endpoint import EndpointInvoker, EndpointRequest
from tests.local_path import LocalPath, credentials_of, local_path, marked_audio

ATTRIBUTES = "v1/listen?model=nova-3&encoding=linear16&sample_rate=16000"


@pytest.fixture
async def path():
    async with local_path() as it:
        yield it


def request(attributes: str = ATTRIBUTES) -> EndpointRequest:
    return EndpointRequest(
        body=marked_audio(0, 10), content_type="audio/raw", custom_attributes=attributes
    )


def invoker(path: LocalPath, **more: Any) -> EndpointInvoker:
    defaults: dict[str, Any] = {
        "endpoint_url": path.emulator.endpoint_url,
        "ca_bundle": str(path.emulator.ca_bundle),
    }
    return EndpointInvoker("deepgram", path.emulator.region, **(defaults | more))


async def keys(path: LocalPath) -> Credentials:
    return await credentials_of(path.emulator).resolve()


async def test_the_answer_comes_with_who_has_given_it(path: LocalPath):
    one = invoker(path)
    answer = await one.invoke(request(), await keys(path))
    one.close()
    assert json.loads(answer.body)["results"]["channels"][0]["alternatives"]
    assert answer.production_variant == "AllTraffic"
    assert answer.request_id


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("refuse=429@connect", ThrottledError),
        ("refuse=503@connect", RejectedError),
        ("refuse=403@connect", RejectedError),
        ("refuse=424@connect", ModelUnavailableError),
        ("goaway@connect", StreamLostError),
    ],
)
async def test_each_failure_is_an_error_of_its_own(
    path: LocalPath, fault: str, kind: type[SageMakerDeepgramError]
):
    path.emulator.faults.add(parse_fault(fault))
    with pytest.raises(kind) as failed:
        await invoker(path).invoke(request(), await keys(path))
    assert "stream with HTTP" not in str(failed.value)


async def test_the_containers_own_status_and_reason_are_reported(path: LocalPath):
    with pytest.raises(ModelUnavailableError, match="no_such") as failed:
        await invoker(path).invoke(request("v1/listen?no_such=1"), await keys(path))
    assert failed.value.original_status_code == 400


async def test_what_is_missing_is_permission_for_this_operation(path: LocalPath):
    path.emulator.faults.add(parse_fault("refuse=403@connect"))
    with pytest.raises(RejectedError, match="sagemaker:InvokeEndpoint on this"):
        await invoker(path).invoke(request(), await keys(path))


async def test_a_certificate_that_is_not_trusted_is_called_that(path: LocalPath):
    with pytest.raises(CertificateError, match="AWS_CA_BUNDLE"):
        await invoker(path, ca_bundle=None).invoke(request(), await keys(path))


async def test_nobody_who_listens_is_a_failure_to_connect(path: LocalPath):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ConnectError, match=r"127\.0\.0\.1"):
        await invoker(path, endpoint_url=url).invoke(request(), await keys(path))


async def test_a_profile_that_there_is_not_is_named(path: LocalPath):
    with pytest.raises(ConfigurationError, match="no_such_profile"):
        await invoker(path, profile="no_such_profile").invoke(request(), await keys(path))

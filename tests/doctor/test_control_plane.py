# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whose policies IAM is asked to simulate, and what an endpoint runs."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.doctor import Failure
from pipecat_sagemaker_deepgram.doctor.account_facts import Container
from pipecat_sagemaker_deepgram.doctor.control_plane import AccountCalls, policy_source
from pipecat_sagemaker_deepgram.transport import Credentials

from ..transport.credential_services import Call, stand_in


@pytest.mark.parametrize(
    ("arn", "source"),
    [
        ("arn:aws:iam::123456789012:user/me", "arn:aws:iam::123456789012:user/me"),
        (
            "arn:aws-us-gov:sts::123456789012:assumed-role/bot/session",
            "arn:aws-us-gov:iam::123456789012:role/bot",
        ),
        ("arn:aws:iam::123456789012:root", None),
        ("arn:aws:sts::123456789012:federated-user/me", None),
    ],
)
def test_the_principal_behind_a_caller(arn: str, source: str | None) -> None:
    assert policy_source(arn) == source


# What an endpoint runs, from stand-ins on loopback

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots:1"
LABEL = "com.amazonaws.sagemaker.capabilities.bidirectional-streaming"
KEYS = Credentials(access_key_id="AKIA", secret_access_key="secret")
VARIANT = {"VariantName": "primary", "ModelName": "ears-model"}


def account(answers: dict[str, Any]) -> Callable[[Call], tuple[int, str]]:
    """Answers operations by their names, and downloads by ``blob``."""

    def respond(call: Call) -> tuple[int, str]:
        operation = call.headers.get("x-amz-target", "x.blob").rpartition(".")[2]
        answer = answers.get(operation)
        if answer is None:
            code = "com.amazonaws#AccessDeniedException"
            return 400, json.dumps({"__type": code, "message": f"no {operation}"})
        return 200, answer if isinstance(answer, str) else json.dumps(answer)

    return respond


async def container_of(
    answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> tuple[Container | Failure, list[str]]:
    """What the doctor finds, and which operations it called."""
    with stand_in(account(answers)) as service:
        for name in ("SAGEMAKER", "ECR"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", service.url)
        if "GetDownloadUrlForLayer" in answers:
            answers["GetDownloadUrlForLayer"]["downloadUrl"] = f"{service.url}/layer?Signature=s"
        plane = AccountCalls(KEYS, region="us-east-1", ca_bundle=None, timeout=10)
        found = await plane.container("ears-config")
        targets = [each.headers.get("x-amz-target", "x.blob") for each in service.calls]
    return found, [each.rpartition(".")[2] for each in targets]


def deployed(container: dict[str, str]) -> dict[str, Any]:
    """SageMaker's answers."""
    model = {"ModelName": "ears-model", "PrimaryContainer": container}
    return {
        "DescribeEndpointConfig": {"ProductionVariants": [VARIANT]},
        "DescribeModel": model,
    }


def pushed(labels: dict[str, str]) -> dict[str, Any]:
    """SageMaker's and ECR's answers for an image."""
    manifest = json.dumps({"config": {"digest": "sha256:ab"}})
    return deployed({"Image": IMAGE}) | {
        "BatchGetImage": {"images": [{"imageManifest": manifest}], "failures": []},
        "GetDownloadUrlForLayer": {"downloadUrl": ""},
        "blob": {"config": {"Labels": labels}},
    }


@pytest.mark.parametrize(
    ("labels", "label"), [({LABEL: "true"}, "true"), ({}, ""), ({LABEL: "no", "a": "b"}, "no")]
)
async def test_the_label_of_an_image_is_read(
    labels: dict[str, str], label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, calls = await container_of(pushed(labels), monkeypatch)
    assert found == Container(image=IMAGE, label=label)
    assert calls == [
        "DescribeEndpointConfig",
        "DescribeModel",
        "BatchGetImage",
        "GetDownloadUrlForLayer",
        "blob",
    ]


async def test_a_packages_image_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = deployed({"ModelPackageName": "arn:aws:sagemaker:r:1:model-package/nova"})
    found, calls = await container_of(answers, monkeypatch)
    assert found == Container(package="arn:aws:sagemaker:r:1:model-package/nova")
    assert calls == ["DescribeEndpointConfig", "DescribeModel"]


async def test_an_image_that_is_not_in_ecr_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, calls = await container_of(deployed({"Image": "python:3.12"}), monkeypatch)
    assert found == Container(image="python:3.12", why="it is not in ECR")
    assert len(calls) == 2


@pytest.mark.parametrize("missing", ["BatchGetImage", "GetDownloadUrlForLayer"])
async def test_what_ecr_does_not_show_is_said(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = pushed({})
    del answers[missing]
    found, _ = await container_of(answers, monkeypatch)
    assert found == Container(image=IMAGE, why=f"no {missing}")


async def test_an_image_that_is_gone_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = pushed({}) | {"BatchGetImage": {"images": [], "failures": []}}
    found, _ = await container_of(answers, monkeypatch)
    assert found == Container(image=IMAGE, why="the image does not exist in ECR")


@pytest.mark.parametrize("missing", ["DescribeEndpointConfig", "DescribeModel"])
async def test_what_sagemaker_does_not_show_is_a_failure(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = pushed({})
    del answers[missing]
    found, _ = await container_of(answers, monkeypatch)
    assert isinstance(found, Failure)
    assert (found.code, found.message) == ("AccessDeniedException", f"no {missing}")


async def test_the_names_of_endpoints_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"ListEndpoints": {"Endpoints": [{"EndpointName": each} for each in ("b", "a")]}}
    with stand_in(account(answers)) as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", service.url)
        plane = AccountCalls(KEYS, region="us-east-1", ca_bundle=None, timeout=10)
        assert await plane.endpoint_names() == ("a", "b")

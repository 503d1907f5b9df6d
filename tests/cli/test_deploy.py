# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The command ``deploy``, against moto; what makes no sense is refused before anything is sent."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments
from pipecat_sagemaker_deepgram.cli.deploy import act
from pipecat_sagemaker_deepgram.cli.deploy_arguments import CreateOptions, DeployOptions
from pipecat_sagemaker_deepgram.deploy import Deployer

ROLE = "arn:aws:iam::123456789012:role/sagemaker-execution"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/deepgram-nova-3-1"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots/echo:1"
IMAGE_ARGUMENTS = ["--role", ROLE, "--image", IMAGE, "--instance-type", "ml.c5.xlarge"]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty AWS account, and keys for it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with mock_aws():
        yield


def test_from_creation_to_removal(account: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "create", "echo", *IMAGE_ARGUMENTS]) == 0
    assert main(["deploy", "wait", "echo"]) == 0
    assert main(["deploy", "scale", "echo", "--streams", "8", "--max", "3"]) == 0
    assert main(["deploy", "scale", "echo", "--off"]) == 0
    assert main(["deploy", "scale", "echo", "--instances", "2"]) == 0
    assert main(["deploy", "delete", "echo", "--with-image"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:4] == [
        "model echo created",
        "endpoint configuration echo created",
        "endpoint echo is being created, billed from InService on: 1 x ml.c5.xlarge",
        "endpoint echo is InService",
    ]
    assert "endpoint echo has 1 to 3 instances, with a target of 6 streams per instance" in said
    assert said[-1] == "nothing of echo is billed any more"
    assert boto3.client("sagemaker", "us-east-1").list_endpoints()["Endpoints"] == []


CREATE = ["create", "nova", "--role", ROLE]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create", "nova"], "the following arguments are required: --role"),
        (CREATE, "one of the arguments --model-package --image is required"),
        ([*CREATE, "--image", IMAGE, "--model-package", PACKAGE], "not allowed with argument"),
        ([*CREATE, "--image", IMAGE, "--instances", "0"], "'0' is not a number of instances"),
        (
            [*CREATE, "--image", IMAGE, "--env", "LEVEL"],
            "'LEVEL' does not have the form NAME=VALUE",
        ),
        (
            ["create", "nova_3", "--role", ROLE, "--image", IMAGE],
            "'nova_3' is not a valid endpoint name",
        ),
        (["create", "nova", "--role", "x", "--image", IMAGE], "role 'x' is not the ARN of a role"),
        ([*CREATE, "--model-package", "nova-3"], "is not the ARN of a model package"),
        (["scale", "nova", "--streams", "8"], "--streams and --max must be given together"),
        (["scale", "nova", "--off", "--max", "8"], "--streams and --max must be given together"),
        (["scale", "nova", "--streams", "0", "--max", "2"], "streams per instance is 0"),
        (["scale", "nova", "--streams", "1", "--min", "3", "--max", "2"], "is not a valid range"),
        (["wait", "nova", "--profile", "none"], "there is no profile 'none'"),
        ([], "the following arguments are required: ACTION"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage_and_nothing_is_sent(
    arguments: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    # There are no keys, so a call would end in another sentence.
    assert main(["deploy", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_without_a_region_nothing_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "wait", "nova"]) == 2
    assert "region is not given" in capsys.readouterr().err


def test_a_refusal_is_one_sentence(account: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "wait", "nova"]) == 1
    err = capsys.readouterr().err
    assert err == "error: there is no endpoint nova in this region and account.\n"


def test_a_dry_run_prints_the_requests_and_needs_neither_keys_nor_region(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [*CREATE, "--model-package", PACKAGE, "--env", "A=b=c", "--dry-run"]
    assert main(["deploy", *arguments]) == 0
    requests = json.loads(capsys.readouterr().out)
    assert list(requests) == ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"]
    container = requests["CreateModel"]["PrimaryContainer"]
    assert container == {"ModelPackageName": PACKAGE, "Environment": {"A": "b=c"}}


class Interrupted(Deployer):
    """A deployer whose wait is interrupted."""

    def __init__(self) -> None:
        super().__init__(lambda _: None)

    def create(self, deployment: Any) -> None:
        """Begin."""

    def wait(self, name: str) -> None:
        raise KeyboardInterrupt


def test_an_interrupt_reaches_whoever_runs_the_command() -> None:
    options = parse_arguments(["deploy", "create", "nova", *IMAGE_ARGUMENTS])
    assert isinstance(options, CreateOptions)
    with pytest.raises(KeyboardInterrupt):
        act(Interrupted(), options)


def test_creating_need_not_wait() -> None:
    options = parse_arguments(["deploy", "create", "nova", *IMAGE_ARGUMENTS, "--no-wait"])
    assert isinstance(options, DeployOptions)
    act(Interrupted(), options)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The commands of docs/deploying.md, run as they stand there against a stand-in for AWS."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import cfnlint.decode
import pytest
from moto import mock_aws

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "pipecat-sagemaker-deepgram"
VARIABLES = {
    "ROLE_ARN": "arn:aws:iam::123456789012:role/sagemaker-execution",
    "MODEL_PACKAGE_ARN": "arn:aws:sagemaker:us-east-1:865070037744:model-package/deepgram-nova-3",
    "IMAGE": "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots/echo:1",
}


def commands() -> list[list[str]]:
    """Every command of the page's shell blocks, in order, with its variables filled in."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "deploying.md").read_text(), re.S)
    text = "".join(blocks).replace("\\\n", " ")
    for name, value in VARIABLES.items():
        text = text.replace(f'"${name}"', shlex.quote(value))
    return [shlex.split(line, comments=True) for line in text.splitlines() if line.strip()]


def own() -> list[list[str]]:
    """The arguments of this package's commands."""
    return [rest for program, *rest in commands() if program == PROGRAM]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty AWS account, and keys for it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with mock_aws():
        yield


def test_the_page_holds_every_action_and_both_containers() -> None:
    actions = {tuple(each[:2]) for each in own() if each[0] == "deploy"}
    assert actions == {("deploy", each) for each in ("create", "scale", "delete")}
    assert any(each[0] == "container" for each in own())


def test_every_command_of_this_package_is_one_that_it_takes() -> None:
    for arguments in own():
        assert parse_arguments(arguments)


def test_the_deploy_commands_work_in_their_order_and_leave_nothing_billed(
    account: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in own():
        if arguments[0] != "deploy":
            continue
        # moto knows neither of the types that are chosen by default.
        more = ["--instance-type", "ml.c5.xlarge"] if arguments[1] == "create" else []
        assert main([*arguments, *more]) == 0, arguments
        last = capsys.readouterr().out.splitlines()[-1]
        if arguments[1] == "delete":
            assert last == f"nothing of {arguments[2]} is billed any more"


def test_the_stack_has_the_parameters_that_it_is_given() -> None:
    template, _ = cfnlint.decode.decode(str(ROOT / "deployment" / "endpoint.yaml"))
    assert template is not None
    [deploy] = [each for each in commands() if each[:3] == ["aws", "cloudformation", "deploy"]]
    assert (ROOT / deploy[deploy.index("--template-file") + 1]).exists()
    given = deploy[deploy.index("--parameter-overrides") + 1 :]
    names = {each.partition("=")[0] for each in given}
    assert names <= template["Parameters"].keys()
    required = {name for name, each in template["Parameters"].items() if "Default" not in each}
    assert required <= names


def test_every_file_that_it_names_exists() -> None:
    text = (ROOT / "docs" / "deploying.md").read_text()
    named = set(re.findall(r"\b(?:deployment|examples|tests)/[\w./-]*\w", text))
    assert {"deployment/build-and-push", "examples/echo.py"} <= named
    assert [each for each in named if not (ROOT / each).exists()] == []

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The script that builds and pushes, with stand-ins for docker and the AWS CLI that take notes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "deployment" / "build-and-push"

AWS = """#!/bin/sh
echo "aws $*" >> "$NOTES"
case "$*" in
"configure get region") echo "$REGION_OF_PROFILE" ;;
"sts get-caller-identity"*) echo 123456789012 ;;
"ecr get-login-password") echo let-me-in ;;
"ecr describe-repositories"*) exit "$DESCRIBED" ;;
esac
"""
DOCKER = """#!/bin/sh
echo "docker $*" >> "$NOTES"
case "$1" in
login) [ "$(cat)" = let-me-in ] ;;
build) exit "$BUILT" ;;
esac
"""


class Machine:
    """Has the stand-ins first on its path.

    Args:
        folder: Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._notes = folder / "notes"
        self._notes.touch()
        for name, text in (("aws", AWS), ("docker", DOCKER)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {"PATH": f"{self._folder}:/usr/bin:/bin", "NOTES": str(self._notes)}
        defaults = {"DESCRIBED": "0", "BUILT": "0", "REGION_OF_PROFILE": ""}
        return subprocess.run(
            [SCRIPT, *arguments],
            env=own | defaults | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    @property
    def notes(self) -> list[str]:
        return self._notes.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with stand-ins."""
    return Machine(tmp_path)


URI = "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots/echo:7"


@pytest.mark.parametrize("exists", [True, False])
def test_it_builds_creates_the_repository_logs_in_and_pushes(
    exists: bool, machine: Machine
) -> None:
    described = "0" if exists else "254"
    done = machine.run("echo", "bots/echo:7", AWS_REGION="us-east-1", DESCRIBED=described)
    assert (done.returncode, done.stdout) == (0, f"{URI}\n"), done.stderr
    created = (
        "aws ecr create-repository --repository-name bots/echo "
        "--tags Key=created-by,Value=pipecat-sagemaker-deepgram"
    )
    notes = machine.notes
    assert (created in notes) is not exists
    # The two ends of a pipe run at the same time.
    login = "docker login --username AWS --password-stdin " + URI.partition("/")[0]
    assert sorted(each for each in notes if "login" in each) == [
        "aws ecr get-login-password",
        login,
    ]
    assert [each for each in notes if each != created and "login" not in each] == [
        "aws sts get-caller-identity --query Account --output text",
        "docker build --platform linux/amd64 --provenance=false "
        f"--file deployment/echo/Dockerfile --tag {URI} .",
        "aws ecr describe-repositories --repository-names bots/echo",
        f"docker push {URI}",
    ]
    assert notes[-1] == f"docker push {URI}"


@pytest.mark.parametrize(
    ("environment", "registry"),
    [
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
        ({"REGION_OF_PROFILE": "eu-west-3"}, "123456789012.dkr.ecr.eu-west-3.amazonaws.com"),
        ({"AWS_REGION": "cn-north-1"}, "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_registry_is_the_regions(
    environment: dict[str, str], registry: str, machine: Machine
) -> None:
    done = machine.run("model", "nova", **environment)
    assert done.stdout == f"{registry}/nova:latest\n", done.stderr


def test_a_build_that_fails_pushes_nothing(machine: Machine) -> None:
    done = machine.run("echo", "bots/echo", AWS_REGION="us-east-1", BUILT="1")
    assert done.returncode != 0
    assert done.stdout == ""
    assert not any("push" in each or "ecr" in each.split() for each in machine.notes)


@pytest.mark.parametrize("arguments", [(), ("echo",), ("parrot", "bots/echo"), ("echo", "a", "b")])
def test_wrong_usage_calls_nothing(arguments: tuple[str, ...], machine: Machine) -> None:
    done = machine.run(*arguments, AWS_REGION="us-east-1")
    assert done.returncode == 2
    assert done.stderr.startswith("usage: deployment/build-and-push")
    assert machine.notes == []


def test_without_a_region_nothing_is_built(machine: Machine) -> None:
    done = machine.run("echo", "bots/echo")
    assert done.returncode == 2
    assert "error: no region; set AWS_REGION" in done.stderr
    assert machine.notes == ["aws configure get region"]


def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "shellcheck", SCRIPT],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The images: linted, what SageMaker asks of them, and that they need no more than they install."""

import json
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments
from pipecat_sagemaker_deepgram.cli.container_arguments import RunContainerOptions

from ..test_resolution import uv

ROOT = Path(__file__).parent.parent.parent
KINDS = ("echo", "model")
LABEL = "com.amazonaws.sagemaker.capabilities.bidirectional-streaming"
TOOLS = Path(sys.executable).parent


def dockerfile(kind: str) -> Path:
    return ROOT / "deployment" / kind / "Dockerfile"


def instructions(kind: str) -> dict[str, list[str]]:
    """What stands after each instruction, by its name."""
    found: dict[str, list[str]] = {}
    for line in dockerfile(kind).read_text().replace("\\\n", "").splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            found.setdefault(name, []).append(rest)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_hadolint_finds_nothing(kind: str) -> None:
    done = subprocess.run(
        [TOOLS / "hadolint", dockerfile(kind)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_what_sagemaker_asks_for(kind: str) -> None:
    """The label, the port, no root, and a program that takes SageMaker's ``serve``."""
    said = instructions(kind)
    assert f"{LABEL}=true" in said["LABEL"]
    assert said["EXPOSE"] == ["8080"]
    assert int(said["USER"][-1]) > 0
    [entrypoint] = said["ENTRYPOINT"]
    program, *arguments = json.loads(entrypoint)
    assert program == "pipecat-sagemaker-deepgram"
    options = parse_arguments([*arguments, "serve"])
    assert options == RunContainerOptions(kind=kind, host="0.0.0.0", port=8080)


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_copies_is_in_the_build_context(kind: str) -> None:
    taken = (ROOT / ".dockerignore").read_text().splitlines()
    for copied in instructions(kind)["COPY"]:
        for name in copied.split()[:-1]:
            assert (ROOT / name.removeprefix("./")).exists()
            assert f"!{name.removeprefix('./')}" in taken


def test_the_echo_image_runs_with_the_packages_it_installs(tmp_path: Path) -> None:
    """In an environment with these alone, made by the image's own line."""
    [line] = instructions("echo")["RUN"]
    venv = tmp_path / "venv"
    subprocess.run([uv(), "venv", "--quiet", "--python", sys.executable, venv], check=True)
    target = ["--quiet", "--python", venv / "bin" / "python"]
    for command in line.split("&&"):
        pip, install, *rest = shlex.split(command)
        assert (pip, install) == ("pip", "install")
        packages = [each for each in rest if each != "--no-cache-dir"]
        by_uv = [uv(), "pip", "install", *target, *packages]
        subprocess.run(by_uv, cwd=ROOT, check=True, timeout=100)
    [entrypoint] = instructions("echo")["ENTRYPOINT"]
    program, *arguments = json.loads(entrypoint)
    serve = [venv / "bin" / program, *arguments, "serve", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "echo container is listening at" in process.stdout.readline()
        process.terminate()
        assert process.wait(timeout=10) == 0


def has_docker_daemon() -> bool:
    """Whether images can be built here."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    return subprocess.run([docker, "info"], capture_output=True, timeout=60).returncode == 0


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_built_and_healthy(kind: str) -> None:
    if not has_docker_daemon():
        pytest.skip("no docker daemon runs here")
    tag = f"pipecat-sagemaker-deepgram-test-{kind}"
    build = ["docker", "build", "--platform", "linux/amd64", "--file", dockerfile(kind)]
    subprocess.run([*build, "--tag", tag, ROOT], check=True, timeout=1500)
    labels = ["docker", "inspect", "--format", "{{json .Config.Labels}}", tag]
    assert json.loads(subprocess.check_output(labels, timeout=60))[LABEL] == "true"
    run = ["docker", "run", "--rm", "--detach", "--network", "none", tag, "serve"]
    container = subprocess.check_output(run, text=True, timeout=60).strip()
    try:
        ping = "import urllib.request as u; print(u.urlopen('http://localhost:8080/ping').status)"
        probe = ["docker", "exec", container, "python", "-c", ping]
        deadline = time.monotonic() + 120
        while (done := subprocess.run(probe, capture_output=True, text=True)).returncode:
            assert time.monotonic() < deadline, done.stderr
            time.sleep(0.5)
        assert done.stdout.strip() == "200"
    finally:
        subprocess.run(["docker", "stop", container], check=True, timeout=60)

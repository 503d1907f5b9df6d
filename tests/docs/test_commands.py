# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every command on a page is one that can be run."""

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments
from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.emulator.api import control
from pipecat_sagemaker_deepgram.gateway import Endpoint, GatewayOptions, JobOptions
from pipecat_sagemaker_deepgram.gateway.access.door import Door
from pipecat_sagemaker_deepgram.gateway.routes import Routes

from .code_blocks import BLOCKS, Block, commands, in_language
from .pages import PROJECT, ROOT, text_of

OWN = ("pipecat-sagemaker-deepgram", "pipecat_sagemaker_deepgram")
ELSEWHERE = ("aws", "cd", "export", "git")
"""Not of this project; ``tests/deployment/test_document.py`` checks what ``aws`` is given."""

type Command = tuple[Block, list[str]]


def run_by(*programs: str) -> list[Command]:
    """The commands of some programs, each with the words after the program."""
    written = [(block, [*_without_python(words)]) for block, words in commands()]
    return [(block, words[1:]) for block, words in written if words[0] in programs]


def _without_python(words: list[str]) -> list[str]:
    return words[2:] if words[:2] == ["python", "-m"] else words


def shown(command: Command) -> str:
    return f"{command[0]} {' '.join(command[1])[:40]}"


@pytest.mark.parametrize("block", in_language("sh"), ids=str)
def test_a_shell_understands_it(block: Block) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=block.code, capture_output=True, text=True, timeout=10, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", run_by(*OWN), ids=shown)
def test_this_package_takes_the_command(command: Command) -> None:
    assert parse_arguments(command[1])


@pytest.mark.parametrize("command", run_by("make"), ids=shown)
def test_there_is_such_a_target(command: Command) -> None:
    targets = re.findall(r"^([\w-]+):", text_of(ROOT / "Makefile"), re.MULTILINE)
    assert command[1][0] in targets


@pytest.mark.parametrize("command", run_by("pip"), ids=shown)
def test_what_is_installed_can_be_had(command: Command) -> None:
    """This package is on no index, so it is installed from the folder that the reader is in."""
    assert command[1][0] == "install"
    for wanted in command[1][1:]:
        found = re.fullmatch(r"(?P<name>[\w.-]+)(\[(?P<extras>[\w,-]+)\])?", wanted)
        assert found, wanted
        assert found["name"] not in OWN
        if found["name"] == ".":
            assert set((found["extras"] or "bots").split(",")) <= EXTRAS


EXTRAS = set(PROJECT["optional-dependencies"])


def test_every_advice_to_install_this_package_is_to_install_a_checkout() -> None:
    advice = [
        (page.name, wanted)
        for page in {block.page for block in BLOCKS}
        for wanted in re.findall(r"pip install [^`\n]*", text_of(page))
    ]
    assert len(advice) > 5
    assert [each for each in advice if "pipecat-sagemaker-deepgram" in each[1]] == []


@pytest.mark.parametrize("command", run_by("curl"), ids=shown)
async def test_the_gateway_or_the_endpoint_has_such_a_route(command: Command) -> None:
    words = command[1]
    (path,) = [urlsplit(word).path for word in words if "://" in word or word.startswith("URL/")]
    posts = any(word.startswith("--data") for word in words)
    method = words[words.index("-X") + 1] if "-X" in words else "POST" if posts else "GET"
    if path.startswith("URL"):
        assert f"`{method} {path.removeprefix('URL')}`" in str(control.__doc__)
    else:
        request = make_mocked_request(method, path.replace("REQUEST_ID", str(uuid4())))
        assert (await gateway_routes().router.resolve(request)).http_exception is None


def gateway_routes() -> web.Application:
    """What a gateway with a queue serves."""
    options = GatewayOptions(
        endpoints=(Endpoint(target=Target(endpoint_name="deepgram", region="us-east-1")),),
        jobs=JobOptions(database="sqlite://"),
    )
    app = web.Application()
    app.add_routes(Routes(options, Door(options.access)).table())
    return app


def test_every_other_command_is_a_file_of_the_checkout_or_well_known() -> None:
    known = (*OWN, *ELSEWHERE, "make", "pip", "curl")
    rest = [_without_python(words) for _, words in commands()]
    files = [_file(words) for words in rest if words[0] not in known]
    assert len(files) > 3
    assert [name for name in files if not (ROOT / name).is_file()] == []


def _file(words: list[str]) -> Path:
    """The script that a command runs, by itself, by Python, or for a variable's value."""
    script = words[1] if words[0] == "python" else words[0].partition("$(")[2] or words[0]
    return Path(script)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every piece of code on a page is of a kind that is checked, and holds."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

from pipecat_sagemaker_deepgram.gateway.endpoint_file import read_endpoint_file

from .code_blocks import BLOCKS, Block, in_language
from .pages import ROOT

CHECKED = ("diff", "json", "python", "sh", "toml")
"""Here or, shell commands, in ``test_commands.py``."""
NOT_CODE = ("", "{toctree}")
"""Drawings and logs, and what Sphinx checks."""
RUN = ("docs/testing.md",)
"""All of whose examples, the ``ini`` file too, ``tests/testing/test_outside.py`` runs."""

GIVEN = """\
from typing import Any

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService

transport: Any
user_aggregator: Any
llm: Any
tts: Any
stt: DeepgramSageMakerSTTService
"""
"""What a reader's own bot has: the pages do not repeat it."""


def test_every_block_is_of_a_kind_that_is_checked() -> None:
    rest = [block for block in BLOCKS if block.language not in (*CHECKED, *NOT_CODE)]
    assert {str(block.page.relative_to(ROOT)) for block in rest} <= set(RUN)


@pytest.mark.parametrize("block", in_language("json"), ids=str)
def test_json_can_be_read(block: Block) -> None:
    assert json.loads(block.code)


@pytest.mark.parametrize("block", in_language("toml"), ids=str)
def test_the_gateway_reads_its_file(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "endpoints.toml"
    file.write_text(block.code)
    assert len(read_endpoint_file(file)) == block.code.count("[[endpoints]]")


@pytest.mark.parametrize("block", in_language("diff"), ids=str)
def test_a_changed_import_imports_what_was_imported(block: Block) -> None:
    before, after = (re.findall(rf"^\{sign}(.*)", block.code, re.MULTILINE) for sign in "-+")
    assert names_imported(before) == names_imported(after)
    exec("\n".join(after), {})


def names_imported(lines: list[str]) -> list[str]:
    tree = ast.parse("\n".join(lines))
    return [
        each.name for node in tree.body if isinstance(node, ast.ImportFrom) for each in node.names
    ]


def checkable(block: Block) -> str:
    """A program around a piece of code, in which what it waits for may be waited for."""
    return f"{GIVEN}\n\nasync def example() -> None:\n{indent(block.code, '    ')}"


@pytest.mark.timeout(300)  # it reads Pipecat's types
def test_python_has_no_error_of_types(tmp_path: Path) -> None:
    blocks = in_language("python")
    assert len(blocks) > 10
    for number, block in enumerate(blocks):
        (tmp_path / f"example_{number}.py").write_text(checkable(block))
    assert {f"{blocks[number]}: {error}" for number, error in errors_of(tmp_path)} == set()


def errors_of(folder: Path) -> list[tuple[int, str]]:
    """What pyright says of each of the numbered files of a folder."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, timeout=280, check=False
    )
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(list(folder.glob("*.py")))
    return [
        (int(Path(each["file"]).stem.removeprefix("example_")), each["message"])
        for each in report["generalDiagnostics"]
        if each["severity"] == "error"
    ]


def test_an_error_of_types_is_found(tmp_path: Path) -> None:
    wrong = Block(ROOT / "README.md", 1, "python", "Missing(endpoint_name=1)\n")
    (tmp_path / "example_0.py").write_text(checkable(wrong))
    assert [error for _, error in errors_of(tmp_path)] == ['"Missing" is not defined']

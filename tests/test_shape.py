# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How large files and classes may be, and that one name means one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "pipecat_sagemaker_deepgram"
CORE = ("client", "deepgram", "stt", "gateway")

MOST_LINES = 300
MOST_METHODS = 25


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (SOURCE / folder).rglob("*.py")


def _classes(path: Path) -> list[ast.ClassDef]:
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("folder", CORE)
def test_a_file_can_be_read_in_one_sitting(folder: str) -> None:
    lines = {str(path): len(path.read_text().splitlines()) for path in _files(folder)}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


@pytest.mark.parametrize("folder", CORE)
def test_a_class_does_one_thing(folder: str) -> None:
    methods = {
        each.name: sum(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in each.body)
        for path in _files(folder)
        for each in _classes(path)
    }
    assert {name: count for name, count in methods.items() if count > MOST_METHODS} == {}


def test_a_name_of_a_class_stands_once_in_the_core() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in _files(*CORE, "transport"):
        for each in _classes(path):
            places[each.name].append(str(path.relative_to(SOURCE)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}

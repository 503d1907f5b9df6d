# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How large files, functions and classes may be, and that one name means one thing."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from tests.figures import (
    SOURCE,
    files,
    function_lengths,
    lone_small_modules,
    long_files,
    median_and_p90,
    parse,
)

CORE = ("client", "deepgram", "stt", "gateway")

MOST_LINES_OF_THE_CORE = 300
MOST_METHODS = 25
MOST_LONE_SMALL_MODULES = 10


def _classes(path: Path) -> list[ast.ClassDef]:
    return [node for node in parse(path).body if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("folder", CORE)
def test_a_file_can_be_read_in_one_sitting(folder: str) -> None:
    assert long_files([folder], MOST_LINES_OF_THE_CORE) == {}


def test_functions_are_short() -> None:
    median, p90 = median_and_p90(function_lengths().values())
    assert median <= 5
    assert p90 <= 14


def test_small_modules_have_several_importers() -> None:
    small = lone_small_modules()
    assert len(small) <= MOST_LONE_SMALL_MODULES, small


@pytest.mark.parametrize("folder", CORE)
def test_a_class_does_one_thing(folder: str) -> None:
    methods = {
        each.name: sum(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in each.body)
        for path in files([folder])
        for each in _classes(path)
    }
    assert {name: count for name, count in methods.items() if count > MOST_METHODS} == {}


def test_the_name_of_a_class_stands_for_one_thing_in_the_whole_package() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in files():
        for each in _classes(path):
            places[each.name].append(str(path.relative_to(SOURCE)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_every_string_that_stands_alone_is_documentation() -> None:
    """Without brackets, a text over two lines loses its second line, and nothing else notices."""
    fragments = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.JoinedStr | ast.Constant)
        and not _is_documentation(node.value)
    ]
    assert fragments == []


def _is_documentation(value: ast.JoinedStr | ast.Constant) -> bool:
    if isinstance(value, ast.JoinedStr):
        return False
    return value.value is ... or (isinstance(value.value, str) and not value.value[:1].islower())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests lie where the source lies: what is tested can be found, and what is not is noticed."""

from functools import cache
from pathlib import Path

import pytest

from tests.figures import SOURCE, files, imported_modules, line_count, module_name

TESTS = Path(__file__).parent

SIZE = 40
"""Lines from which a module has to be reached by tests of its own folder."""

ELSEWHERE = {
    "benchmarks": "benchmarks/",
    "data": "vectors that two sides are tested against",
    "deployment": "deployment/",
    "docs": "docs/",
    "end_to_end": "everything together",
    "examples": "examples/",
    "strangers": "everything, by clients of others",
}
"""Folders of tests that mirror something else than a folder of the package."""


TESTED_BY = {
    "cli/transcribe_output.py": "cli/test_transcribe.py",
    "gateway/endpoint_file.py": "cli/test_serve.py",
    "web/bodies.py": "gateway/recorded",
}
"""Modules that tests of another name reach by running the command, or that another folder tests."""


def modules() -> list[Path]:
    return [
        path
        for path in files()
        if not path.name.startswith("__") and "migrations" not in path.parts
    ]


def has_tests_of_its_name(path: Path) -> bool:
    tests = TESTS / path.parent.relative_to(SOURCE)
    named = [tests / path.stem, tests / f"test_{path.stem}.py"]
    return any(each.exists() for each in named) or any(tests.glob(f"test_{path.stem}_*.py"))


@cache
def imported_by_tests_of(folder: str) -> frozenset[str]:
    """Modules that the tests of a folder import, and what those import in turn."""
    paths = {module_name(path): path for path in files()}
    waiting = {name for path in (TESTS / folder).rglob("*.py") for name in imported_modules(path)}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        if name in paths:
            waiting |= imported_modules(paths[name]) - found
    return frozenset(found)


def is_reached(path: Path) -> bool:
    """Whether a module has tests of its name, or those of its folder import it by some way."""
    folder = path.relative_to(SOURCE).parts[0] if path.parent != SOURCE else "."
    return has_tests_of_its_name(path) or module_name(path) in imported_by_tests_of(folder)


def test_every_folder_of_the_source_has_a_folder_of_tests() -> None:
    folders = {path.relative_to(SOURCE).parts[0] for path in modules() if path.parent != SOURCE}
    assert [each for each in folders if not any((TESTS / each).rglob("test_*.py"))] == []


@pytest.mark.parametrize("folder", sorted(p.name for p in TESTS.iterdir() if p.is_dir()))
def test_every_folder_of_tests_mirrors_something(folder: str) -> None:
    is_hidden = folder.startswith(("__", "."))
    assert is_hidden or folder in ELSEWHERE or (SOURCE / folder).is_dir()


def test_every_module_of_some_size_is_reached_by_the_tests_of_its_folder() -> None:
    large = [path for path in modules() if line_count(path) >= SIZE]
    assert {str(each.relative_to(SOURCE)) for each in large if not is_reached(each)} == {*TESTED_BY}
    assert all((TESTS / each).exists() for each in TESTED_BY.values())

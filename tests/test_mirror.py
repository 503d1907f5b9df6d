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

GENERATED = ("gateway/jobs/migrations",)
"""Where migrations lie, which the tests of the database run."""


def folder_of(module: Path) -> Path:
    return module.parent.relative_to(SOURCE)


def modules() -> list[Path]:
    return [
        path
        for path in files()
        if not path.name.startswith("__") and not str(folder_of(path)).startswith(GENERATED)
    ]


@cache
def imported_by_tests_of(folder: Path) -> frozenset[str]:
    """Modules that the tests of a folder import, those of the folders in it included."""
    tests = TESTS.glob("*.py") if folder == Path(".") else (TESTS / folder).rglob("*.py")
    return frozenset(name for path in tests for name in imported_modules(path))


def has_tests_of_its_name(path: Path) -> bool:
    tests = TESTS / folder_of(path)
    named = [tests / path.stem, *tests.glob(f"test_{path.stem}.py")]
    return any(each.exists() for each in [*named, *tests.glob(f"test_{path.stem}_*.py")])


@cache
def tested() -> frozenset[Path]:
    """Modules with tests of their name, or that such tests reach inside their folder.

    A module counts, too, where the tests of its folder import it, or import a module of its folder
    or of one above that it serves.
    """
    found = {
        path
        for path in modules()
        if has_tests_of_its_name(path)
        or module_name(path) in imported_by_tests_of(folder_of(path))
    }
    others = set(modules()) - found
    while served := {path for path in others if any(_serves(path, each) for each in found)}:
        found |= served
        others -= served
    return frozenset(found)


def _serves(path: Path, other: Path) -> bool:
    is_near = folder_of(path) == folder_of(other) or folder_of(path).is_relative_to(
        folder_of(other)
    )
    return is_near and module_name(path) in imported_modules(other)


def test_every_folder_of_the_source_has_a_folder_of_tests() -> None:
    folders = {folder_of(path) for path in modules()}
    without = [each for each in folders if not any((TESTS / each).rglob("test_*.py"))]
    assert without == []


@pytest.mark.parametrize("folder", sorted(p.name for p in TESTS.iterdir() if p.is_dir()))
def test_every_folder_of_tests_mirrors_something(folder: str) -> None:
    is_hidden = folder.startswith(("__", "."))
    assert is_hidden or folder in ELSEWHERE or (SOURCE / folder).is_dir()


def test_every_module_of_some_size_is_reached_by_tests_of_its_folder() -> None:
    large = {path for path in modules() if line_count(path) >= SIZE}
    assert {str(each.relative_to(SOURCE)) for each in large - tested()} == set()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How large the package's files and functions are, and which modules may be too small.

Usage: .venv/bin/python -m tests.figures [FOLDER ...]

Prints the files that are too long, the median and the 90th percentile of the lines of functions
(without docstrings) with the longest of them, and the small modules that only one other module
imports. With folders of the package (``transport client/session``), only what lies in them counts.
"""

import ast
import statistics
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "pipecat_sagemaker_deepgram"

MOST_LINES = 320
SMALL = 40
LONGEST = 20


def files(folders: Collection[str] = ()) -> Iterator[Path]:
    """The package's files, or those in some of its folders."""
    for folder in folders or [""]:
        yield from sorted((SOURCE / folder).rglob("*.py"))


@cache
def parse(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text())


def line_count(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text().splitlines())


def long_files(folders: Collection[str] = (), most: int = MOST_LINES) -> dict[str, int]:
    """Files with more lines than ``most``, each with its number of lines."""
    counts = {str(path.relative_to(SOURCE)): line_count(path) for path in files(folders)}
    return {path: count for path, count in counts.items() if count > most}


def function_lengths(folders: Collection[str] = ()) -> dict[str, int]:
    """The lines of every function and method, without its docstring and decorators."""
    return {
        f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}": _lines(node)
        for path in files(folders)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def median_and_p90(lengths: Collection[int]) -> tuple[float, float]:
    """The median and the 90th percentile."""
    return statistics.median(lengths), statistics.quantiles(lengths, n=10, method="inclusive")[-1]


def longest(lengths: dict[str, int], most: int = LONGEST) -> dict[str, int]:
    """The longest functions, longest first."""
    return dict(sorted(lengths.items(), key=lambda each: -each[1])[:most])


def lone_small_modules(folders: Collection[str] = ()) -> dict[str, str]:
    """Modules of fewer than ``SMALL`` lines that one other module imports, each with that one.

    A package's ``__init__.py`` counts as an importer where it imports what it exports; it is not
    itself a small module.
    """
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for path in files():
        for name in imported_modules(path):
            importers[name].add(module_name(path))
    return {
        name: next(iter(importers[name]))
        for path in files(folders)
        if not path.name.startswith("__") and line_count(path) < SMALL
        if len(importers[name := module_name(path)]) == 1
    }


def module_name(path: Path) -> str:
    """A file's name as a module."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


@cache
def imported_modules(path: Path) -> frozenset[str]:
    """Names of modules that a file imports, also inside functions and for types only."""
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(parse(path)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    docstring = function.body[0] if ast.get_docstring(function) is not None else None
    return _extent(function) - (_extent(docstring) if docstring else 0)


def _extent(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def main(folders: list[str]) -> None:
    """Print the figures."""
    _show(long_files(folders), f"files over {MOST_LINES} lines")
    lengths = function_lengths(folders)
    median, p90 = median_and_p90(lengths.values())
    print(f"{len(lengths)} functions: median {median:g} lines, 90th percentile {p90:g}")
    _show(longest(lengths), "longest functions")
    _show(lone_small_modules(folders), f"modules under {SMALL} lines with one importer")


def _show(figures: dict[str, int] | dict[str, str], what: str) -> None:
    print(f"{len(figures)} {what}")
    for name, figure in figures.items():
        print(f"  {figure}  {name}" if isinstance(figure, int) else f"  {name}  <- {figure}")


if __name__ == "__main__":
    main(sys.argv[1:])

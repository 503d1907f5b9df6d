# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tables of another library's defects: each names the tests that show it absent here."""

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


def assert_tests_exist(tests: Sequence[str]) -> None:
    """Check that there are tests, and that each, ``PATH::NAME``, is one."""
    assert tests
    for test in tests:
        path, _, name = test.partition("::")
        assert name.startswith("test_")
        assert name in _tests_of(path), test


@cache
def _tests_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {each.name for each in tree.body if isinstance(each, functions)}

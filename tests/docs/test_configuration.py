# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The tables of the configuration are those of the code, and no environment variable is missing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts.write_configuration import MARKED, PAGES, renewed, tables

from .pages import DOCS, ROOT, text_of

VARIABLE = re.compile(r"(AWS|SSL|HTTPS?|XDG|NO_PROXY)[A-Z_]*_[A-Z]+|no_proxy|https_proxy")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_the_tables_of_the_code(page: Path) -> None:
    is_fresh = text_of(page) == renewed(text_of(page), tables())
    assert is_fresh, f"{page.name} is out of date; run: make configuration"


def test_every_table_is_on_a_page() -> None:
    shown = {match["name"] for page in PAGES for match in MARKED.finditer(text_of(page))}
    assert shown == set(tables())


def test_a_table_has_name_type_default_and_description() -> None:
    page = "before\n<!-- RetryPolicy -->\nold\n<!-- end of RetryPolicy -->\nafter"
    lines = renewed(page, tables()).splitlines()
    (row,) = [line for line in lines if line.startswith("| `retry_budget`")]
    name, takes, default, text = row.strip("| ").split(" | ")
    assert (name, takes, default) == ("`retry_budget`", "`float`", "`60`")
    assert "loss" in text
    assert (lines[0], lines[-1]) == ("before", "after")


def environment_variables() -> Iterator[str]:
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and VARIABLE.fullmatch(str(node.value)):
                yield str(node.value)


def test_the_page_names_every_environment_variable_that_is_read() -> None:
    page = text_of(DOCS / "configuration.md")
    named = set(environment_variables())
    assert "AWS_REGION" in named
    assert {name for name in named if f"`{name}`" not in page} == set()

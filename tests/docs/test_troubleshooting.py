# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every problem of the doctor's is explained, and nothing else is."""

import re

import pytest

from pipecat_sagemaker_deepgram.doctor import Check, Problem

from .pages import DOCS, text_of

ENTRY = re.compile(r"^### (?P<problem>.+)\n(?P<text>(?:(?!^#).*\n?)*)", re.MULTILINE)
PARTS = ("What it means.", "How it looks.", "What to do.")


def entries() -> dict[str, str]:
    return {match["problem"]: match["text"] for match in ENTRY.finditer(page())}


def page() -> str:
    return text_of(DOCS / "troubleshooting.md")


def test_every_problem_has_an_entry_in_the_order_of_the_checks() -> None:
    assert list(entries()) == [problem.value for problem in Problem]


@pytest.mark.parametrize("problem", Problem)
def test_an_entry_says_what_it_means_how_it_looks_and_what_to_do(problem: Problem) -> None:
    text = entries()[problem.value]
    assert [part for part in PARTS if f"**{part}** " in text] == list(PARTS)
    (checks,) = re.findall(r"\*\*How it looks\.\*\* (`.*?):", text)
    assert set(re.findall(r"`(\w+)`", checks)) <= {check.value for check in Check}


def test_every_link_leads_to_an_entry() -> None:
    assert set(re.findall(r"\]\(#([\w-]+)\)", page())) <= set(entries())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What ``docs/architecture.md`` names is where it says."""

import re

import pytest

from .pages import DOCS, ROOT, text_of

SOURCE = ROOT / "src" / "pipecat_sagemaker_deepgram"
PAGE = text_of(DOCS / "architecture.md")
BEFORE, AFTER = PAGE.split("## Where to change what")
GUIDE = dict(re.findall(r"^\| (.*?) \| (.*) \|$", AFTER, re.MULTILINE))

FILE = re.compile(r"`([\w/.-]+\.(?:py|md|toml)|Makefile)`")
FILE_WITH_NAMES = re.compile(FILE.pattern + r" \(([^)]*`)\)")

USUAL = (
    "a Deepgram parameter",
    "when to give up retrying",
    "a fault of the local endpoint",
    "another recogniser",
    "a session event",
    "a check of the doctor",
    "another version of the AWS SDK",
    "the `Finalize` timeout",
)


def text_at(name: str) -> str:
    """A file that is named from the source's folder or from the checkout's."""
    inside = SOURCE / name
    return text_of(inside if inside.is_file() else ROOT / name)


@pytest.mark.parametrize("row", [row for row in GUIDE.values() if FILE.search(row)])
def test_each_file_is_there(row: str) -> None:
    assert all(text_at(name) for name in FILE.findall(row))


@pytest.mark.parametrize("change", USUAL)
def test_what_is_to_be_changed_is_in_the_file(change: str) -> None:
    named = FILE_WITH_NAMES.findall(GUIDE[change])
    assert named
    for file, names in named:
        for name in re.findall(r"`([^`]+)`", names):
            assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text_at(file)), (file, name)


def test_every_other_file_on_the_page_is_in_the_source() -> None:
    names = {path.name for path in SOURCE.rglob("*.py")}
    short = re.findall(r"`(?:\w+/)*(\w+\.py)`", BEFORE)
    assert len(short) > 20
    assert set(short) - names <= {path.name for path in ROOT.glob("*/*.py")}

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The changelog has an entry for the version that the project says it is."""

import re
from datetime import date

from .pages import PROJECT, ROOT, text_of

TITLES = re.findall(r"^## (.*)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
SECTIONS = re.findall(r"^### (.*)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_the_version_comes_first_after_what_is_not_released() -> None:
    unreleased, latest = TITLES[:2]
    assert unreleased == "[Unreleased]"
    version, _, day = latest.partition(" - ")
    assert version == f"[{PROJECT['version']}]"
    assert date.fromisoformat(day).isoformat() == day


def test_its_sections_are_those_of_keep_a_changelog() -> None:
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(SECTIONS) <= kinds

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""README's length, and that it reads outside the repository."""

import re

from .pages import HOME, PROJECT, README, ROOT, text_of

LINK = re.compile(r"\]\(([^)]+)\)")
MOST_LINES = 150


def test_it_is_short() -> None:
    assert len(text_of(README).splitlines()) <= MOST_LINES


def test_its_links_work_on_a_package_index() -> None:
    assert [link for link in LINK.findall(text_of(README)) if not link.startswith("https://")] == []


def test_what_it_links_to_in_the_repository_is_there() -> None:
    links = [link for link in LINK.findall(text_of(README)) if link.startswith(HOME)]
    paths = [re.sub(f"^{re.escape(HOME)}/(blob|raw)/main/", "", link) for link in links]
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_every_url_of_the_project_begins_alike() -> None:
    assert all(url.startswith(HOME) for url in PROJECT["urls"].values())

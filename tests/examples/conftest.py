# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat is imported once, without what it says of itself; and pages of a browser."""

import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .chromium import Page, chromium_or_skip, running_chromium
from .offline_bot import Microphone

with warnings.catch_warnings():
    # Pipecat 1.14 subclasses what it deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.services.tts_service  # noqa: F401


@pytest.fixture
async def browser_page(tmp_path: Path) -> AsyncIterator[Page]:
    """A page of a browser that has a silent microphone."""
    program = chromium_or_skip()
    microphone = Microphone(tmp_path / "microphone.wav")
    async with running_chromium(program, tmp_path / "profile", microphone.path) as page:
        yield page


@pytest.fixture
async def page(browser_page: Page) -> AsyncIterator[Page]:
    """A page that has to run without an exception."""
    yield browser_page
    assert browser_page.exceptions == []

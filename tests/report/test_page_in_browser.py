# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A report in a browser: wide and narrow, light and dark, by keyboard."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.report import write_report

from ..axe import axe_script, problems_of
from ..examples.chromium import Page, chromium_or_skip, running_chromium
from ..examples.offline_bot import Microphone
from .run_with_breaks import broken_run, flux_turn


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    program = chromium_or_skip()
    report = tmp_path / "report.html"
    report.write_text(write_report([broken_run(), broken_run(turns=[flux_turn()])]))
    microphone = Microphone(tmp_path / "microphone.wav")
    async with running_chromium(program, tmp_path / "profile", microphone.path) as page:
        await page.open(report.as_uri())
        yield page
        assert page.exceptions == []


async def test_everybody_can_read_it(page: Page) -> None:
    script = axe_script()
    for width, is_dark in ((1280, False), (390, True)):
        await page.look(width=width, is_dark=is_dark)
        assert await problems_of(page, script) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_timeline_is_reached_and_followed_by_keyboard(page: Page) -> None:
    await page.evaluate("document.querySelector('.scroll').focus()")
    assert await page.evaluate("document.activeElement.scrollWidth > innerWidth")
    await page.evaluate("document.querySelector('.scroll a').focus()")
    await page.evaluate("document.activeElement.dispatchEvent(new MouseEvent('click'))")
    await page.until("location.hash === '#final-1-1'")

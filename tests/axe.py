# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What axe-core finds of a page that some people cannot use; fetched by npm on first use."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from .examples.chromium import Page

VERSION = "4.14.1"
FOLDER = Path(__file__).parent.parent / ".cache" / f"axe-{VERSION}"
_SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_FETCH_TIMEOUT = 120


def axe_script() -> str:
    """The script of axe-core; skips the test where there is no npm or no registry."""
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{FOLDER}.lock"):
        if not _SCRIPT.exists():
            _fetch()
    return _SCRIPT.read_text()


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    install = [npm, "install", "--silent", "--prefix", str(FOLDER), f"axe-core@{VERSION}"]
    done = subprocess.run(install, timeout=_FETCH_TIMEOUT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"axe-core cannot be fetched: {done.stderr[-200:]}")


async def problems_of(page: Page, script: str) -> list[Any]:
    """The serious and critical problems of a page, as rules and elements.

    Args:
        page: The page.
        script: What ``axe_script`` gave.
    """
    await page.evaluate(f"{script}; void 0")
    return await page.evaluate(
        "axe.run().then(({ violations }) => violations"
        ".filter(({ impact }) => ['serious', 'critical'].includes(impact))"
        ".map(({ id, nodes }) => [id, nodes[0].html]))"
    )

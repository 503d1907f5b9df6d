# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Clients that need an environment of their own, built once under ``.cache``."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from benchmarks.environments import Environment
from benchmarks.processes import ROOT
from filelock import FileLock

JAVASCRIPT = {"@deepgram/sdk": "5.13.0"}
LIVEKIT = Environment(
    name="livekit-deepgram",
    requirements=("livekit-plugins-deepgram==1.8.9",),
    shown=("livekit-plugins-deepgram",),
)
_FOLDER = ROOT / ".cache" / "clients" / "javascript"
_TIMEOUT = 60.0


def livekit_python() -> Path:
    """The interpreter that has LiveKit's plugin; skips the test when it cannot be had."""
    try:
        LIVEKIT.build()
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"LiveKit's plugin cannot be installed: {error}")
    return LIVEKIT.python


def javascript_folder() -> Path:
    """Where Deepgram's JavaScript SDK is installed; skips the test when it cannot be."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js is not installed")
    _FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{_FOLDER}.lock"):
        _install_javascript()
    return _FOLDER


def _install_javascript() -> None:
    wanted = json.dumps({"private": True, "dependencies": JAVASCRIPT})
    package = _FOLDER / "package.json"
    if (_FOLDER / "node_modules").is_dir() and package.read_text() == wanted:
        return
    _FOLDER.mkdir(parents=True, exist_ok=True)
    package.write_text(wanted)
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent"]
    try:
        subprocess.run(command, cwd=_FOLDER, check=True, timeout=_TIMEOUT)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"Deepgram's JavaScript SDK cannot be installed: {error}")


async def run_client(*command: object, cwd: Path) -> Any:
    """Run a client; return the JSON that it printed last."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_TIMEOUT):
            output, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode == 0, errors.decode()[-2000:]
    return json.loads(output.splitlines()[-1])

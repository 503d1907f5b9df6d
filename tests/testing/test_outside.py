# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The examples of README and docs/testing.md, run from an installed wheel outside this checkout.

They run in pytest-asyncio's strict mode, with strict marks, and every warning is an error.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.environments import Environment, run_uv
from benchmarks.processes import ROOT

_BLOCK = re.compile(r"```(?:python|ini)\n# ([\w.]+)\n(.*?)```", re.DOTALL)
_OWN = "pipecat-sagemaker-deepgram"
_INI = "filterwarnings = error\naddopts = --strict-markers -p no:cacheprovider\n"


def blocks(document: str) -> dict[str, str]:
    """The examples of a document by the file name in their first line."""
    found = _BLOCK.findall((ROOT / document).read_text())
    assert len(dict(found)) == len(found)
    return dict(found)


def requirements() -> tuple[str, ...]:
    """What the extra ``testing`` brings, this package left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return (*project["dependencies"], *brought("testing", project["optional-dependencies"]))


def brought(extra: str, extras: dict[str, list[str]]) -> Iterator[str]:
    """What an extra brings, by way of others too."""
    for each in extras[extra]:
        if not each.startswith(_OWN):
            yield each
            continue
        for name in each.removeprefix(f"{_OWN}[").removesuffix("]").split(","):
            yield from brought(name, extras)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter in an environment of its own, with the wheel of this checkout installed."""
    environment = Environment(
        name="outside",
        requirements=("--constraints", "constraints.txt", *requirements(), "pytest-asyncio"),
        shown=(),
    )
    folder = tmp_path_factory.mktemp("wheel")
    try:
        environment.build()
        run_uv(
            *["build", "--wheel", "--quiet", "--python", sys.executable],
            *["--out-dir", str(folder), str(ROOT)],
        )
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"the environment cannot be built here: {error}")
    (wheel,) = folder.glob("*.whl")
    target = str(environment.python)
    run_uv("pip", "install", "--quiet", "--no-deps", "--reinstall", "--python", target, str(wheel))
    return environment.python


def run(python: Path, *arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [str(python), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_readmes_example_fits_in_fifteen_lines_and_is_that_of_the_page():
    readme, page = blocks("README.md"), blocks("docs/testing.md")
    assert readme["test_bot.py"] == page["test_bot.py"]
    assert len(readme["test_bot.py"].strip().splitlines()) <= 15


@pytest.mark.speech
def test_the_examples_run_from_a_wheel(python: Path, tmp_path: Path):
    files = blocks("docs/testing.md")
    files["pytest.ini"] += _INI
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = run(python, "-m", "pytest", "-q", folder=tmp_path)
    assert f"{len([name for name in files if name.startswith('test_')])} passed" in said
    assert "warning" not in said
    assert "https://127.0.0.1:" in run(python, "-W", "ignore", "endpoint.py", folder=tmp_path)

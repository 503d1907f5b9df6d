# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The reference describes every public name."""

import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

import pipecat_sagemaker_deepgram as package

from ..public_packages import public_packages
from .pages import DOCS

pytestmark = pytest.mark.timeout(300)  # Sphinx imports the whole package with all its extras


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names that a build of the reference alone describes."""
    out = tmp_path_factory.mktemp("reference")
    only = ["-D", "include_patterns=reference/*", "-D", "root_doc=reference/services"]
    less = [
        "-D",
        "extensions=myst_parser,sphinx.ext.autodoc,sphinx.ext.napoleon",
        "-D",
        "nitpicky=0",
    ]
    command = [sys.executable, "-m", "sphinx", "-q", *only, *less, str(DOCS), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=280)
    return names_of(out / "objects.inv")


def names_of(inventory: Path) -> set[str]:
    """The Python names of an inventory that Sphinx has written."""
    data = InventoryFile.loads(inventory.read_bytes(), uri="").data
    return {name for kind, names in data.items() if kind.startswith("py:") for name in names}


def test_every_public_name_is_described(described: set[str]) -> None:
    names = {f"{each.__name__}.{name}" for each in public_packages() for name in each.__all__}
    assert names - described == set()


def test_the_fields_of_a_public_class_are_described_with_it(described: set[str]) -> None:
    client = f"{package.__name__}.SageMakerBidiClient"
    assert {f"{client}.{name}" for name in ("send_audio_chunk", "records", "stats")} <= described

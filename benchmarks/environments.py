# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An environment for each client library, built by uv under ``.cache/bench``."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from benchmarks.processes import ROOT

FOLDER = ROOT / ".cache" / "bench"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The environment of one client library.

    Attributes:
        name: Folder under ``.cache/bench``.
        requirements: The packages that uv installs.
        shown: Packages whose versions the report gives.
    """

    name: str
    requirements: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return FOLDER / self.name / "bin" / "python"

    @property
    def is_built(self) -> bool:
        """Whether it exists and is up to date."""
        stamp = FOLDER / self.name / ".built"
        return stamp.is_file() and stamp.read_text() == self._wanted()

    def build(self) -> None:
        """Build it, unless it is up to date; one process builds, others wait for it.

        Raises:
            subprocess.CalledProcessError: uv failed; its output says why.
        """
        FOLDER.mkdir(parents=True, exist_ok=True)
        with FileLock(FOLDER / f"{self.name}.lock"):
            if not self.is_built:
                self._build()

    def _build(self) -> None:
        print(f"building .cache/bench/{self.name}", file=sys.stderr)
        folder = FOLDER / self.name
        run_uv("venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        run_uv("pip", "install", "--quiet", "--python", str(self.python), *self.requirements)
        (folder / ".built").write_text(self._wanted())

    def versions(self) -> dict[str, str]:
        """Versions of the packages that matter."""
        code = (
            "import importlib.metadata as m, json, sys;"
            "print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"
        )
        command = [self.python, "-c", code, *self.shown]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    def _wanted(self) -> str:
        wanted = [sys.version, *self.requirements]
        if "." in self.requirements:
            wanted += [(ROOT / name).read_text() for name in ("pyproject.toml", "constraints.txt")]
        return "\n".join(wanted)


_SDK = "aws-sdk-sagemaker-runtime-http2"

OURS = Environment(
    name="ours",
    requirements=("--constraints", "constraints.txt", "--editable", ".", "uvloop"),
    shown=("pipecat-sagemaker-deepgram", _SDK, "pipecat-ai", "uvloop"),
)
AWS_SDK = Environment(
    name="aws-sdk",
    requirements=(f"{_SDK}[awscrt]==0.12.0", "uvloop==0.23.0"),
    shown=(_SDK, "awscrt", "uvloop"),
)
PIPECAT = Environment(
    name="pipecat",
    requirements=("pipecat-ai[deepgram,sagemaker]==1.14.0", f"{_SDK}==0.9.0"),
    shown=("pipecat-ai", _SDK, "awscrt"),
)
DEEPGRAM = Environment(
    name="deepgram-sagemaker",
    requirements=("deepgram-sagemaker==0.4.0", "deepgram-sdk==7.17.0"),
    shown=("deepgram-sagemaker", "deepgram-sdk", _SDK, "awscrt"),
)
ALL = (OURS, AWS_SDK, PIPECAT, DEEPGRAM)


def run_uv(*arguments: str) -> None:
    """Run the uv that built ``.venv``, with the machine's trusted certificates.

    Attributes:
        arguments: Its arguments.

    Raises:
        subprocess.CalledProcessError: It failed; its output says why.
    """
    uv = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
    environment = {**os.environ, "UV_SYSTEM_CERTS": "true"}
    subprocess.run([uv, *arguments], check=True, cwd=ROOT, env=environment)

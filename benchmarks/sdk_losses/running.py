# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One run of the program, in a process of its own."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import environments
from benchmarks.access import ACCESS_KEY_ID, ENDPOINT_NAME, REGION, SECRET_ACCESS_KEY, Access
from benchmarks.losses.cases import Heard
from benchmarks.processes import ROOT, FailedProcessError
from benchmarks.sdk_losses.launch import OURS, THEIRS
from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
)
from pipecat_sagemaker_deepgram.emulator import (
    EmulatorCredentials,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
)

HEARING = ScriptedBehavior(
    interim_interval=0.1, final_interval=1.0, final_lag=0.3, turns=ScriptedTurns(lag=0.2)
)
"""Finals and turns come a little after the words, as they do from Deepgram."""

BYTES_PER_SECOND = 32_000

PATIENCE = 30.0
"""Seconds beyond twice the length of the audio after which a program counts as held up."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """The program on one transport.

    Attributes:
        name: Its name in the table.
        imported: The module from which the program imports its transport.
        version: ``v1`` or ``v2``.
    """

    name: str
    imported: str
    version: str

    @property
    def python(self) -> str:
        """The interpreter that has it."""
        return sys.executable if self.imported == OURS else str(environments.DEEPGRAM.python)


CANDIDATES = tuple(
    Candidate(name=f"{version}, {name}", imported=imported, version=version)
    for version in ("v1", "v2")
    for name, imported in (("this project", OURS), ("deepgram-sagemaker 0.4", THEIRS))
)


async def run(
    candidate: Candidate, faults: tuple[str, ...], audio: bytes, *, patience: float = PATIENCE
) -> Heard:
    """Run the program under some faults.

    Args:
        candidate: On which transport.
        faults: The emulator's script.
        audio: What is said.
        patience: Seconds that the program may take beyond twice the length of the audio.
    """
    script = FaultScript([parse_fault(text) for text in faults])
    credentials = EmulatorCredentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    async with ModelContainer(ScriptedRecognizer(HEARING)) as container:
        await container.wait_until_ready()
        async with SageMakerEmulator(
            container.url, faults=script, credentials=credentials, region=REGION
        ) as emulator:
            access = Access(emulator.endpoint_url, str(emulator.ca_bundle))
            longest = 2 * len(audio) / BYTES_PER_SECOND + patience
            return await asyncio.to_thread(_run, candidate, access, audio, longest)


def _run(candidate: Candidate, access: Access, audio: bytes, longest: float) -> Heard:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.raw"
        path.write_bytes(audio)
        command = [
            *(candidate.python, "-m", "benchmarks.sdk_losses.launch", candidate.imported),
            *(access.url, candidate.version, str(path), ENDPOINT_NAME, REGION),
        ]
        environment = _environment(access)
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            printed, errors = process.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            process.kill()
            printed, errors = process.communicate()
            return _heard(printed, errors, None)
        if "ModuleNotFoundError" in errors:
            raise FailedProcessError(errors)
        if process.returncode:
            print(errors[-500:], file=sys.stderr)
        return _heard(printed, errors, time.monotonic() - began)


def _environment(access: Access) -> dict[str, str]:
    """The variables that point a program to the endpoint, without this machine's AWS settings."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **given,
        **access.environment(),
        "AWS_CA_BUNDLE": access.ca_bundle,
        "PYTHONPATH": str(ROOT),
    }


def _heard(printed: str, errors: str, seconds: float | None) -> Heard:
    return Heard(
        words=printed.lower().replace(".", "").split(),
        errors=errors.count("error: "),
        is_held_up=seconds is None,
        end_seconds=seconds,
    )

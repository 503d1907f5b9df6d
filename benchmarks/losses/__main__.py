# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speak through every service under every fault, print a table, write JSON."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from loguru import logger

from benchmarks import environments
from benchmarks.access import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Access
from benchmarks.environments import Environment
from benchmarks.losses.cases import FAULTS, WORDS, Fault, Heard, Speech
from benchmarks.losses.table import losses_table
from benchmarks.processes import FailedProcessError, run_client
from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
    marked_audio,
)
from pipecat_sagemaker_deepgram.emulator import (
    EmulatorCredentials,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
)

HEARING = ScriptedBehavior(
    interim_interval=0.1,
    final_interval=1.0,
    final_lag=0.3,
    turns=ScriptedTurns(lag=0.2),
)
"""Finals and turns come a little after the words, as they do from Deepgram."""

SECOND_OF_SILENCE = bytes(32_000)
PROCESS_TIMEOUT = 90.0


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service that is compared.

    Attributes:
        name: Its name in the table.
        module: Module that makes it.
        model: ``nova`` or ``flux``.
        environment: The environment it runs in.
    """

    name: str
    module: str
    model: str
    environment: Environment


SERVICES = tuple(
    Service(name=f"{model.title()}, {name}", module=module, model=model, environment=environment)
    for model in ("nova", "flux")
    for name, module, environment in (
        ("this project", "benchmarks.makers.ours", environments.OURS),
        ("Pipecat 1.14", "benchmarks.makers.builtin", environments.PIPECAT),
    )
)


async def measure(service: Service, fault: Fault, audio: Path) -> Heard | None:
    """Speak through one service under one fault."""
    script = FaultScript([parse_fault(text) for text in fault.script])
    credentials = EmulatorCredentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    speech = Speech(
        module=service.module, model=service.model, audio=str(audio), hangs_up=fault.hangs_up
    )
    async with ModelContainer(ScriptedRecognizer(HEARING)) as container:
        async with SageMakerEmulator(
            container.url, faults=script, credentials=credentials
        ) as emulator:
            access = Access(emulator.endpoint_url, str(emulator.ca_bundle))
            return await asyncio.to_thread(_run, speech, access, service.environment)


def _run(speech: Speech, access: Access, environment: Environment) -> Heard | None:
    try:
        told = run_client(
            "benchmarks.losses.speaking",
            speech,
            access,
            python=environment.python,
            timeout=PROCESS_TIMEOUT,
        )
    except FailedProcessError as error:
        print(error, file=sys.stderr)
        return None
    return Heard(**told)


async def measure_all(faults: Sequence[Fault]) -> dict[tuple[str, str], Heard | None]:
    """Speak through every service under each of the faults."""
    half = WORDS // 2
    results: dict[tuple[str, str], Heard | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder) / "speech.raw"
        audio.write_bytes(marked_audio(0, half) + SECOND_OF_SILENCE + marked_audio(half, half))
        for fault in faults:
            for service in SERVICES:
                print(f"{service.name}: {fault.name}", file=sys.stderr, flush=True)
                results[fault.name, service.name] = await measure(service, fault, audio)
    return results


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.losses", description=__doc__)
    parser.add_argument("--only", help="run the faults whose names hold this")
    parser.add_argument("--json", type=Path, default=Path(".cache/bench/losses.json"))
    command = parser.parse_args()
    logger.remove()
    for environment in (environments.OURS, environments.PIPECAT):
        environment.build()
    faults = [fault for fault in FAULTS if (command.only or "") in fault.name]
    results = asyncio.run(measure_all(faults))
    print(losses_table(results, [service.name for service in SERVICES]))
    told = [
        {"fault": fault, "service": service, "heard": heard and asdict(heard)}
        for (fault, service), heard in results.items()
    ]
    command.json.parent.mkdir(parents=True, exist_ok=True)
    command.json.write_text(json.dumps(told, indent=1) + "\n")
    print(f"\nwritten: {command.json}")


if __name__ == "__main__":
    main()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run the program under every fault on both transports, and print a table."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from loguru import logger

from benchmarks import environments
from benchmarks.losses.cases import FAULTS, WORDS, Fault, Heard
from benchmarks.losses.table import losses_table
from benchmarks.processes import ROOT
from benchmarks.sdk_losses.running import BYTES_PER_SECOND, CANDIDATES, run
from pipecat_sagemaker_deepgram.container import marked_audio

DOCUMENT = ROOT / "docs" / "deepgram-sdk.md"
BEGIN, END = "<!-- losses -->\n", "<!-- end of losses -->"


async def measure(faults: Sequence[Fault]) -> dict[tuple[str, str], Heard | None]:
    """Run everything, one after the other."""
    half = WORDS // 2
    results: dict[tuple[str, str], Heard | None] = {}
    for fault in faults:
        silence = b"" if fault.hangs_up else bytes(BYTES_PER_SECOND)
        audio = marked_audio(0, half) + bytes(BYTES_PER_SECOND) + marked_audio(half, half) + silence
        for candidate in CANDIDATES:
            print(f"{candidate.name}: {fault.name}", file=sys.stderr, flush=True)
            results[fault.name, candidate.name] = await run(candidate, fault.script, audio)
    return results


def put_between_marks(text: str, table: str) -> str:
    """A document with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table}\n{END}{after}"


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sdk_losses", description=__doc__)
    parser.add_argument("--only", default="", help="run the faults whose names hold this")
    parser.add_argument("--write", action="store_true", help=f"renew the table of {DOCUMENT.name}")
    command = parser.parse_args()
    logger.remove()
    environments.DEEPGRAM.build()
    faults = [fault for fault in FAULTS if command.only in fault.name]
    results = asyncio.run(measure(faults))
    table = losses_table(results, [candidate.name for candidate in CANDIDATES])
    print(table)
    if command.write:
        DOCUMENT.write_text(put_between_marks(DOCUMENT.read_text(), table))


if __name__ == "__main__":
    main()

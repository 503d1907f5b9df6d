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
    """A document with a table in its place; rows that were not measured stay as they are."""
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    return f"{before}{BEGIN}{renewed(old, table)}\n{END}{after}"


def renewed(old: str, new: str) -> str:
    """A table with the rows of another in place of its own of the same name."""
    rows = {_name(row): row for row in (old.strip() or new).splitlines()}
    rows |= {_name(row): row for row in new.splitlines()}
    return "\n".join(rows.values())


def _name(row: str) -> str:
    name = row.split("|")[1].strip()
    return "-" if set(name) == {"-"} else name


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sdk_losses", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[""], help="run the faults with this in it")
    parser.add_argument("--write", action="store_true", help=f"renew the table of {DOCUMENT.name}")
    command = parser.parse_args()
    logger.remove()
    environments.DEEPGRAM.build()
    faults = [each for each in FAULTS if any(part in each.name for part in command.only)]
    results = asyncio.run(measure(faults))
    table = losses_table(results, [candidate.name for candidate in CANDIDATES])
    print(table)
    if command.write:
        DOCUMENT.write_text(put_between_marks(DOCUMENT.read_text(), table))


if __name__ == "__main__":
    main()

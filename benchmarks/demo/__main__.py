# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run the demo: a recording, a speaker's turns, and the words lost when streams break."""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import environments
from benchmarks.demo.hearing import hear_ours, hear_peer
from benchmarks.demo.losses import IN_WORDS, Loss, compare, losses_table
from pipecat_sagemaker_deepgram.cli.arguments import DemoOptions
from pipecat_sagemaker_deepgram.cli.demo import show_demo
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.log import configure_log
from pipecat_sagemaker_deepgram.cli.outcome import words_of
from pipecat_sagemaker_deepgram.cli.report import save_report
from pipecat_sagemaker_deepgram.recorded import Transcript
from pipecat_sagemaker_deepgram.recordings import two_cities

OURS, PEER = "this project", "Pipecat 1.14"


def main() -> int:
    """Run the demo."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.demo", description=__doc__)
    parser.add_argument("--without-peer", action="store_true", help="leave Pipecat's own out")
    parser.add_argument("--speed", type=float, default=1.0, help="of the first two acts")
    parser.add_argument("--report", type=Path, default=Path(".cache/demo/report.html"))
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")
    command = parser.parse_args()
    configure_log(verbose=command.verbose)
    try:
        return _run(command)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _run(command: argparse.Namespace) -> int:
    has_peer = not command.without_peer and _build_peer()
    text, code = show_demo(DemoOptions(speed=command.speed, verbose=command.verbose))
    if code is not ExitCode.DONE:
        return code
    print(f"\nNow the first recording again, with {IN_WORDS}.\n", flush=True)
    ours, peer = asyncio.run(_hear(has_peer=has_peer))
    said = words_of([text])
    losses: list[tuple[str, Loss | None]] = [(OURS, compare(said, words_of([ours.text])))]
    if has_peer:
        losses.append((PEER, None if peer is None else compare(said, peer)))
    print(f"\n{losses_table(losses)}\n", flush=True)
    command.report.parent.mkdir(parents=True, exist_ok=True)
    save_report(command.report, [ours])
    return ExitCode.DONE


def _build_peer() -> bool:
    """Build the environment of Pipecat's own service, or return None if there is no registry."""
    try:
        environments.PIPECAT.build()
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"Pipecat's own service cannot be installed: {error}", file=sys.stderr)
        return False
    return True


async def _hear(*, has_peer: bool) -> tuple[Transcript, list[str] | None]:
    recording = two_cities()
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "speech.raw"
        raw.write_bytes(recording.linear16())
        ours = asyncio.create_task(hear_ours(recording.path))
        if not has_peer:
            return await ours, None
        notes: list[str] = []
        heard, peer = await asyncio.gather(ours, hear_peer(raw, notes.append))
        for note in notes:
            print(note, file=sys.stderr)
        return heard, peer


if __name__ == "__main__":
    sys.exit(main())

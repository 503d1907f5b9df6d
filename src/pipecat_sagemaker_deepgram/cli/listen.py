# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``listen``: transcribe a microphone through a Pipecat pipeline."""

import math
import sys
import time
from collections.abc import AsyncIterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from pipecat_sagemaker_deepgram.cli.display import Display, open_display, open_side_display
from pipecat_sagemaker_deepgram.cli.event_loop import run
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.cli.microphone import open_microphone
from pipecat_sagemaker_deepgram.cli.outcome import Outcome
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.recorded.writing import write_json

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.cli.run_recorder import RunRecorder
    from pipecat_sagemaker_deepgram.recorded import Transcript

type AudioSource = AbstractAsyncContextManager[AsyncIterable[bytes]]
"""Yields mono linear16 at 16 kHz as it is recorded; a context manager."""

_LIVE = Pace(math.inf, lead=math.inf)


def run_listen(options: ListenOptions) -> ExitCode:
    """Run the command until Ctrl-C.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        BrokenPipeError: Nobody reads stdout any more.
        ImportError: A package of an optional extra is not installed.
    """
    display = open_side_display() if options.writes_json else open_display(total_seconds=None)
    source = open_microphone(options.device)
    return conclude(run(listen(source, options, display)))


async def listen(source: AudioSource, options: ListenOptions, display: Display) -> Outcome:
    """Transcribe a live source until it ends, or until the first Ctrl-C.

    Args:
        source: The source of the audio.
        options: The endpoint, the model and how to show results.
        display: Shows what happens.

    Returns:
        The outcome.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        CommandError: The report cannot be written.
        BrokenPipeError: Nobody reads the display's output any more.
        ImportError: A package of an optional extra is not installed.
    """
    from pipecat_sagemaker_deepgram.cli.recognition import recognize_blocks

    recorder = _recorder(options)
    async with source as blocks:
        outcome = await recognize_blocks(blocks, options, display, pace=_LIVE, recorder=recorder)
    if recorder is not None:
        _keep(recorder.finish(time.monotonic()), options)
    return outcome


def _recorder(options: ListenOptions) -> "RunRecorder | None":
    if options.report is None and not options.writes_json:
        return None
    from pipecat_sagemaker_deepgram.cli.run_recorder import RunRecorder

    return RunRecorder(
        "microphone", model=options.model, language=options.language, began=time.monotonic()
    )


def _keep(record: "Transcript", options: ListenOptions) -> None:
    if options.writes_json:
        print(write_json(record), flush=True)
    if options.report is not None:
        from pipecat_sagemaker_deepgram.cli.report import save_report

        save_report(Path(options.report), [record])


def conclude(outcome: Outcome) -> ExitCode:
    """Report on stderr how a transcription ended, and return the exit code.

    Args:
        outcome: The outcome.
    """
    if outcome.trouble is not None:
        if not outcome.trouble.is_fatal:
            print("error: the end of the transcript may be missing", file=sys.stderr)
        return ExitCode.FAILED
    if not outcome.finals:
        print(f"no speech was recognised in {outcome.audio_seconds:.0f} s", file=sys.stderr)
    return ExitCode.DONE

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``transcribe``: a recording through a Pipecat pipeline."""

import sys

from pipecat_sagemaker_deepgram.cli.arguments import TranscribeOptions
from pipecat_sagemaker_deepgram.cli.audio_file import open_audio
from pipecat_sagemaker_deepgram.cli.display import open_display
from pipecat_sagemaker_deepgram.cli.event_loop import run
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.outcome import Outcome


def run_transcribe(options: TranscribeOptions) -> ExitCode:
    """Run the command.

    Args:
        options: What the user asks for.

    Raises:
        SageMakerDeepgramError: It cannot be done.
        BrokenPipeError: Nobody reads stdout any more.
        ImportError: A package of an extra is not installed.
    """
    audio = open_audio(options.file)
    display = open_display(total_seconds=audio.seconds)
    # A file that is no recording was refused by now, without waiting for Pipecat to be imported.
    from pipecat_sagemaker_deepgram.cli.recognition import recognize

    return conclude(run(recognize(audio, options, display)))


def conclude(outcome: Outcome) -> ExitCode:
    """Say on stderr what the display could not, and give the exit code.

    Args:
        outcome: What came of a transcription.
    """
    remark, code = _judge(outcome)
    if remark:
        print(remark, file=sys.stderr)
    return code


def _judge(outcome: Outcome) -> tuple[str, ExitCode]:
    trouble = outcome.trouble
    if trouble is not None and trouble.is_fatal:
        return "", ExitCode.FAILED
    if outcome.is_interrupted:
        heard = f"stopped after {outcome.audio_seconds:.1f} s of audio"
        return heard, ExitCode.INTERRUPTED
    if trouble is not None:
        return "error: the transcript may lack its end", ExitCode.FAILED
    if not outcome.is_complete:
        return "error: the pipeline ended before the recording did", ExitCode.FAILED
    return "" if outcome.finals else "no speech was recognised", ExitCode.DONE

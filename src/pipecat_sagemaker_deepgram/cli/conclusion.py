# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reports the outcome of a transcription through a pipeline."""

import sys

from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.outcome import Outcome


def conclude(outcome: Outcome) -> ExitCode:
    """Report on stderr how a transcription ended, and return the exit code.

    Args:
        outcome: The outcome of the transcription.
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
        return "error: the end of the transcript may be missing", ExitCode.FAILED
    if not outcome.is_complete:
        return "error: the pipeline stopped before the end of the recording", ExitCode.FAILED
    return "" if outcome.finals else "no speech was recognised", ExitCode.DONE

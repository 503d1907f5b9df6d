# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``doctor``: find out why an endpoint does not transcribe."""

from itertools import islice
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.audio_format import SAMPLE_RATE
from pipecat_sagemaker_deepgram.cli.doctor_arguments import DoctorOptions
from pipecat_sagemaker_deepgram.cli.doctor_report import Report, open_report
from pipecat_sagemaker_deepgram.cli.event_loop import run
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.doctor import (
    CheckFailure,
    Failure,
    Status,
    Wanted,
    diagnose,
    gather,
)
from pipecat_sagemaker_deepgram.recordings import short_sayings

_MAX_BLOCKS = 30
"""Most half-second blocks of a recording that are used."""


def run_doctor(options: DoctorOptions) -> ExitCode:
    """Run the command.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The options are invalid, or the recording cannot be read.
        BrokenPipeError: Nobody reads stdout any more.
        ImportError: ``--audio`` needs the extra ``cli``.
    """
    audio = _default_audio() if options.audio is None else read_audio(options.audio)
    wanted = Wanted(
        endpoint_name=options.endpoint_name,
        region=options.region,
        target_variant=options.target_variant,
        endpoint_url=options.endpoint_url,
        use_fips=options.use_fips,
        use_dualstack=options.use_dualstack,
        ca_bundle=options.ca_bundle,
        profile=options.profile,
        model=options.model,
        language=options.language,
        audio=audio,
    )
    return run(examine(wanted, open_report(is_json=options.is_json)))


async def examine(wanted: Wanted, report: Report) -> ExitCode:
    """Run the checks, and show each finding as soon as it is known.

    Args:
        wanted: What to check.
        report: Shows the findings.

    Returns:
        ``DONE``, or ``FAILED`` if there is a problem.
    """
    with report:
        facts = await gather(wanted, report.show)
    has_problem = any(finding.status is Status.PROBLEM for finding in diagnose(facts))
    return ExitCode.FAILED if has_problem else ExitCode.DONE


def read_audio(path: Path) -> bytes:
    """The first 15 s of a recording, as mono linear16 at 16 kHz.

    Args:
        path: The recording.

    Raises:
        RecordingError: It cannot be read.
        ImportError: The extra ``cli`` is not installed.
    """
    from pipecat_sagemaker_deepgram.recorded import open_recording

    blocks = open_recording(path).blocks(sample_rate=SAMPLE_RATE)
    return b"".join(islice(blocks, _MAX_BLOCKS))


def _default_audio() -> bytes | Failure:
    try:
        return read_audio(short_sayings().path)
    except ImportError:
        return Failure(
            kind=CheckFailure.NOT_POSSIBLE,
            message="no recording of speech is available",
            advice="Pass --audio FILE, or install 'pipecat-sagemaker-deepgram[local]'.",
        )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From the command line to an exit code."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence

from pipecat_sagemaker_deepgram.cli.arguments import (
    DemoOptions,
    EmulateOptions,
    Options,
    TranscribeOptions,
    parse_arguments,
)
from pipecat_sagemaker_deepgram.cli.container_arguments import RunContainerOptions
from pipecat_sagemaker_deepgram.cli.deploy_arguments import DeployOptions
from pipecat_sagemaker_deepgram.cli.doctor_arguments import DoctorOptions
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError, UsageError
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.extras import missing_extra
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.cli.report_arguments import ReportOptions
from pipecat_sagemaker_deepgram.cli.serve_arguments import KeysOptions, ServeOptions, WorkerOptions
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, SageMakerDeepgramError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The arguments; by default those of the process.

    Returns:
        The exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    try:
        options = parse_arguments(argv)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else ExitCode.WRONG_USAGE
    try:
        return _run(options)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return ExitCode.INTERRUPTED
    except SageMakerDeepgramError as error:
        return _report(error)
    except BrokenPipeError:
        _forget_stdout()
        return ExitCode.FAILED
    except OSError as error:
        _forget_stdout()
        return _report(CommandError(f"The operating system reports: {error}"))
    except ImportError as error:
        if (missing := missing_extra(error)) is None:
            raise
        return _report(missing)


def _run(options: Options) -> int:
    from pipecat_sagemaker_deepgram.cli.log import configure_log

    serves = isinstance(
        options, EmulateOptions | RunContainerOptions | ServeOptions | WorkerOptions
    )
    configure_log(verbose=options.verbose, serves=serves)
    match options:
        case TranscribeOptions():
            _show_a_sign()
            from pipecat_sagemaker_deepgram.cli.transcribe import run_transcribe

            return run_transcribe(options)
        case ListenOptions():
            from pipecat_sagemaker_deepgram.cli.listen import run_listen

            return run_listen(options)
        case DoctorOptions():
            from pipecat_sagemaker_deepgram.cli.doctor import run_doctor

            return run_doctor(options)
        case EmulateOptions():
            from pipecat_sagemaker_deepgram.cli.emulate import run_emulate

            return run_emulate(options)
        case DemoOptions():
            from pipecat_sagemaker_deepgram.cli.demo import run_demo

            return run_demo(options)
        case RunContainerOptions():
            from pipecat_sagemaker_deepgram.cli.container import run_container

            return run_container(options)
        case DeployOptions():
            from pipecat_sagemaker_deepgram.cli.deploy import run_deploy

            return run_deploy(options)
        case ReportOptions():
            from pipecat_sagemaker_deepgram.cli.report import run_report

            return run_report(options)
        case ServeOptions():
            from pipecat_sagemaker_deepgram.cli.serve import run_serve

            return run_serve(options)
        case WorkerOptions():
            from pipecat_sagemaker_deepgram.cli.serve import run_worker

            return run_worker(options)
        case KeysOptions():
            from pipecat_sagemaker_deepgram.cli.serve import run_keys

            return run_keys(options)


def _show_a_sign() -> None:
    """Show at once, on a terminal, that something is happening; the next line replaces it."""
    if sys.stderr is not None and sys.stderr.isatty():
        print("looking at the recordings ...\r", end="", file=sys.stderr, flush=True)


def _report(error: SageMakerDeepgramError) -> int:
    print(f"error: {error}", file=sys.stderr)
    is_usage = isinstance(error, UsageError | ConfigurationError)
    return ExitCode.WRONG_USAGE if is_usage else ExitCode.FAILED


def _forget_stdout() -> None:
    """Discard the interpreter's last flush: nobody reads stdout any more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From the command line to an exit code."""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from pipecat_sagemaker_deepgram.cli.arguments import (
    DemoOptions,
    Options,
    parse_arguments,
)
from pipecat_sagemaker_deepgram.cli.container_arguments import RunContainerOptions
from pipecat_sagemaker_deepgram.cli.deploy_arguments import DeployOptions
from pipecat_sagemaker_deepgram.cli.doctor_arguments import DoctorOptions
from pipecat_sagemaker_deepgram.cli.emulate_arguments import EmulateOptions
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError, UsageError
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.extras import missing_extra
from pipecat_sagemaker_deepgram.cli.keys_arguments import KeysOptions
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.cli.report_arguments import ReportOptions
from pipecat_sagemaker_deepgram.cli.serve_arguments import ServeOptions
from pipecat_sagemaker_deepgram.cli.transcribe_arguments import TranscribeOptions
from pipecat_sagemaker_deepgram.cli.worker_arguments import WorkerOptions
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
    _write_every_character()
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
        if (missing := missing_extra(error, command=_place_of(type(options))[0])) is None:
            raise
        return _report(missing)


_RUNNERS = {
    TranscribeOptions: ("transcribe", "run_transcribe"),
    ListenOptions: ("listen", "run_listen"),
    DoctorOptions: ("doctor", "run_doctor"),
    EmulateOptions: ("emulate", "run_emulate"),
    DemoOptions: ("demo", "run_demo"),
    RunContainerOptions: ("container", "run_container"),
    DeployOptions: ("deploy", "run_deploy"),
    ReportOptions: ("report", "run_report"),
    ServeOptions: ("serve", "run_serve"),
    WorkerOptions: ("serve", "run_worker"),
    KeysOptions: ("serve", "run_keys"),
}
"""The module and the function of each command; only that of the given one is imported."""

_SERVERS = EmulateOptions | RunContainerOptions | ServeOptions | WorkerOptions


def _run(options: Options) -> int:
    from pipecat_sagemaker_deepgram.cli.log import configure_log

    configure_log(verbose=options.verbose, serves=isinstance(options, _SERVERS))
    if isinstance(options, TranscribeOptions):
        _show_a_sign()
    return runner_of(type(options))(options)


def runner_of(options: type[Options]) -> Callable[[Options], int]:
    """Import the function that runs a command.

    Args:
        options: The type of the command's options.
    """
    module, function = _place_of(options)
    return getattr(import_module(f"{__package__}.{module}"), function)


def _place_of(options: type[Options]) -> tuple[str, str]:
    return next(_RUNNERS[kind] for kind in options.__mro__ if kind in _RUNNERS)


def _write_every_character() -> None:
    """Have stdout escape what the locale's encoding lacks, as stderr does."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


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

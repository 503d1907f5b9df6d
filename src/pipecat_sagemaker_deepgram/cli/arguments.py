# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The commands and their arguments.

Imports the standard library only: ``--help`` must not wait for Pipecat or a speech model.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from pipecat_sagemaker_deepgram.cli.argument_values import empty_values
from pipecat_sagemaker_deepgram.cli.container_arguments import RunContainerOptions, add_container
from pipecat_sagemaker_deepgram.cli.deploy_arguments import DeployOptions, add_deploy
from pipecat_sagemaker_deepgram.cli.doctor_arguments import DoctorOptions, add_doctor
from pipecat_sagemaker_deepgram.cli.emulate_arguments import EmulateOptions, add_emulate
from pipecat_sagemaker_deepgram.cli.keys_arguments import KeysOptions, add_keys
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions, add_listen
from pipecat_sagemaker_deepgram.cli.report_arguments import ReportOptions, add_report
from pipecat_sagemaker_deepgram.cli.serve_arguments import ServeOptions, add_serve
from pipecat_sagemaker_deepgram.cli.shared_arguments import add_verbose, new_options
from pipecat_sagemaker_deepgram.cli.transcribe_arguments import (
    TranscribeOptions,
    add_transcribe,
    read_speed,
)
from pipecat_sagemaker_deepgram.cli.worker_arguments import WorkerOptions, add_worker

_DISTRIBUTION = "pipecat-sagemaker-deepgram"


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """``demo``.

    Attributes:
        speed: Speed at which the audio is fed, as a multiple of real time.
        verbose: Whether to show the log.
    """

    speed: float = 1.0
    verbose: bool = False


type Options = (
    TranscribeOptions
    | ListenOptions
    | DoctorOptions
    | EmulateOptions
    | DemoOptions
    | RunContainerOptions
    | DeployOptions
    | ReportOptions
    | ServeOptions
    | KeysOptions
    | WorkerOptions
)


def parse_arguments(argv: Sequence[str] | None = None) -> Options:
    """Read the command line.

    Args:
        argv: The arguments; the process's own by default.

    Returns:
        The options of the command.

    Raises:
        SystemExit: Help was requested (0), or the arguments are invalid (2).
    """
    parser = new_parser()
    arguments = parser.parse_args(argv)
    for what in empty_values(sys.argv[1:] if argv is None else argv):
        parser.error(
            f"{what} is empty; perhaps a variable is not set. Leave it out or give a value"
        )
    return arguments.read(arguments)


def new_parser() -> argparse.ArgumentParser:
    """Make the parser of the command line, with a parser for each command."""
    parser = argparse.ArgumentParser(
        prog=_DISTRIBUTION,
        description="Speech-to-text through Deepgram on Amazon SageMaker, and an endpoint to try "
        "it against with no AWS account.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=metadata.version(_DISTRIBUTION))
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in _COMMANDS:
        add(commands)
    return parser


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "demo",
        help="transcribe sample recordings on this machine",
        description="Transcribe 44 seconds of human speech on this machine, through Pipecat, "
        "the emulated endpoint and a real speech recogniser, and report the word error rate; "
        "then 10 seconds of a speaker's turns, as Deepgram Flux reports them.",
    )
    parser.add_argument(
        "--speed", type=read_speed, default=1.0, help="times faster than real time (default: 1.0)"
    )
    add_verbose(parser)
    parser.set_defaults(read=lambda arguments: new_options(DemoOptions, arguments))


_COMMANDS = (
    add_transcribe,
    add_listen,
    add_doctor,
    add_emulate,
    _add_demo,
    add_container,
    add_deploy,
    add_report,
    add_serve,
    add_worker,
    add_keys,
)
"""The functions that add the commands, in the order of the help text."""

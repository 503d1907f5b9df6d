# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``doctor``. Imports the standard library only."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.endpoint_arguments import add_place
from pipecat_sagemaker_deepgram.cli.listen_arguments import read_speech
from pipecat_sagemaker_deepgram.cli.shared_arguments import add_verbose, new_options


@dataclass(frozen=True, kw_only=True)
class DoctorOptions:
    """``doctor``.

    Attributes:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; ``None`` for the environment's, else the profile's.
        target_variant: Production variant to use; ``None`` lets SageMaker choose one.
        endpoint_url: Base URL instead of the region's own.
        use_fips: Whether to use the FIPS host; ``None`` for the environment's or the profile's
            setting.
        use_dualstack: Whether to use the host with IPv6 and IPv4 addresses; ``None`` likewise.
        ca_bundle: PEM file of trusted certificates instead of the system's.
        profile: Profile of AWS's configuration files; ``None`` for the environment's.
        model: Deepgram's model; ``None`` tries all of them.
        language: The language to ask Deepgram Nova for; ``None`` tries ``en`` and ``multi``.
        audio: A recording of speech; ``None`` for the one that comes with the recogniser.
        is_json: Whether the report is one JSON object.
        verbose: Whether to show the log.
    """

    endpoint_name: str
    region: str | None = None
    target_variant: str | None = None
    endpoint_url: str | None = None
    use_fips: bool | None = None
    use_dualstack: bool | None = None
    ca_bundle: str | None = None
    profile: str | None = None
    model: str | None = None
    language: str | None = None
    audio: Path | None = None
    is_json: bool = False
    verbose: bool = False


def add_doctor(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "doctor",
        help="find out why an endpoint does not transcribe",
        description=_CHECKS,
        epilog=_END,
    )
    parser.add_argument(
        "--endpoint", metavar="NAME", required=True, help="name of the SageMaker endpoint"
    )
    add_place(parser)
    _add_speech(parser)
    parser.add_argument(
        "--json", dest="is_json", action="store_true", help="write the report as one JSON object"
    )
    add_verbose(parser)
    parser.set_defaults(read=lambda arguments: _read_doctor(arguments, parser))


_CHECKS = (
    "Check, in order: credentials, clock, region, endpoint, container, permission, "
    "host name, port, TLS, handshake, invocation path, model, transcript, latency; "
    "and explain how to fix each problem. A check that the credentials do not permit "
    "is reported as unknown. When the output is not a terminal, each line is "
    "STATUS<TAB>CHECK<TAB>TEXT."
)

_END = (
    "Exit codes: 0 no problem, 1 a problem, 2 wrong usage, 130 interrupted. The "
    "doctor opens a few streams to the endpoint, which count towards its usage."
)


def _add_speech(parser: argparse.ArgumentParser) -> None:
    speech = parser.add_argument_group("speech")
    speech.add_argument("--model", help="Deepgram's model (default: try all of them)")
    speech.add_argument(
        "--language", help="the language spoken (default: try Deepgram Nova with en and multi)"
    )
    speech.add_argument(
        "--audio",
        type=Path,
        metavar="FILE",
        help="a recording of speech (default: the local recogniser's sample, if that is installed)",
    )


def _read_doctor(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> DoctorOptions:
    model = arguments.model and read_speech(arguments, parser)[0]
    return new_options(DoctorOptions, arguments, endpoint_name=arguments.endpoint, model=model)

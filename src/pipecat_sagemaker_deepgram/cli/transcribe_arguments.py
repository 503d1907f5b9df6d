# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``transcribe``. Imports the standard library only."""

import argparse
import math
from dataclasses import dataclass
from typing import Literal

from pipecat_sagemaker_deepgram.cli.argument_values import count_to, whole_number
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import (
    RemoteEndpoint,
    add_endpoint,
    read_endpoint,
)
from pipecat_sagemaker_deepgram.cli.listen_arguments import add_model, read_speech
from pipecat_sagemaker_deepgram.cli.shared_arguments import (
    add_keyterms,
    add_report_file,
    add_verbose,
    new_options,
)

ENCODINGS = ("linear16", "linear32", "mulaw", "alaw")
"""Encodings of files without a header."""

type Format = Literal["text", "json", "srt", "vtt"]

_MODES = ("auto", "stream", "sync")
_FORMATS = ("text", "json", "srt", "vtt")
_rate = whole_number(1000, 384_000, "a sample rate; give a number from 1000 to 384000")

_MODE_HELP = (
    "stream them, send each as a whole by InvokeEndpoint (sync), or choose what the endpoint "
    "accepts (default: auto)"
)


@dataclass(frozen=True, kw_only=True)
class TranscribeOptions:
    """``transcribe``.

    Attributes:
        files: The recordings: files, directories, patterns, https addresses, ``-``.
        output: Where to write transcripts; ``None`` for stdout.
        format: The output format.
        overwrites: Whether to replace existing outputs.
        jobs: Number of recordings to transcribe at a time.
        mode: How recordings are sent.
        speed: Speed at which they are streamed, as a multiple of real time; infinite for as fast as
            the endpoint processes them.
        endpoint: The endpoint to use; ``None`` starts one on this machine.
        model: Deepgram's model.
        language: The language spoken; ``None`` lets Deepgram Flux detect it.
        keyterms: Terms to boost.
        parameters: Further Deepgram parameters, as pairs.
        allows_unknown: Whether to send parameters that this version does not know.
        splits_channels: Whether to transcribe each channel separately.
        channel_names: Names of the channels.
        encoding: Encoding of files without a header.
        sample_rate: Their sample rate in Hz.
        channels: Their number of channels.
        faults: Faults to inject at the endpoint that is started.
        report: Path of an HTML report of the run; ``None`` for none.
        verbose: Whether to show the log.
    """

    files: tuple[str, ...]
    output: str | None = None
    format: Format = "text"
    overwrites: bool = False
    jobs: int = 4
    mode: Literal["auto", "stream", "sync"] = "auto"
    speed: float = math.inf
    endpoint: RemoteEndpoint | None = None
    model: str = "nova-3"
    language: str | None = "en"
    keyterms: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    allows_unknown: bool = False
    splits_channels: bool = False
    channel_names: tuple[str, ...] = ()
    encoding: str | None = None
    sample_rate: int | None = None
    channels: int | None = None
    faults: tuple[str, ...] = ()
    report: str | None = None
    verbose: bool = False


def add_transcribe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "transcribe",
        help="transcribe one recording or thousands",
        description=_DESCRIPTION,
        epilog="Exit codes: 0 success, 1 a recording failed or is incomplete, 2 wrong usage, "
        "130 interrupted.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help=_FILES)
    for add in (_add_output, _add_ways, add_endpoint, _add_speech, _add_samples, add_verbose):
        add(parser)
    parser.set_defaults(read=lambda arguments: _read(arguments, parser))


_DESCRIPTION = (
    "Transcribe recordings, faster than real time. Without --endpoint, an endpoint "
    "with a real speech recogniser is started on this machine. When the output is not a "
    "terminal, each line is START<TAB>END<TAB>TEXT, in seconds, with FILE<TAB> in front if "
    "there are several files. To continue an interrupted run, start it again with the same "
    "--output."
)

_FILES = (
    "a recording of any format, a video, a directory, a pattern such as 'calls/**/*.wav', "
    "an https address, or - for standard input"
)


def read_speed(text: str) -> float:
    """Parse the value of ``--speed``.

    Args:
        text: A factor, or ``max``.

    Raises:
        argparse.ArgumentTypeError: It is neither.
    """
    if text == "max":
        return math.inf
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0.1 <= speed <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number from 0.1 to 100 nor max")
    return speed


def _add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help="a file, or a directory for one file per recording; with --json also a file "
        "ending in .jsonl, with one line per recording (default: stdout)",
    )
    _add_format(group)
    group.add_argument(
        "--overwrite", dest="overwrites", action="store_true", help="replace existing output"
    )
    add_report_file(group)


def _add_format(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--format", choices=_FORMATS, default="text", help="output format (default: text)"
    )
    group.add_argument(
        "--json",
        dest="format",
        action="store_const",
        const="json",
        help="everything that is known, one line per recording; see docs/recorded.md for the "
        "fields",
    )


def _add_ways(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how recordings are sent")
    group.add_argument(
        "--jobs",
        type=count_to(500),
        default=4,
        metavar="N",
        help="recordings to transcribe at a time (default: 4)",
    )
    group.add_argument("--mode", choices=_MODES, default="auto", help=_MODE_HELP)
    group.add_argument(
        "--speed",
        type=read_speed,
        default=math.inf,
        help="times faster than real time, or max (default: max)",
    )


def _add_speech(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("speech")
    add_model(group)
    add_keyterms(group)
    _add_parameters(group)
    group.add_argument(
        "--split-channels",
        dest="splits_channels",
        action="store_true",
        help="transcribe each channel separately (default: mix them)",
    )
    group.add_argument(
        "--channel-names",
        type=_names,
        metavar="NAMES",
        default=(),
        help="names of the channels, such as agent,customer",
    )


def _add_parameters(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--diarize", action="store_true", help="distinguish speakers")
    group.add_argument(
        "--parameter",
        dest="parameters",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=VALUE",
        help="another Deepgram parameter; may be repeated",
    )
    group.add_argument(
        "--allow-unknown-parameters",
        dest="allows_unknown",
        action="store_true",
        help="send parameters that this version does not know",
    )


def _add_samples(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("files without a header (.raw, .pcm, .ulaw, .alaw, -)")
    group.add_argument("--encoding", choices=ENCODINGS, help="their encoding")
    group.add_argument("--sample-rate", type=_rate, metavar="HZ", help="their sample rate")
    group.add_argument(
        "--channels", type=count_to(64), metavar="N", help="their number of channels (default: 1)"
    )


def _read(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> TranscribeOptions:
    if arguments.channel_names and not arguments.splits_channels:
        parser.error("--channel-names needs --split-channels")
    if arguments.overwrites and arguments.output is None:
        parser.error("--overwrite needs --output")
    model, language = read_speech(arguments, parser)
    diarize = (("diarize", "true"),) if arguments.diarize else ()
    return new_options(
        TranscribeOptions,
        arguments,
        endpoint=read_endpoint(arguments, parser),
        model=model,
        language=language,
        parameters=(*diarize, *arguments.parameters),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} does not have the form NAME=VALUE")
    return name, value

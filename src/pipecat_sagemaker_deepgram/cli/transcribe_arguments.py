# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be written after ``transcribe``. Imports the standard library only."""

import argparse
import math
from dataclasses import dataclass
from typing import Literal

from pipecat_sagemaker_deepgram.cli.argument_values import count_to
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import (
    RemoteEndpoint,
    add_endpoint,
    read_endpoint,
)
from pipecat_sagemaker_deepgram.cli.listen_arguments import add_model, read_speech

ENCODINGS = ("linear16", "linear32", "mulaw", "alaw")
"""What files without a header may hold."""

type Format = Literal["text", "json", "srt", "vtt"]

_MODES = ("auto", "stream", "sync")
_FORMATS = ("text", "json", "srt", "vtt")


@dataclass(frozen=True, kw_only=True)
class TranscribeOptions:
    """``transcribe``.

    Parameters:
        files: The recordings: files, directories, patterns, https addresses, ``-``.
        output: Where transcripts go; ``None`` for stdout.
        format: What is written.
        overwrites: Whether outputs are replaced that are there.
        jobs: How many recordings are transcribed at a time.
        mode: How they are sent.
        speed: How many times faster than real time they are streamed; infinite for as fast as
            they are listened to.
        endpoint: Where to send them; ``None`` starts an endpoint for the occasion.
        model: Deepgram's model.
        language: The language spoken; ``None`` leaves it to Deepgram Flux.
        keyterms: Terms to favour.
        parameters: Further parameters for Deepgram, as pairs.
        allows_unknown: Whether parameters are sent that are not known here.
        splits_channels: Whether each channel is transcribed by itself.
        channel_names: What the channels are called.
        encoding: What files without a header hold.
        sample_rate: Their Hz.
        channels: Their channels.
        faults: What goes wrong at the endpoint that is started.
        report: A page that the run is drawn on; ``None`` for none.
        verbose: Whether the log is shown.
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
        commands: Where to.
    """
    parser = commands.add_parser(
        "transcribe",
        help="transcribe recordings, one or thousands",
        description="Transcribe recordings, faster than real time. Without --endpoint, an endpoint "
        "with a real speech recogniser is started on this machine. When the output is not a "
        "terminal, each line is START<TAB>END<TAB>TEXT, in seconds, behind FILE<TAB> where there "
        "are several. A run that was interrupted goes on where it was when it is started again "
        "with the same --output.",
        epilog="Exit codes: 0 all went well, 1 something of a recording is missing, 2 wrong usage, "
        "130 interrupted.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a recording of any format, a video, a directory, a pattern such as 'calls/**/*.wav', "
        "an https address, or - for standard input",
    )
    _add_output(parser)
    _add_ways(parser)
    add_endpoint(parser)
    _add_speech(parser)
    _add_samples(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")
    parser.set_defaults(read=lambda arguments: _read(arguments, parser))


def read_speed(text: str) -> float:
    """Read how many times faster than real time audio goes.

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
        raise argparse.ArgumentTypeError(f"{text!r} is neither a factor from 0.1 to 100 nor max")
    return speed


def _add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help="a file; or a directory for a file each, which --json may also write to one file "
        "of lines that ends with .jsonl (default: stdout)",
    )
    group.add_argument(
        "--format", choices=_FORMATS, default="text", help="what is written (default: text)"
    )
    group.add_argument(
        "--json",
        dest="format",
        action="store_const",
        const="json",
        help="all that is known, a line each; docs/recorded.md has the fields",
    )
    group.add_argument("--overwrite", action="store_true", help="replace what is there")
    group.add_argument(
        "--report",
        metavar="FILE.html",
        help="draw the run on a page: waveform, words, streams and breaks, latencies",
    )


def _add_ways(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how they are sent")
    group.add_argument(
        "--jobs",
        type=count_to(500),
        default=4,
        metavar="N",
        help="recordings at a time (default: 4)",
    )
    group.add_argument(
        "--mode",
        choices=_MODES,
        default="auto",
        help="stream them, send each whole by InvokeEndpoint (sync), or what the endpoint takes "
        "(default: auto)",
    )
    group.add_argument(
        "--speed",
        type=read_speed,
        default=math.inf,
        help="times faster than real time, or max (default: max)",
    )


def _add_speech(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("speech")
    add_model(group)
    group.add_argument(
        "--keyterm", action="append", default=[], help="a term to favour; may be repeated"
    )
    group.add_argument("--diarize", action="store_true", help="tell speakers apart")
    group.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=VALUE",
        help="another of Deepgram's parameters; may be repeated",
    )
    group.add_argument(
        "--allow-unknown-parameters",
        action="store_true",
        help="send parameters that this version does not know",
    )
    group.add_argument(
        "--split-channels",
        action="store_true",
        help="transcribe each channel by itself (default: mix them)",
    )
    group.add_argument(
        "--channel-names",
        metavar="NAMES",
        default="",
        help="what the channels are called, as agent,customer",
    )


def _add_samples(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("files without a header (.raw, .pcm, .ulaw, .alaw, -)")
    group.add_argument("--encoding", choices=ENCODINGS, help="what they hold")
    group.add_argument("--sample-rate", type=int, metavar="HZ", help="their sample rate")
    group.add_argument("--channels", type=int, metavar="N", help="their channels (default: 1)")


def _read(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> TranscribeOptions:
    names = tuple(name.strip() for name in arguments.channel_names.split(",") if name.strip())
    if names and not arguments.split_channels:
        parser.error("--channel-names needs --split-channels")
    if arguments.overwrite and arguments.output is None:
        parser.error("--overwrite needs --output")
    model, language = read_speech(arguments, parser)
    diarize = (("diarize", "true"),) if arguments.diarize else ()
    model, language = read_speech(arguments, parser)
    return TranscribeOptions(
        files=tuple(arguments.files),
        output=arguments.output,
        format=arguments.format,
        overwrites=arguments.overwrite,
        jobs=arguments.jobs,
        mode=arguments.mode,
        speed=arguments.speed,
        endpoint=read_endpoint(arguments, parser),
        model=model,
        language=language,
        keyterms=tuple(arguments.keyterm),
        parameters=(*diarize, *arguments.parameter),
        allows_unknown=arguments.allow_unknown_parameters,
        splits_channels=arguments.split_channels,
        channel_names=names,
        encoding=arguments.encoding,
        sample_rate=arguments.sample_rate,
        channels=arguments.channels,
        faults=tuple(arguments.fault),
        report=arguments.report,
        verbose=arguments.verbose,
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name, value

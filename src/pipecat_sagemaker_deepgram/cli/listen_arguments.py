# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``listen``. Imports the standard library only."""

import argparse
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.cli.endpoint_arguments import (
    RemoteEndpoint,
    add_endpoint,
    read_endpoint,
)
from pipecat_sagemaker_deepgram.cli.shared_arguments import (
    add_keyterms,
    add_report_file,
    add_verbose,
    new_options,
)

FLUX = "flux-general-en"
"""Deepgram Flux for English, which ``flux`` stands for unless another language is given."""

MULTILINGUAL_FLUX = "flux-general-multi"
"""Deepgram Flux for several languages, which ``flux`` stands for if one of them is given."""

_ENGLISH_ONLY = (
    f"--model {FLUX} supports English only, but --language is {{language}}: use --model "
    f"{MULTILINGUAL_FLUX}"
)


@dataclass(frozen=True, kw_only=True)
class ListenOptions:
    """``listen``.

    Attributes:
        device: Number of the microphone, or a part of its name; ``None`` for the system's default.
        endpoint: The endpoint to use; ``None`` starts one on this machine.
        model: Deepgram's model.
        language: The language spoken; ``None`` lets Deepgram Flux detect it.
        keyterms: Terms to boost.
        faults: Faults to inject at the endpoint that is started.
        report: Path of an HTML report of the run; ``None`` for none.
        writes_json: Whether stdout gets the record of the run instead of its words.
        verbose: Whether to show the log.
    """

    device: int | str | None = None
    endpoint: RemoteEndpoint | None = None
    model: str = "nova-3"
    language: str | None = "en"
    keyterms: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    report: str | None = None
    writes_json: bool = False
    verbose: bool = False


def add_listen(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "listen",
        help="transcribe the microphone",
        description="Transcribe the microphone through a Pipecat pipeline, until Ctrl-C. Without "
        "--endpoint, an endpoint with a real speech recogniser is started on "
        "this machine. When the output is not a terminal, each line is START<TAB>END<TAB>TEXT, in "
        "seconds.",
    )
    _add_source_and_output(parser)
    add_endpoint(parser)
    speech = parser.add_argument_group("speech")
    add_model(speech)
    add_keyterms(speech)
    add_verbose(parser)
    parser.set_defaults(read=lambda arguments: _read_listen(arguments, parser))


def _add_source_and_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device",
        type=_device,
        help="number or name of the microphone (default: the system's default)",
    )
    parser.add_argument(
        "--json",
        dest="writes_json",
        action="store_true",
        help="write everything that is known of the run to stdout when it ends, on one line, as "
        "transcribe --json does; report draws it",
    )
    add_report_file(parser)


def add_model(group: "argparse._ArgumentGroup") -> None:
    """Add the options for Deepgram's model and the language.

    Args:
        group: The group to add them to.
    """
    group.add_argument(
        "--model",
        default="nova-3",
        help=f"Deepgram's model; flux, which reports the speaker's turns, is {FLUX}, or "
        f"{MULTILINGUAL_FLUX} where another language is given (default: nova-3)",
    )
    group.add_argument(
        "--language", help=f"the language spoken (default: en; {MULTILINGUAL_FLUX} detects it)"
    )


def read_speech(
    arguments: argparse.Namespace, parser: argparse.ArgumentParser
) -> tuple[str, str | None]:
    """Read the model and the language, and check that the model supports the language.

    Args:
        arguments: The parsed arguments.
        parser: Reports a language that the model does not support.

    Returns:
        The model, and the language; ``None`` to let the model detect it.
    """
    model, language = arguments.model, arguments.language
    if not model.startswith("flux"):
        return model, language or "en"
    is_english = language is None or language.lower().split("-")[0] == "en"
    if model == "flux":
        model = FLUX if is_english else MULTILINGUAL_FLUX
    if model != FLUX:
        return model, language
    if not is_english:
        parser.error(_ENGLISH_ONLY.format(language=language))
    return model, language or "en"


def _read_listen(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> ListenOptions:
    model, language = read_speech(arguments, parser)
    endpoint = read_endpoint(arguments, parser)
    return new_options(ListenOptions, arguments, endpoint=endpoint, model=model, language=language)


def _device(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text

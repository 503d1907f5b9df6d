# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Arguments that several commands share. Imports the standard library only."""

import argparse
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pipecat_sagemaker_deepgram.cli.argument_values import port

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def new_options[T: DataclassInstance](
    kind: type[T], arguments: argparse.Namespace, **given: Any
) -> T:
    """Make a command's options; each field gets the argument whose ``dest`` is its name.

    Args:
        kind: The dataclass of the options.
        arguments: The parsed arguments. Lists become tuples.
        given: Fields that are not taken from an argument of the same name.
    """
    names = [each.name for each in fields(kind) if each.name not in given]
    values = {name: getattr(arguments, name) for name in names}
    taken = {name: tuple(each) if isinstance(each, list) else each for name, each in values.items()}
    return kind(**taken, **given)


def add_address(parser: argparse.ArgumentParser, *, default_port: int) -> None:
    """Add the options for the address that a server listens on.

    Args:
        parser: The command's parser.
        default_port: The port unless another is given.
    """
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port",
        type=port,
        default=default_port,
        help=f"port to listen on; 0 picks a free one (default: {default_port})",
    )


def add_keyterms(group: "argparse._ArgumentGroup") -> None:
    """Add ``--keyterm``.

    Args:
        group: The group to add it to.
    """
    group.add_argument(
        "--keyterm",
        dest="keyterms",
        action="append",
        default=[],
        metavar="KEYTERM",
        help="a term to boost; may be repeated",
    )


def add_report_file(group: "argparse._ActionsContainer") -> None:
    """Add ``--report``.

    Args:
        group: The parser or group to add it to.
    """
    group.add_argument(
        "--report",
        metavar="FILE.html",
        help="write an HTML report of the run: waveform, words, streams and breaks, latencies",
    )


def add_faults(group: "argparse._ActionsContainer", help: str) -> None:
    """Add ``--fault``.

    Args:
        group: The parser or group to add it to.
        help: Its help text.
    """
    group.add_argument(
        "--fault", dest="faults", action="append", default=[], metavar="SPEC", help=help
    )


def add_verbose(parser: argparse.ArgumentParser, help: str = "show the log") -> None:
    """Add ``--verbose``.

    Args:
        parser: The command's parser.
        help: Its help text.
    """
    parser.add_argument("-v", "--verbose", action="store_true", help=help)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``keys``. Imports the standard library only."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class KeysOptions:
    """``keys``.

    Attributes:
        action: ``add``, ``list`` or ``revoke``.
        subject: The purpose of a new key, or the id of the one to revoke.
        key_file: File in which keys are stored.
        verbose: Whether to show the log.
    """

    action: str
    subject: str = ""
    key_file: Path
    verbose: bool = False


def default_key_file() -> Path:
    """The default file of keys (XDG Base Directory Specification)."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "pipecat-sagemaker-deepgram" / "keys.json"


def add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``keys``.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "keys",
        help="create, list and revoke the keys of a gateway",
        description="Create, list and revoke the keys of a gateway. Only digests are stored: a key "
        "is shown once, when it is created. A running gateway applies changes at once.",
    )
    _add_actions(parser)
    parser.set_defaults(read=_read)


def _add_actions(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION", dest="action")
    add = actions.add_parser("add", help="create a key and print it")
    add.add_argument("subject", metavar="NAME", help="what the key is for")
    actions.add_parser("list", help="list keys")
    revoke = actions.add_parser("revoke", help="revoke a key and the tokens granted to it")
    revoke.add_argument("subject", metavar="ID", help="its id, as listed")
    for each in actions.choices.values():
        each.add_argument("--keys", type=Path, metavar="FILE", help="file in which keys are stored")


def _read(arguments: argparse.Namespace) -> KeysOptions:
    return KeysOptions(
        action=arguments.action,
        subject=getattr(arguments, "subject", ""),
        key_file=arguments.keys or default_key_file(),
    )

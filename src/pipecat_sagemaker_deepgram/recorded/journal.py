# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Records what a run has written, so that another run can continue it."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pipecat_sagemaker_deepgram.recorded.exceptions import OutputError
from pipecat_sagemaker_deepgram.recorded.sources import Source


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One output.

    Attributes:
        source: Name of the recording.
        size: Its size in bytes; 0 if it is not a file.
        modified: When it was last changed, in nanoseconds since 1970; 0 if it is not a file.
        settings: Fingerprint of the settings.
        output: Name of the output.
        problem: What is missing from the transcript; empty if it is complete.
    """

    source: str
    size: int = 0
    modified: int = 0
    settings: str
    output: str
    problem: str = ""


class Journal:
    """A file with one entry per line; the last entry of an output counts.

    Args:
        path: The file; it need not exist.

    Raises:
        OutputError: It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = {entry.output: entry for entry in _read(path)}

    def entry_of(self, output: str) -> JournalEntry | None:
        """The entry of an output; ``None`` if there is none.

        Args:
            output: Name of the output.
        """
        return self._entries.get(output)

    def add(self, entry: JournalEntry) -> None:
        """Add the entry of an output.

        Args:
            entry: The entry.

        Raises:
            OSError: It cannot be written.
        """
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(entry) + b"\n")
        self._entries[entry.output] = entry


def entry_for(source: Source, output: str, settings: str, problem: str = "") -> JournalEntry:
    """Make an entry.

    Args:
        source: The recording.
        output: Name of the output.
        settings: Fingerprint of the settings.
        problem: What is missing from the transcript.
    """
    size, modified = _size_and_time(source)
    return JournalEntry(
        source=source.name,
        size=size,
        modified=modified,
        settings=settings,
        output=output,
        problem=problem,
    )


def _size_and_time(source: Source) -> tuple[int, int]:
    if source.is_stdin or source.is_url:
        return 0, 0
    try:
        found = Path(source.name).stat()
    except OSError:
        return -1, 0  # No entry was written for a missing file.
    return found.st_size, found.st_mtime_ns


def fingerprint(parts: Iterable[object]) -> str:
    """A fingerprint of settings: equal settings have equal ones, others differ.

    Args:
        parts: The settings.
    """
    return hashlib.sha256(repr(tuple(parts)).encode()).hexdigest()[:16]


def _read(path: Path) -> list[JournalEntry]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}") from error
    entries = []
    for line in lines:
        try:
            entries.append(msgspec.json.decode(line, type=JournalEntry))
        except msgspec.MsgspecError:
            # This line was being written when a run was killed.
            continue
    return entries

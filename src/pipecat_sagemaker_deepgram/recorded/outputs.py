# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Writes transcripts: one file for each, or one file with a line for each.

A file is either complete or not there: it is written under another name and then renamed. A journal
says which recording each file belongs to, so that a run that was killed can be continued.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from pipecat_sagemaker_deepgram.recorded.exceptions import OutputError
from pipecat_sagemaker_deepgram.recorded.journal import Journal, entry_for
from pipecat_sagemaker_deepgram.recorded.naming import name_outputs
from pipecat_sagemaker_deepgram.recorded.sources import Source
from pipecat_sagemaker_deepgram.recorded.transcript import SCHEMA, Transcript
from pipecat_sagemaker_deepgram.recorded.writing import (
    SUFFIX,
    OutputFormat,
    write_json,
    write_transcript,
)

JOURNAL_NAME = ".transcripts"
"""Name of a directory's journal."""

_BEGINNING = f'{{"schema":"{SCHEMA}"'.encode()
"""The beginning of each line of JSON."""


class Outputs(Protocol):
    """A destination of transcripts."""

    def has(self, source: Source) -> bool:
        """Whether the transcript of a recording exists and nothing has changed since.

        Args:
            source: The recording.

        Raises:
            OutputError: The file of its transcript exists and is something else.
        """
        ...

    def write(self, source: Source, transcript: Transcript) -> None:
        """Write a transcript.

        Args:
            source: The recording.
            transcript: Its transcript.

        Raises:
            OutputError: It cannot be written; no part of it remains.
        """
        ...


class Folder:
    """A file for each recording.

    Args:
        path: The directory; created if it does not exist.
        sources: All recordings; the files are named after them.
        format: The format of the files.
        settings: Fingerprint of the settings.
        overwrites: Whether existing files are replaced, whoever wrote them.

    Raises:
        OutputError: The directory cannot be used.
    """

    def __init__(
        self,
        path: Path,
        sources: Sequence[Source],
        format: OutputFormat,
        *,
        settings: str,
        overwrites: bool = False,
    ) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path} cannot be created: {error.strerror}") from error
        self._path = path
        self._names = name_outputs(sources, SUFFIX[format])
        self._format: OutputFormat = format
        self._settings = settings
        self._overwrites = overwrites
        self._journal = Journal(path / JOURNAL_NAME)

    def has(self, source: Source) -> bool:
        """As ``Outputs.has``."""
        name = str(self._names[source])
        if self._overwrites or not (self._path / name).exists():
            return False
        before = self._journal.entry_of(name)
        if before is None or before.source != source.name:
            raise _exists(self._path / name, "something else wrote it")
        now = entry_for(source, name, self._settings)
        if before.settings != now.settings:
            raise _exists(self._path / name, "it was written with other settings")
        return before == now

    def write(self, source: Source, transcript: Transcript) -> None:
        """As ``Outputs.write``."""
        name = str(self._names[source])
        entry = entry_for(source, name, self._settings, transcript.problem)
        place = self._path / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, write_transcript(transcript, self._format))
            self._journal.add(entry)
        except OSError as error:
            raise _unwritable(place, error) from error


class Lines:
    """One file, with a line of JSON for each recording.

    Existing lines are kept. One that was cut off when a run was killed is removed.

    Args:
        path: The file.
        settings: Fingerprint of the settings.
        overwrites: Whether an existing file is replaced.

    Raises:
        OutputError: The file cannot be used, or contains something else.
    """

    def __init__(self, path: Path, *, settings: str, overwrites: bool = False) -> None:
        self._path = path
        self._settings = settings
        self._journal_path = path.with_name(f".{path.name}.journal")
        try:
            if overwrites:
                self._journal_path.unlink(missing_ok=True)
                path.unlink(missing_ok=True)
            self._journal = Journal(self._journal_path)
            self._there = _whole_lines(path)
        except OSError as error:
            raise _unwritable(path, error) from error

    def has(self, source: Source) -> bool:
        """As ``Outputs.has``."""
        if source.name not in self._there:
            return False
        return self._journal.entry_of(source.name) == entry_for(source, source.name, self._settings)

    def write(self, source: Source, transcript: Transcript) -> None:
        """As ``Outputs.write``."""
        try:
            self._journal.add(entry_for(source, source.name, self._settings, transcript.problem))
            if source.name in self._there:
                self._drop_line(source.name)
            append_whole(self._path, f"{write_json(transcript)}\n".encode())
        except OSError as error:
            raise _unwritable(self._path, error) from error
        self._there.add(source.name)

    def _drop_line(self, name: str) -> None:
        with self._path.open(encoding="utf-8") as lines:
            kept = [line for line in lines if _source_of(line.encode(), self._path) != name]
        write_whole(self._path, "".join(kept))


def write_whole(place: Path, text: str) -> None:
    """Write a file; if that fails, it is left as it was.

    Args:
        place: The file.
        text: Its content.

    Raises:
        OSError: It cannot be written.
    """
    partial = place.with_name(f".{place.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        partial.replace(place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def append_whole(place: Path, line: bytes) -> None:
    """Append to a file; if that fails, it is left as it was.

    Args:
        place: The file.
        line: The line.

    Raises:
        OSError: It cannot be written.
    """
    with place.open("ab") as file:
        before = file.tell()
        try:
            file.write(line)
            file.flush()
        except OSError:
            os.ftruncate(file.fileno(), before)
            raise


def _whole_lines(path: Path) -> set[str]:
    """The recordings that a file has lines of; an incomplete last line of ours is removed."""
    if not path.exists():
        return set()
    if not path.is_file():
        raise _exists(path, "it is not a regular file")
    with path.open("r+b") as file:
        found, at = set(), 0
        for line in file:
            if not line.endswith(b"\n"):
                break
            found.add(_source_of(line, path))
            at += len(line)
        else:
            return found
        if not _BEGINNING.startswith(line[: len(_BEGINNING)]):
            raise _exists(path, "it contains something other than transcripts")
        file.truncate(at)
    return found


def _source_of(line: bytes, path: Path) -> str:
    try:
        return msgspec.json.decode(line, type=_Named).source
    except msgspec.MsgspecError as error:
        raise _exists(path, "it contains something other than transcripts") from error


class _Named(msgspec.Struct):
    source: str
    schema: str


def _exists(place: Path, why: str) -> OutputError:
    return OutputError(
        f"{place} already exists, and {why}",
        advice="Choose another --output, or replace it with --overwrite.",
    )


def _unwritable(place: Path, error: OSError) -> OutputError:
    return OutputError(f"{place} cannot be written: {error.strerror or error}")

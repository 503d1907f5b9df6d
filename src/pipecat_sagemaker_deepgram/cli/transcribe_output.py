# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where ``transcribe`` writes: stdout, a file, a directory, a file of lines."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pipecat_sagemaker_deepgram.cli.exceptions import UsageError
from pipecat_sagemaker_deepgram.cli.transcribe_arguments import Format, TranscribeOptions
from pipecat_sagemaker_deepgram.recorded import (
    Folder,
    Lines,
    OutputError,
    RecordedSettings,
    Source,
    Transcript,
    fingerprint,
    spoken_line,
    write_json,
    write_transcript,
    write_whole,
)
from pipecat_sagemaker_deepgram.recorded.writing import SUFFIX


class Output(Protocol):
    """Writes transcripts.

    Attributes:
        shows_words: Whether the words of the only recording are shown as they arrive, and must not
            be written again.
    """

    shows_words: bool

    def has(self, source: Source) -> bool:
        """As ``recorded.Outputs.has``."""
        ...

    def write(self, source: Source, transcript: Transcript) -> None:
        """As ``recorded.Outputs.write``."""
        ...


class Stdout:
    """Lines for other programs on stdout; those of a recording stay together.

    Args:
        format: The output format.
        is_single: Whether there is only one recording.
        shows_words: As in ``Output``.
    """

    def __init__(self, format: Format, *, is_single: bool, shows_words: bool) -> None:
        self.shows_words = shows_words
        self._format: Format = format
        self._is_single = is_single

    def has(self, source: Source) -> bool:
        """Return false: stdout does not keep the results of earlier runs."""
        return False

    def write(self, source: Source, transcript: Transcript) -> None:
        """As ``recorded.Outputs.write``.

        Raises:
            BrokenPipeError: Nobody reads it any more.
        """
        if not self.shows_words:
            print(self._written(transcript), end="", flush=True)

    def _written(self, transcript: Transcript) -> str:
        if self._format == "json":
            return f"{write_json(transcript)}\n"
        if self._format != "text":
            return write_transcript(transcript, self._format)
        name = "" if self._is_single else f"{transcript.source}\t"
        return "".join(
            f"{name}{each.start:.2f}\t{each.end:.2f}\t{spoken_line(each, transcript)}\n"
            for each in transcript.segments
        )


class OneFile:
    """A file for the only recording.

    Args:
        path: The file.
        format: The output format.
        overwrites: Whether to replace it if it exists.
    """

    shows_words = False

    def __init__(self, path: Path, format: Format, *, overwrites: bool) -> None:
        self._path = path
        self._format: Format = format
        self._overwrites = overwrites

    def has(self, source: Source) -> bool:
        """Return false, or refuse to replace an existing file.

        Raises:
            OutputError: The file exists.
        """
        if self._is_kept() and not self._overwrites:
            raise OutputError(
                f"{self._path} already exists",
                advice="Choose another --output, or add --overwrite to replace it.",
            )
        return False

    def write(self, source: Source, transcript: Transcript) -> None:
        """As ``recorded.Outputs.write``."""
        text = write_transcript(transcript, self._format)
        try:
            if self._path.exists() and not self._is_kept():
                with self._path.open("w", encoding="utf-8") as file:
                    file.write(text)
            else:
                write_whole(self._path, text)
        except OSError as error:
            why = error.strerror or error
            raise OutputError(f"{self._path} cannot be written: {why}") from error

    def _is_kept(self) -> bool:
        """Whether a file would be lost; a device or a pipe is never replaced."""
        return self._path.is_file()


class Resumable:
    """A directory or a file of lines, without transcripts that were interrupted.

    Args:
        outputs: Writes transcripts.
    """

    shows_words = False

    def __init__(self, outputs: Folder | Lines) -> None:
        self._outputs = outputs

    def has(self, source: Source) -> bool:
        """As ``recorded.Outputs.has``."""
        return self._outputs.has(source)

    def write(self, source: Source, transcript: Transcript) -> None:
        """As ``recorded.Outputs.write``; the next run repeats an interrupted transcript."""
        if not transcript.is_stopped:
            self._outputs.write(source, transcript)


def open_output(
    options: TranscribeOptions, sources: Sequence[Source], settings: RecordedSettings
) -> Output:
    """Choose where to write transcripts.

    Args:
        options: The options of the command.
        sources: All recordings.
        settings: What the model is asked for.

    Raises:
        UsageError: The options conflict.
        OutputError: The output cannot be used.
    """
    is_single = len(sources) == 1
    if options.output is None:
        return _stdout(options, is_single=is_single)
    path, known = Path(options.output), _fingerprint(options, settings)
    overwrites = options.overwrites
    if options.format == "json" and path.suffix == ".jsonl":
        return Resumable(Lines(path, settings=known, overwrites=overwrites))
    is_folder = path.is_dir() or options.output.endswith("/") or not is_single
    if not is_folder:
        return OneFile(path, options.format, overwrites=overwrites)
    is_named_as_file = path.suffix == SUFFIX[options.format] and not options.output.endswith("/")
    if is_named_as_file and not path.is_dir():
        raise UsageError(
            f"{path} is one file, but there are {len(sources)} recordings",
            advice="Give --output DIRECTORY"
            + ("/, or a file whose name ends in .jsonl." if options.format == "json" else "."),
        )
    folder = Folder(path, sources, options.format, settings=known, overwrites=overwrites)
    return Resumable(folder)


def _stdout(options: TranscribeOptions, *, is_single: bool) -> Output:
    if options.format in ("srt", "vtt") and not is_single:
        raise UsageError(
            "Captions of several recordings need a file for each", advice="Give --output DIRECTORY."
        )
    is_plain = options.format == "text" and not options.splits_channels and not options.parameters
    return Stdout(options.format, is_single=is_single, shows_words=is_single and is_plain)


def _fingerprint(options: TranscribeOptions, settings: RecordedSettings) -> str:
    return fingerprint(
        [
            *(settings.model, settings.language, settings.keyterms),
            sorted(settings.parameters.items()),
            *(options.splits_channels, options.channel_names, options.format),
            *(options.encoding, options.sample_rate, options.channels),
        ]
    )

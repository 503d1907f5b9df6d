# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``transcribe``: transcribe one recording or thousands."""

import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipecat_sagemaker_deepgram.cli.display import open_display
from pipecat_sagemaker_deepgram.cli.event_loop import run
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError, UsageError
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.explanation import explain_answer
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.cli.place import EndpointAddress, open_place
from pipecat_sagemaker_deepgram.cli.tally import Tally
from pipecat_sagemaker_deepgram.cli.transcribe_arguments import TranscribeOptions
from pipecat_sagemaker_deepgram.cli.transcribe_display import (
    Both,
    LiveWords,
    RunDisplay,
    progress_display,
)
from pipecat_sagemaker_deepgram.cli.transcribe_output import Output, open_output
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded import (
    Finished,
    RawDefaults,
    RecordedSettings,
    RecordingTranscriber,
    Source,
    Transcript,
    find_sources,
    open_recording,
    transcribe_files,
)

_CLEAR_LINE = "\r\x1b[2K"


def run_transcribe(options: TranscribeOptions) -> ExitCode:
    """Run the command.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: Nothing can be transcribed, or the only recording failed.
        BrokenPipeError: Nobody reads stdout any more.
        ImportError: A package of an optional extra is not installed.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)
    raw = RawDefaults(
        encoding=options.encoding, sample_rate=options.sample_rate, channels=options.channels
    )
    sources = find_sources(options.files, raw)
    if not sources:
        raise CommandError(f"No recording was found in {', '.join(options.files)}")
    whole = Run(options, sources, settings_of(options))
    if whole.is_single:
        # A file that is not a recording is refused before an endpoint is started for it.
        whole.look_at(sources[0])
    return run(whole.run())


class Run:
    """One run of the command.

    Args:
        options: The options of the command.
        sources: The recordings.
        settings: The settings of the model.
    """

    def __init__(
        self, options: TranscribeOptions, sources: Sequence[Source], settings: RecordedSettings
    ) -> None:
        self._options = options
        self._settings = settings
        self._output: Output = open_output(options, sources, settings)
        self._tally = Tally(len(sources), time.monotonic())
        self._sources = sources
        self._seconds: float | None = None
        self._only_error: SageMakerDeepgramError | None = None
        self._drawn: list[Transcript] = []

    @property
    def is_single(self) -> bool:
        """Whether there is only one recording."""
        return len(self._sources) == 1

    def look_at(self, source: Source) -> None:
        """Check that a file is a recording.

        Args:
            source: The file.

        Raises:
            SageMakerDeepgramError: It is not a recording.
        """
        if not (source.is_stdin or source.is_url):
            recording = open_recording(Path(source.name), raw=source.raw_format())
            self._seconds = recording.seconds

    async def run(self) -> ExitCode:
        """Transcribe the recordings.

        Raises:
            SageMakerDeepgramError: Nothing can be transcribed, or the only recording failed.
            BrokenPipeError: Nobody reads stdout any more.
            ImportError: A package of an optional extra is not installed.
        """
        display = self._display()
        waiting = self._waiting()
        if not waiting:
            return self._conclude(is_interrupted=False)
        with display:
            async with (
                open_place(self._options.endpoint, self._options.faults) as place,
                self._transcriber(place, display) as transcriber,
            ):
                with Interrupts(transcriber.stop) as interrupts:
                    finished = transcribe_files(transcriber, waiting, jobs=self._options.jobs)
                    async with contextlib.aclosing(finished):
                        async for each in finished:
                            self._take(each, display, place)
        return self._conclude(is_interrupted=interrupts.received)

    def _waiting(self) -> list[Source]:
        """The recordings that are not transcribed yet; an unusable one is reported."""
        waiting = []
        for source in self._sources:
            try:
                if self._output.has(source):
                    self._tally.skipped += 1
                else:
                    waiting.append(source)
            except SageMakerDeepgramError as error:
                self._fail(source, error)
        return waiting

    def _display(self) -> RunDisplay:
        progress = progress_display(self._tally)
        if not self._output.shows_words:
            return progress
        words = LiveWords(open_display(total_seconds=self._seconds))
        return words if sys.stdout.isatty() else Both(words, progress)

    def _transcriber(self, place: EndpointAddress, display: RunDisplay) -> RecordingTranscriber:
        options = self._options
        return RecordingTranscriber(
            place.name,
            place.region,
            settings=self._settings,
            mode=options.mode,
            split_channels=options.splits_channels,
            channel_names=options.channel_names,
            speed=options.speed,
            concurrency=options.jobs,
            on_event=display.show,
            **place.options,
        )

    def _take(self, finished: Finished, display: RunDisplay, place: EndpointAddress) -> None:
        source, transcript = finished.source, finished.transcript
        if transcript is None:
            assert finished.error is not None
            error = explain_answer(finished.error, model=self._settings.model)
            self._fail(source, place.explain(error))
        else:
            self._write(source, transcript)
        display.note_finished()

    def _write(self, source: Source, transcript: Transcript) -> None:
        if self._options.report is not None:
            self._drawn.append(transcript)
        try:
            self._output.write(source, transcript)
        except SageMakerDeepgramError as error:
            self._fail(source, error)
        else:
            is_well = transcript.is_complete
            self._tally.note_finished(source.name, transcript.seconds, is_well=is_well)
            self._remark(transcript.problem, transcript.text, source)

    def _fail(self, source: Source, error: SageMakerDeepgramError) -> None:
        self._tally.note_finished(source.name, 0.0, is_well=False)
        if self.is_single:
            self._only_error = error
        else:
            said = str(error)
            named = said if source.name in said else f"{source.name}: {said}"
            print(f"error: {named}", file=sys.stderr, flush=True)

    def _remark(self, problem: str, text: str, source: Source) -> None:
        name = "" if self.is_single else f"{source.name}: "
        if problem.startswith("stopped"):
            print(f"{name}{problem}", file=sys.stderr, flush=True)
        elif problem:
            print(f"error: {source.name} {problem}", file=sys.stderr, flush=True)
        elif not text:
            print(f"{name}no speech was recognised", file=sys.stderr, flush=True)

    def _conclude(self, *, is_interrupted: bool) -> ExitCode:
        self._draw()
        if self._only_error is not None:
            raise self._only_error
        if not self.is_single:
            print(self._tally.summary(time.monotonic()), file=sys.stderr, flush=True)
        elif self._tally.skipped:
            print(f"{self._sources[0].name} was transcribed before", file=sys.stderr, flush=True)
        if is_interrupted:
            return ExitCode.INTERRUPTED
        return ExitCode.FAILED if self._tally.failed else ExitCode.DONE

    def _draw(self) -> None:
        if self._options.report is not None and self._drawn:
            from pipecat_sagemaker_deepgram.cli.report import save_report

            save_report(Path(self._options.report), self._drawn)


def settings_of(options: TranscribeOptions) -> RecordedSettings:
    """The settings of the model.

    Args:
        options: The options of the command.

    Raises:
        UsageError: A parameter is invalid.
    """
    given: dict[str, list[str | int | float]] = {}
    for name, text in options.parameters:
        given.setdefault(name, []).append(_value(text))
    try:
        settings = RecordedSettings(
            model=options.model,
            language=options.language,
            keyterms=options.keyterms,
            parameters={
                name: values[0] if len(values) == 1 else values for name, values in given.items()
            },
            allow_unknown_parameters=options.allows_unknown,
        )
        settings.stream_query(16_000)
    except SageMakerDeepgramError as error:
        raise UsageError(error.message, advice=error.advice) from error
    return settings


def _value(text: str) -> str | int | float:
    """Convert a value to a number, if it is one."""
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        if str(number) == text:
            return number
    return text

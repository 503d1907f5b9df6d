# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One channel of speech: cut into passages, each read as a whole by Moonshine."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.segmenter import (
    Passage,
    Segmenter,
    SegmenterRules,
    SpeechBegan,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    TranscriberPool,
    pad,
    to_samples,
    transcribe,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.turns import MoonshineTurns
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    RecognizerEvent,
    SessionConfig,
    SpeechDetected,
)
from pipecat_sagemaker_deepgram.container.recognizers.words import spread_words

WINDOW = 512
_READ_AHEAD_PAUSE = 4
"""Windows of silence after which a pause may be the end of a passage."""


@dataclass(frozen=True)
class MoonshineOptions:
    """Options of ``MoonshineRecognizer``; times in seconds of audio.

    Attributes:
        interim_interval: Time between interims. It doubles as a passage gets long, because each
            interim transcribes the whole passage again.
        silence_interval: Time between empty finals during silence.
        lead_silence: Silence added before a passage; without it the first word is often wrong.
        tail_silence: Silence added after a passage.
        rules: When speech begins and where it is cut, in windows of 32 ms.
        transcribers: Copies of the model, about 100 MB each; each decodes one passage at a time.
            The default is two if the machine has two cores.
        turns: Options for v2/listen, which does not use the intervals above.
    """

    interim_interval: float = 0.5
    silence_interval: float = 4.0
    lead_silence: float = 0.5
    tail_silence: float = 0.25
    rules: SegmenterRules = field(default_factory=SegmenterRules)
    transcribers: int = field(default_factory=lambda: min(2, os.cpu_count() or 1))
    turns: MoonshineTurns = field(default_factory=MoonshineTurns)


class MoonshineSession:
    """One channel of speech.

    One call of ``feed`` decodes at most one interim, at its end. A caller that fell behind and
    feeds more audio at once therefore skips interims and catches up; finals are never skipped.
    When a pause begins, the passage is transcribed once if there is time: if the pause lasts,
    nothing new was said, and this transcript becomes the final.

    Args:
        config: The configuration.
        options: The recogniser's options.
        pool: The pool to borrow transcribers from.
        detect: Returns the voice probability of one window of linear16.
    """

    def __init__(
        self,
        config: SessionConfig,
        options: MoonshineOptions,
        pool: TranscriberPool,
        detect: Callable[[bytes], float],
    ) -> None:
        self._options = options
        self._pool = pool
        self._detect = detect
        self._interim_results = config.interim_results
        self._ends_utterances = config.endpointing is not None
        self._segmenter = Segmenter(_rules_for(options.rules, config.endpointing))
        self._audio = bytearray()
        self._audio_start = 0
        self._read_end = 0
        self._final_end = 0
        self._interim_end = 0
        self._ahead: tuple[Passage, str] | None = None

    def feed(self, pcm: bytes) -> Sequence[RecognizerEvent]:
        """Take 16 kHz linear16; return the new events."""
        self._audio += pcm
        events: list[RecognizerEvent] = []
        while (self._segmenter.position + 1) * WINDOW <= self._position:
            events += self._step()
        self._trim()
        return events + self._interim()

    def finalize(self) -> Sequence[RecognizerEvent]:
        """Transcribe the remaining audio, up to the last sample, and close the segment."""
        passage = self._segmenter.flush()
        end = self._position
        text = self._final_text(passage, end) if passage else ""
        self._read_end = end
        return [self._final(text or "", passage, end, speech_final=True)]

    def close(self) -> None:
        """Discard the audio."""
        self._audio.clear()

    @property
    def _position(self) -> int:
        return self._audio_start + len(self._audio) // 2

    def _step(self) -> list[RecognizerEvent]:
        at = (self._segmenter.position * WINDOW - self._audio_start) * 2
        match self._segmenter.step(self._detect(bytes(self._audio[at : at + 2 * WINDOW]))):
            case SpeechBegan(window):
                return [SpeechDetected(window * WINDOW / SAMPLE_RATE)]
            case Passage() as passage:
                end = passage.end * WINDOW
                text = self._final_text(passage, end)
                ends = passage.has_paused and self._ends_utterances
                return [self._final(text, passage, end, speech_final=ends)]
            case _:
                return self._quiet_final()

    def _quiet_final(self) -> list[RecognizerEvent]:
        end = self._segmenter.quiet_to * WINDOW
        due = end - self._final_end >= self._options.silence_interval * SAMPLE_RATE
        if self._segmenter.is_speaking or not due:
            return []
        return [self._final("", None, end, speech_final=False)]

    def _final(
        self, text: str, passage: Passage | None, end: int, *, speech_final: bool
    ) -> HeardSegment:
        segment = self._segment(text, passage, end)
        self._final_end = end
        self._interim_end = max(self._interim_end, end)
        return replace(segment, is_final=True, speech_final=speech_final)

    def _final_text(self, passage: Passage, end: int) -> str:
        """The text of a finished passage; the one read ahead, if nothing was said since."""
        if self._ahead is not None:
            read, text = self._ahead
            if (read.begin, read.spans) == (passage.begin, passage.spans):
                return text
        return self._read(passage, end) or ""

    def _read_ahead(self, passage: Passage, end: int) -> list[RecognizerEvent]:
        """Read a passage once a pause has begun that may end it."""
        is_due = self._segmenter.pause >= _READ_AHEAD_PAUSE
        if not is_due or (self._ahead is not None and self._ahead[0].spans == passage.spans):
            return []
        text = self._read(passage, end, wait=False)
        if text is None:
            return []
        self._ahead = (passage, text)
        self._interim_end = end
        return [self._segment(text, passage, end)] if self._interim_results else []

    def _interim(self) -> list[RecognizerEvent]:
        passage = self._segmenter.open_passage()
        end = self._segmenter.position * WINDOW
        if passage and 0 < self._segmenter.pause <= self._options.rules.pause:
            return self._read_ahead(passage, end)
        if not self._interim_results or end - self._interim_end < self._interim_samples(passage):
            return []
        text = self._read(passage, end, wait=False) if passage else ""
        if text is None:
            return []
        self._interim_end = end
        return [self._segment(text, passage, end)]

    def _interim_samples(self, passage: Passage | None) -> float:
        """Samples from one interim to the next: half a second to a second by default."""
        shortest = self._options.interim_interval * SAMPLE_RATE
        length = (passage.end - passage.begin) * WINDOW if passage else 0
        return min(2 * shortest, max(shortest, 0.15 * length)) if passage else 2 * shortest

    def _segment(self, text: str, passage: Passage | None, end: int) -> HeardSegment:
        seconds = WINDOW / SAMPLE_RATE
        spans = [(a * seconds, b * seconds) for a, b in passage.spans] if passage else []
        return HeardSegment(
            start=self._final_end / SAMPLE_RATE,
            end=end / SAMPLE_RATE,
            words=spread_words(text, spans) if spans else (),
        )

    def _read(self, passage: Passage, end: int, *, wait: bool = True) -> str | None:
        """Decode a passage; None when no transcriber is free and ``wait`` is False."""
        if not passage.spans:
            return ""
        begin = max(passage.begin * WINDOW, self._read_end)
        pcm = self._audio[(begin - self._audio_start) * 2 : (end - self._audio_start) * 2]
        with self._pool.borrow(wait=wait) as transcriber:
            if transcriber is None:
                return None
            samples = to_samples(pcm)
            padded = pad(samples, self._options.lead_silence, self._options.tail_silence)
            return transcribe(transcriber, padded)

    def _trim(self) -> None:
        """Discard the audio that no passage can need."""
        keep_from = self._segmenter.begin * WINDOW
        surplus = max(0, keep_from - self._audio_start)
        del self._audio[: 2 * surplus]
        self._audio_start += surplus


def _rules_for(rules: SegmenterRules, endpointing: float | None) -> SegmenterRules:
    """End a passage after the requested pause, but not sooner than the recogniser allows."""
    asked = round((endpointing or 0.0) * SAMPLE_RATE / WINDOW)
    return replace(rules, pause=max(rules.pause, asked))

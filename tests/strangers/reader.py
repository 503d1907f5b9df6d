# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A recogniser that hears a text in marked audio, so that what is done with words shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedRecognizer, marked_audio
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    Hearing,
    RecognizedWord,
    RecognizerEvent,
    RecognizerSession,
    SessionConfig,
    TurnSession,
)

SENTENCE = "Um, the tretinoyn weighs twenty grams."
NEXT = "My card is one two three four. That is damn late period Goodbye."
TEXT = f"{SENTENCE} {NEXT}"

_PAUSE = bytes(32_000)
_LENGTHS = [len(text.split()) for text in (SENTENCE, NEXT)]
SPEECH = marked_audio(0, _LENGTHS[0]) + _PAUSE + marked_audio(*_LENGTHS) + _PAUSE
"""``TEXT`` as linear16 of 16 kHz, with a second of silence after each part."""


class Reader(ScriptedRecognizer):
    """Hears word n of ``TEXT`` in word n of marked audio, and ``w20`` and so on beyond its end."""

    def __init__(self) -> None:
        super().__init__(ScriptedBehavior(final_interval=5.0))

    def open_session(self, config: SessionConfig) -> RecognizerSession:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Open a session for one channel."""
        return _ReaderSession(super().open_session(config))

    def open_turn_session(self, sample_rate: int) -> TurnSession:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Open a session that hears turns."""
        return _ReaderTurns(super().open_turn_session(sample_rate))


@dataclass
class _ReaderSession:
    session: RecognizerSession

    def feed(self, pcm: bytes) -> Sequence[RecognizerEvent]:
        return [_read(event) for event in self.session.feed(pcm)]

    def finalize(self) -> Sequence[RecognizerEvent]:
        return [_read(event) for event in self.session.finalize()]

    def close(self) -> None:
        self.session.close()


@dataclass
class _ReaderTurns:
    session: TurnSession

    def feed(self, pcm: bytes) -> None:
        self.session.feed(pcm)

    def finish(self) -> None:
        self.session.finish()

    def listen(self) -> Hearing | None:
        heard = self.session.listen()
        return heard and replace(heard, words=_words(heard.words))

    def end_turn(self) -> None:
        self.session.end_turn()

    def close(self) -> None:
        self.session.close()


def _read(event: RecognizerEvent) -> RecognizerEvent:
    return replace(event, words=_words(event.words)) if isinstance(event, HeardSegment) else event


def _words(words: tuple[RecognizedWord, ...]) -> tuple[RecognizedWord, ...]:
    text = dict(enumerate(TEXT.split()))
    return tuple(
        replace(word, text=text.get(int(word.text.removeprefix("w")), word.text)) for word in words
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The outcome of a transcription. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from pipecat_sagemaker_deepgram.cli.events import (
    AudioFed,
    Event,
    ProblemReported,
    Started,
    TurnOver,
    WordsHeard,
)
from pipecat_sagemaker_deepgram.deepgram.writing import join


@dataclass
class Outcome:
    """Adds up the events of one transcription.

    Attributes:
        finals: The finals, in order.
        interims: Number of interims.
        turns: The ends of the turns, if the model detects turns.
        audio_seconds: Seconds of audio that were sent.
        is_complete: Whether the whole recording was sent.
        started: When the first audio was sent, on the monotonic clock.
        trouble: The last problem, unless words were recognised after it; a fatal one is kept.
        is_interrupted: Whether the user stopped it.
    """

    finals: list[WordsHeard] = field(default_factory=list)
    interims: int = 0
    turns: list[TurnOver] = field(default_factory=list)
    audio_seconds: float = 0.0
    is_complete: bool = False
    started: float | None = None
    trouble: ProblemReported | None = None
    is_interrupted: bool = False

    def add(self, event: Event) -> None:
        """Record an event.

        Args:
            event: The event.
        """
        match event:
            case Started(at=at):
                self.started = at
            case AudioFed(seconds=seconds, is_all=is_all):
                self.audio_seconds, self.is_complete = seconds, is_all
            case ProblemReported():
                self._add_problem(event)
            case WordsHeard():
                self._add_heard(event)
            case TurnOver():
                self.turns.append(event)

    def _add_problem(self, problem: ProblemReported) -> None:
        if self.trouble is None or not self.trouble.is_fatal:
            self.trouble = problem

    def _add_heard(self, heard: WordsHeard) -> None:
        if self.trouble is not None and not self.trouble.is_fatal:
            self.trouble = None
        if heard.is_final:
            self.finals.append(heard)
        else:
            self.interims += 1

    @property
    def text(self) -> str:
        """The whole transcript."""
        return join(heard.text for heard in self.finals)

    def median_delay(self) -> float | None:
        """The median delay of a final after its last word, for audio fed in real time.

        Returns:
            Seconds; ``None`` if nothing was recognised.
        """
        return median(self._delays()) if self.finals and self.started is not None else None

    def _delays(self) -> Iterator[float]:
        assert self.started is not None
        for heard in self.finals:
            yield heard.at - (self.started + heard.end)


def words_of(texts: Iterable[str]) -> list[str]:
    """Split texts into words, without case and punctuation.

    Args:
        texts: The texts.
    """
    kept = "".join(
        character if character.isalnum() or character == "'" else " "
        for text in texts
        for character in f"{text.lower()} "
    )
    return kept.split()


def word_error_rate(reference: str, heard: str) -> float:
    """The word error rate: words inserted, deleted or replaced, as a share of the reference.

    Args:
        reference: What was spoken; at least one word.
        heard: What was recognised.
    """
    said, found = words_of([reference]), words_of([heard])
    row = list(range(len(found) + 1))
    for i, word in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(found, 1):
            replaced = diagonal + (word != other)
            diagonal, row[j] = row[j], min(replaced, row[j] + 1, row[j - 1] + 1)
    return row[-1] / len(said)

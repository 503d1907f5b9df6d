# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a transcription came to. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from pipecat_sagemaker_deepgram.cli.events import (
    AudioFed,
    Event,
    Heard,
    Problem,
    Started,
    TurnOver,
)
from pipecat_sagemaker_deepgram.deepgram.writing import join


@dataclass
class Outcome:
    """Adds up the events of one transcription.

    Parameters:
        finals: The words that were settled, in order.
        interims: How many restatements came before.
        turns: How the turns ended, where the model tells turns.
        audio_seconds: How much audio went out.
        is_complete: Whether the whole recording went out.
        started: When the first audio went out, on the monotonic clock.
        trouble: The last problem, unless words came after it; a fatal one stays.
        is_interrupted: Whether the user ended it.
    """

    finals: list[Heard] = field(default_factory=list)
    interims: int = 0
    turns: list[TurnOver] = field(default_factory=list)
    audio_seconds: float = 0.0
    is_complete: bool = False
    started: float | None = None
    trouble: Problem | None = None
    is_interrupted: bool = False

    def add(self, event: Event) -> None:
        """Take note of an event.

        Args:
            event: What happened.
        """
        match event:
            case Started(at=at):
                self.started = at
            case AudioFed(seconds=seconds, is_all=is_all):
                self.audio_seconds, self.is_complete = seconds, is_all
            case Problem():
                self._add_problem(event)
            case Heard():
                self._add_heard(event)
            case TurnOver():
                self.turns.append(event)

    def _add_problem(self, problem: Problem) -> None:
        if self.trouble is None or not self.trouble.is_fatal:
            self.trouble = problem

    def _add_heard(self, heard: Heard) -> None:
        if self.trouble is not None and not self.trouble.is_fatal:
            self.trouble = None
        if heard.is_final:
            self.finals.append(heard)
        else:
            self.interims += 1

    @property
    def text(self) -> str:
        """Everything that was heard."""
        return join(heard.text for heard in self.finals)

    def median_delay(self) -> float | None:
        """Half of the finals came at most so long after their last word, when fed in real time.

        Returns:
            Seconds; ``None`` when nothing was heard.
        """
        return median(self._delays()) if self.finals and self.started is not None else None

    def _delays(self) -> Iterator[float]:
        assert self.started is not None
        for heard in self.finals:
            yield heard.at - (self.started + heard.end)


def words_of(texts: Iterable[str]) -> list[str]:
    """The words of texts, without case and punctuation.

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
    """Words inserted, deleted or replaced, as a share of the words that were said.

    Args:
        reference: What was said; at least one word.
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

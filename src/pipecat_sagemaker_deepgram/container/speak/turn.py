# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One turn of v2/speak: its text, and how much of it has been spoken."""

import secrets
from collections import deque
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.container.speak.synthesizer import take_sentences


@dataclass
class SpokenSentence:
    """A sentence, the milliseconds of it that were sent, and its length in milliseconds.

    The length is None until the sentence was synthesised.
    """

    text: str
    milliseconds: float = 0.0
    length: float | None = None


@dataclass
class SpokenTurn:
    """A turn.

    Attributes:
        began_at: Milliseconds of the session's audio that came before it; None before it starts.
        sentences: The sentences handed to the synthesiser.
        pending: The sentences not handed over yet.
        waiting: The text of a sentence that is not complete yet.
        is_flushed: Whether the client has ended it.
        speech_id: Its id.
    """

    began_at: float | None = None
    sentences: list[SpokenSentence] = field(default_factory=list)
    pending: deque[str] = field(default_factory=deque)
    waiting: str = ""
    is_flushed: bool = False
    speech_id: str = field(default_factory=lambda: f"dg_sp_{secrets.token_hex(6)}")

    @property
    def text(self) -> str:
        """All of its text."""
        given = [sentence.text for sentence in self.sentences]
        return "".join([*given, *self.pending, self.waiting])

    @property
    def milliseconds(self) -> float:
        """How much of it was sent."""
        return sum(sentence.milliseconds for sentence in self.sentences)

    def add(self, text: str) -> None:
        """Add text; its complete sentences can be spoken."""
        sentences, self.waiting = take_sentences(self.waiting + text)
        self.pending += sentences

    def flush(self) -> None:
        """End the text, so that all of it can be spoken."""
        if self.waiting:
            self.pending.append(self.waiting)
        self.waiting = ""
        self.is_flushed = True

    def next_sentence(self) -> SpokenSentence:
        """Hand the next sentence to the synthesiser."""
        self.sentences.append(SpokenSentence(self.pending.popleft()))
        return self.sentences[-1]

    def split_at(self, milliseconds: float) -> tuple[str, str]:
        """Split the text where the turn was cut off, at a space: the spoken text and the rest."""
        spoken = ""
        for sentence in self.sentences:
            if sentence.length is None or milliseconds < sentence.length:
                share = milliseconds / sentence.length if sentence.length else 0.0
                spoken += _words_before(sentence.text, share)
                break
            spoken += sentence.text
            milliseconds -= sentence.length
        return spoken, self.text[len(spoken) :]


def _words_before(text: str, share: float) -> str:
    """The words in the first part of a text, given as a share of 1."""
    cut = text.rfind(" ", 0, round(min(1.0, share) * len(text)) + 1)
    return text[: cut + 1]

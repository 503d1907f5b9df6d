# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One turn of v2/speak: its text, and how much of it was spoken."""

import secrets
from collections import deque
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.container.speak.synthesizer import take_sentences


@dataclass
class SpokenSentence:
    """A sentence, the milliseconds of it that were sent, and how many it has.

    The length is None before the voice has spoken.
    """

    text: str
    milliseconds: float = 0.0
    length: float | None = None


@dataclass
class SpokenTurn:
    """A turn.

    Attributes:
        began_at: Milliseconds of the session's audio that came before it; None before it starts.
        sentences: What of its text was given to the voice.
        pending: The sentences that were not.
        waiting: What of its text waits for the end of its sentence.
        is_flushed: Whether the client has ended it.
        speech_id: Names it.
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
        """Add text; what of it is a whole sentence can be spoken."""
        sentences, self.waiting = take_sentences(self.waiting + text)
        self.pending += sentences

    def flush(self) -> None:
        """Let all of the text be spoken, and add none."""
        if self.waiting:
            self.pending.append(self.waiting)
        self.waiting = ""
        self.is_flushed = True

    def next_sentence(self) -> SpokenSentence:
        """Give the next sentence to the voice."""
        self.sentences.append(SpokenSentence(self.pending.popleft()))
        return self.sentences[-1]

    def split_at(self, milliseconds: float) -> tuple[str, str]:
        """The text that was spoken after so much of the turn, and the rest; a cut is at a space."""
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
    """The words of a text before a share of it."""
    cut = text.rfind(" ", 0, round(min(1.0, share) * len(text)) + 1)
    return text[: cut + 1]

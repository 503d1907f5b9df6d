# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One turn that is on: its text, put together of what its streams have said. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import HeardTurn
from pipecat_sagemaker_deepgram.deepgram.v2.wording import Delivered, words_before

REPORTED_AFTER = 1.0
"""Seconds after it began by which a container reports a turn, as a rule."""


def begin_of(info: TurnInfo) -> float:
    """Where the speech of a turn begins that is reported for the first time, in session seconds."""
    if info.is_timed:
        return info.words[0].middle or 0.0
    return max(info.audio_window_start, info.audio_window_end - REPORTED_AFTER)


@dataclass(slots=True)
class OpenTurn:
    """What is known of a turn.

    Attributes:
        key: Its stream and its number there; ``None`` while it is carried to another stream.
        started_at: How far the container had listened when it first reported the turn, in session
            seconds.
        begins_at: Where its speech begins, as far as is known, in session seconds.
        heard: The last message of it.
        text: Its text so far.
        skipped: Words at the beginning of ``heard`` that were given out with another turn.
        heard_prefix: Words from before the stream of ``heard``.
        prefix: Words from before the stream in use.
        predicted: Its text when it was predicted to end, unless that was withdrawn.
        confirm_by: The time by which the new stream has to report a turn that was carried over.
        is_shown: Whether it was reported.
    """

    key: tuple[int, int] | None
    started_at: float
    begins_at: float
    heard: HeardTurn
    text: str = ""
    skipped: int = 0
    heard_prefix: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    predicted: str | None = None
    confirm_by: float | None = None
    is_shown: bool = False

    @property
    def heard_to(self) -> float:
        """How far the container has listened, in session seconds."""
        return self.heard.info.audio_window_end

    def take_text(self, heard: HeardTurn, words: list[str]) -> None:
        """Take the turn's text from a message, of which only some words are this turn's."""
        self.heard, self.heard_prefix = heard, self.prefix
        self.skipped = len(heard.info.transcript.split()) - len(words)
        has_all = not self.prefix and not self.skipped
        self.text = heard.info.transcript if has_all else " ".join((*self.prefix, *words))

    def carry_over(self, begins_at: float) -> None:
        """Belong to another stream, which is given the audio from a moment on again."""
        before = words_before(self.heard.info, begins_at, since=self.started_at)
        self.key = None
        self.prefix = (*self.heard_prefix, *before[self.skipped :])

    def delivered(self) -> Delivered:
        """What is given out when the turn ends here."""
        info = self.heard.info
        own_words = info.transcript.split()
        return Delivered(
            stream=self.heard.stream,
            turn_index=info.turn_index,
            words=(*self.heard_prefix, *own_words),
            own_words=len(own_words),
            to=info.text_end,
        )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Presents a session that speaks as one stream: what to send, and what the caller gets. Pure."""

from pipecat_sagemaker_deepgram.client.records import (
    Connected,
    Lost,
    Message,
    Record,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.deepgram.relay import read_message
from pipecat_sagemaker_deepgram.deepgram.speak.speech import SpokenText


class SpeechRelay:
    """Makes sure that every text is spoken once, whatever happens to streams.

    After each event its owner sends the stream in use everything that ``next`` returns, and ends
    the session once ``is_done`` is true.

    Args:
        speech: Knows what has been spoken.

    Attributes:
        takes_text: Whether there is a stream that accepts text.
        is_closing: Whether the caller has sent ``Close``.
    """

    def __init__(self, speech: SpokenText) -> None:
        self._speech = speech
        self._progress: int | None = None
        self.takes_text = True
        self.is_closing = False

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is due."""
        return self._speech.is_waiting

    @property
    def is_done(self) -> bool:
        """Whether everything is spoken and no more text will follow."""
        return self.is_closing and not self._speech.is_waiting

    def say(self, text: str) -> None:
        """Accept a message from the caller; ``Close`` is the last."""
        self._speech.say(text)
        self.is_closing = read_message(text).get("type") == "Close"

    def next(self) -> str | None:
        """The next message for the stream in use; ``None`` while there is no stream or message."""
        return self._speech.next() if self.takes_text else None

    def observe(self, record: Record) -> list[str | bytes]:
        """Process the session's next record.

        Returns:
            What to pass to the caller.
        """
        match record:
            case Message(data=data):
                return self._speech.heard(data)
            case Lost():
                self._speech.lost()
                self.takes_text = False
            case StreamChanged():
                self._speech.lost()
                self.takes_text = True
            case Connected(is_first=False):
                self.takes_text = True
            case _:
                pass
        return []

    def is_lost_for_good(self) -> bool:
        """Whether two streams in a row were lost at the same text, which may be the cause.

        Call this once for each loss.
        """
        return self._speech.has_unspoken and self.is_futile()

    def is_futile(self) -> bool:
        """Whether nothing has arrived since the last call; call it once per stream given up."""
        before, self._progress = self._progress, self._speech.progress
        return before == self._progress

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session that speaks, as one stream: what it is given, and what its caller gets. Pure."""

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
    """Has every text spoken once, whatever happens to streams.

    Whoever owns it gives the stream in use all that ``next`` has after whatever happened, and ends
    the session once it ``is_done``.

    Args:
        speech: Knows what is spoken.

    Attributes:
        takes_text: Whether there is a stream to give text to.
        is_closing: Whether nothing more is to be said.
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
        """Whether all is spoken, and nothing more comes."""
        return self.is_closing and not self._speech.is_waiting

    def say(self, text: str) -> None:
        """Take a message of the caller's in; ``Close`` is the last."""
        self._speech.say(text)
        self.is_closing = read_message(text).get("type") == "Close"

    def next(self) -> str | None:
        """The next message for the stream in use; ``None`` while there is no stream or message."""
        return self._speech.next() if self.takes_text else None

    def observe(self, record: Record) -> list[str | bytes]:
        """Take the session's next record in.

        Returns:
            What the caller gets of it.
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
        """Whether two streams in a row were lost over the same text, which may be what ends them.

        To be asked once for each loss.
        """
        return self._speech.has_unspoken and self.is_futile()

    def is_futile(self) -> bool:
        """Whether nothing has come since this was last asked: once for each stream given up."""
        before, self._progress = self._progress, self._speech.progress
        return before == self._progress

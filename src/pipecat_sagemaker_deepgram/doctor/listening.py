# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Interpreting a container's messages. Pure."""

from pipecat_sagemaker_deepgram.doctor.candidates import Candidate
from pipecat_sagemaker_deepgram.doctor.facts import (
    HeardSpeech,
    Said,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
)
from pipecat_sagemaker_deepgram.doctor.replies import Reply


class MessageCollector:
    """Collects the messages that a container sends on a new stream.

    Args:
        candidate: The path and the parameters of the stream.
    """

    def __init__(self, candidate: Candidate) -> None:
        self._wanted = "connected" if candidate.is_flux else "metadata"
        self._replies: list[Reply] = []
        self._failure: Failure | None = None
        self._is_ended = False

    def is_over(self, reply: Reply | None) -> bool:
        """Add a reply.

        Args:
            reply: The reply; ``None`` for the stream's end.

        Returns:
            Whether no further reply is needed.
        """
        if reply is None:
            self._is_ended = True
            return True
        self._replies.append(reply)
        return reply.kind in (self._wanted, "error")

    def failed(self, failure: Failure) -> None:
        """Record that the stream failed.

        Args:
            failure: Why.
        """
        self._failure = failure

    def outcome(self, timeout: float) -> Said | Failure:
        """Return what the container sent, or that it sent nothing.

        Args:
            timeout: Seconds that the doctor waited.
        """
        if not self._replies:
            return self._failure or Failure(
                kind=CheckFailure.SILENT,
                message=(
                    "the container ended the stream without sending a message"
                    if self._is_ended
                    else f"the container sent no message within {timeout:g} s"
                ),
            )
        kinds = {reply.kind for reply in self._replies}
        return Said(
            is_deepgram=not kinds <= {"other"},
            model=next((reply.model for reply in self._replies if reply.model), ""),
            error=next((reply.error for reply in self._replies if reply.kind == "error"), ""),
        )


class RecordingListener:
    """Collects what is recognised in a recording that is sent in real time."""

    def __init__(self) -> None:
        self.speech = HeardSpeech(text="")
        self.failure: Failure | None = None

    def hear(self, reply: Reply | None, elapsed: float) -> bool:
        """Add a reply.

        Args:
            reply: The reply; ``None`` for the stream's end.
            elapsed: Seconds since the first audio of the recording was sent.

        Returns:
            Whether no further reply is needed.
        """
        if reply is None:
            return True
        if reply.kind == "error":
            message = f"Deepgram answers with an error: {reply.error}"
            self.failure = Failure(kind=CheckFailure.MODEL, message=message)
            return True
        if reply.kind != "words" or not reply.text:
            return False
        first = self.speech.first_words_delay
        self.speech = HeardSpeech(
            text=reply.text,
            is_final=reply.is_final,
            first_words_delay=max(0.0, elapsed - reply.covers_to) if first is None else first,
            final_delay=max(0.0, elapsed - reply.words_end) if reply.is_final else None,
        )
        return reply.is_final

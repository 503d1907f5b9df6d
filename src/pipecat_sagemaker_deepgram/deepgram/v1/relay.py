# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The v1/listen messages of a session as those of one stream: each word once in finals. Pure."""

from typing import Any

from pipecat_sagemaker_deepgram.client.records import Closed, GivenUp, Message, Record
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage
from pipecat_sagemaker_deepgram.deepgram.relay import RelayStep, json_text
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Metadata,
    NovaError,
    Results,
    SpeechStarted,
    UtteranceEnd,
)
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import INCOMPLETE
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import Transcript, Transcripts


class NovaRelay:
    """Hands on what a session with Deepgram Nova says, in session time.

    Of what a second stream says again only the new words are left, an event that was told is not
    told again, and an error that the session overcomes is none. ``Metadata`` comes once, last.
    """

    def __init__(self) -> None:
        self._transcripts = Transcripts()
        self._metadata: dict[str, Any] | None = None
        # Of each kind of event, the latest that each stream has told, in session seconds
        self._latest: dict[type, dict[int, float]] = {SpeechStarted: {}, UtteranceEnd: {}}

    def observe(self, record: Record, now: float) -> list[RelayStep]:
        """Take the next record in; see ``Relay``."""
        match record:
            case Message():
                return self._hear(record)
            case GivenUp():
                return self._rest()
            case Closed():
                metadata = [] if self._metadata is None else [json_text(self._metadata)]
                return [*self._rest(), *metadata]
            case _:
                return []

    def get_timer(self) -> float | None:
        """Nothing is ever due."""
        return None

    def handle_timer(self, now: float) -> list[RelayStep]:
        """Do nothing."""
        return []

    def _hear(self, record: Message) -> list[RelayStep]:
        message, body = record.value
        match message:
            case Results():
                transcript = self._transcripts.take(message, body, stream=record.stream)
                return [json_text(_results(body, transcript))]
            case Metadata():
                self._end(message, body, record)
                return []
            case NovaError(variant=variant) if variant != "SchemaError":
                return []
            case SpeechStarted(timestamp=at) | UtteranceEnd(last_word_end=at):
                is_told = self._is_told(self._latest[type(message)], record.stream, at)
                return [] if is_told else [json_text(body)]
            case MalformedMessage() if not body:
                return []  # It is no JSON object, over which Deepgram's SDK stops listening.
            case _:
                return [json_text(body)]

    def _is_told(self, latest: dict[int, float], stream: int, at: float) -> bool:
        """Whether a stream before has told of a moment."""
        is_told = any(0 <= at <= latest[before] for before in latest if before < stream)
        latest[stream] = max(at, latest.get(stream, 0.0))
        return is_told

    def _end(self, metadata: Metadata, body: dict[str, Any], record: Message) -> None:
        """The stream's last message; the session's is that of the stream that ends it."""
        if metadata.sha256 == INCOMPLETE:
            return
        self._transcripts.answered()
        self._metadata = body
        if metadata.duration is not None:
            body["duration"] = record.timeline.to_session(metadata.duration)

    def _rest(self) -> list[RelayStep]:
        """Interims that no final will follow, which stand for them."""
        return [
            json_text(_results(each.body, each) | {"is_final": True})
            for each in self._transcripts.promote()
        ]


def _results(body: dict[str, Any], transcript: Transcript | None) -> dict[str, Any]:
    """Results with only the words that are new."""
    new = transcript.results.alternative if transcript else None
    kept = len(new.words) if new else 0
    best: dict[str, Any] = next(iter(body["channel"]["alternatives"]), {})
    text = new.transcript if new else ""
    if best.get("transcript", "") == text:
        return body
    words = best.get("words") or []
    best["transcript"], best["words"] = text, words[len(words) - kept :] if kept else []
    best.pop("paragraphs", None)
    return body

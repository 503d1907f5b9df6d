# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The v1/listen messages of a session as those of one stream: each word once in finals. Pure."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipecat_sagemaker_deepgram.client.records import Closed, GivenUp, Message, Record
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage
from pipecat_sagemaker_deepgram.deepgram.relay import RelayStep
from pipecat_sagemaker_deepgram.deepgram.v1.channel_track import ChannelTrack
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Metadata,
    NovaError,
    Results,
    SpeechStarted,
    UtteranceEnd,
)
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import INCOMPLETE
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript, Transcripts


class NovaRelay:
    """Hands on what a session with Deepgram Nova says, in session time.

    Of what a second stream says again only the new words are left, in finals whose times run on;
    its interims wait until they have come as far as those before. An event that was reported is
    not reported again, an answer to ``Finalize`` is one only where the caller has asked, and an
    error that the session overcomes is none. ``Metadata`` comes once, last.

    Attributes:
        heard_to: How far the container has listened on every channel, in session seconds.
    """

    def __init__(self) -> None:
        self.heard_to = 0.0
        self._transcripts = Transcripts()
        self._metadata: dict[str, Any] | None = None
        self._tracks: dict[int, ChannelTrack] = {}
        # How often Finalize was asked for, by channel; None is every channel
        self._asked: Counter[int | None] = Counter()
        self._answered: Counter[int] = Counter()

    def sent(self, message: Mapping[str, Any]) -> None:
        """Take note of what the caller sends; see ``Relay``."""
        channel = message.get("channel")
        if message.get("type") == "Finalize" and (channel is None or isinstance(channel, int)):
            self._asked[channel] += 1

    def observe(self, record: Record, now: float) -> list[RelayStep]:
        """Take the next record in; see ``Relay``."""
        match record:
            case Message():
                return self._hear(record)
            case GivenUp():
                return self._rest()
            case Closed():
                return [*self._rest(), *([] if self._metadata is None else [self._metadata])]
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
        stream = record.stream
        match message:
            case Results():
                return self._hear_results(message, body, stream)
            case Metadata():
                self._end(message, body, record)
                return []
            case NovaError(variant=variant) if variant != "SchemaError":
                return []
            case SpeechStarted(timestamp=at):
                return [body] if self._track(_channel_of(body)).begins_speech(at, stream) else []
            case UtteranceEnd(last_word_end=at):
                return [body] if self._track(_channel_of(body)).ends_utterance(at, stream) else []
            case MalformedMessage() if not body:
                return []  # It is not a JSON object, over which Deepgram's SDK stops listening.
            case _:
                return [body]

    def _hear_results(self, results: Results, body: dict[str, Any], stream: int) -> list[RelayStep]:
        track = self._track(results.channel)
        transcript = self._transcripts.take(results, body, stream=stream)
        is_news = track.hear(results, stream)
        self.heard_to = min(each.heard_to for each in self._tracks.values())
        if not is_news:
            return []
        _keep_words(body, transcript)
        if results.from_finalize and not self._is_asked(results.channel):
            body["from_finalize"] = False
        if results.is_final:
            track.settle(body)
        return [body]

    def _is_asked(self, channel: int) -> bool:
        """Whether the caller waits for an answer to ``Finalize``, which this is then."""
        asked = self._asked[None] + self._asked[channel]
        is_asked = asked > self._answered[channel]
        self._answered[channel] += is_asked
        return is_asked

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
        return [self._final(each) for each in self._transcripts.promote()]

    def _final(self, transcript: FreshTranscript) -> dict[str, Any]:
        marks = ("promoted", "trimmed")
        body = {name: value for name, value in transcript.body.items() if name not in marks}
        body |= {"is_final": True, "speech_final": True}
        _keep_words(body, transcript)
        self._track(transcript.results.channel).settle(body)
        return body

    def _track(self, channel: int) -> ChannelTrack:
        return self._tracks.setdefault(channel, ChannelTrack())


def _channel_of(body: Mapping[str, Any]) -> int:
    """The channel of an event, as in ``[0, 1]``; the first where it is not said."""
    match body.get("channel"):
        case [int(channel), *_]:
            return channel
        case _:
            return 0


def _keep_words(body: dict[str, Any], transcript: FreshTranscript | None) -> None:
    """Leave only the words that are new in a message, in place: the last ones."""
    new = transcript.results.alternative if transcript else None
    text, kept = (new.transcript, len(new.words)) if new else ("", 0)
    best: dict[str, Any] = next(iter(body["channel"]["alternatives"]), {})
    if best.get("transcript", "") == text:
        return
    words = best.get("words") or []
    best["transcript"], best["words"] = text, words[len(words) - kept :] if kept else []
    best.pop("paragraphs", None)

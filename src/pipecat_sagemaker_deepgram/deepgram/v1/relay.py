# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Presents a session's v1/listen messages as those of one stream: no word twice in finals. Pure."""

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
    """Passes on the messages of a session with Deepgram Nova, in session time.

    When a second stream repeats text, only its new words are passed on, in finals whose times
    continue those before. Its interims are held back until they are as far as the earlier ones. No
    event is reported twice, ``from_finalize`` is set only if the caller has sent ``Finalize``, and
    an error that the session overcomes is not passed on. ``Metadata`` is passed on once, at the
    end.

    Attributes:
        heard_to: How far the container has processed every channel, in session seconds.
    """

    def __init__(self) -> None:
        self.heard_to = 0.0
        self._transcripts = Transcripts()
        self._metadata: dict[str, Any] | None = None
        self._tracks: dict[int, ChannelTrack] = {}
        # How often the caller has sent Finalize, by channel; None stands for every channel
        self._asked: Counter[int | None] = Counter()
        self._answered: Counter[int] = Counter()

    def sent(self, message: Mapping[str, Any]) -> None:
        """Note a message that the caller sends; see ``Relay``."""
        channel = message.get("channel")
        if message.get("type") == "Finalize" and (channel is None or isinstance(channel, int)):
            self._asked[channel] += 1

    def observe(self, record: Record, now: float) -> list[RelayStep]:
        """Process the next record; see ``Relay``."""
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
        """Return ``None``: nothing is ever due."""
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
                return []  # Deepgram's SDK stops listening at a message that is not a JSON object.
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
        """Whether the caller is waiting for an answer to ``Finalize``; counts this one as it."""
        asked = self._asked[None] + self._asked[channel]
        is_asked = asked > self._answered[channel]
        self._answered[channel] += is_asked
        return is_asked

    def _end(self, metadata: Metadata, body: dict[str, Any], record: Message) -> None:
        """Keep a stream's last message: the last stream's is also the session's."""
        if metadata.sha256 == INCOMPLETE:
            return
        self._transcripts.answered()
        self._metadata = body
        if metadata.duration is not None:
            body["duration"] = record.timeline.to_session(metadata.duration)

    def _rest(self) -> list[RelayStep]:
        """Finals made of the interims that no final will follow."""
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
    """The channel of an event, as in ``[0, 1]``; the first one if the event names none."""
    match body.get("channel"):
        case [int(channel), *_]:
            return channel
        case _:
            return 0


def _keep_words(body: dict[str, Any], transcript: FreshTranscript | None) -> None:
    """Keep only the new words in a message, which are the last ones; changes it in place."""
    new = transcript.results.alternative if transcript else None
    text, kept = (new.transcript, len(new.words)) if new else ("", 0)
    best: dict[str, Any] = next(iter(body["channel"]["alternatives"]), {})
    if best.get("transcript", "") == text:
        return
    words = best.get("words") or []
    best["transcript"], best["words"] = text, words[len(words) - kept :] if kept else []
    best.pop("paragraphs", None)

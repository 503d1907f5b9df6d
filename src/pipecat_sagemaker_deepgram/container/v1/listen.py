# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One connection of v1/listen: messages of the client in, JSON messages out.

It has no sockets, clocks or tasks; waiting is left to ``connection``. The order of messages follows
Deepgram docs, "Interim results", "Finalize", "Close stream" and "Utterance end".
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from pipecat_sagemaker_deepgram.audio.reader import AudioReader
from pipecat_sagemaker_deepgram.container.dialogue import (
    Audio,
    AudioPacket,
    CloseStream,
    KeepAlive,
    Unparseable,
)
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    Recognizer,
    RecognizerEvent,
    RecognizerSession,
    SessionConfig,
    SpeechDetected,
)
from pipecat_sagemaker_deepgram.container.v1.messages import (
    ClientMessage,
    Envelope,
    Finalize,
    is_misframed,
    metadata,
    parse_binary,
    parse_text,
    results,
    schema_error,
    speech_started,
    utterance_end,
)
from pipecat_sagemaker_deepgram.container.v1.query import (
    ListenQuery,
    parse_query,
)

Message = dict[str, Any]


class ListenV1:
    """The dialogue of one connection.

    Args:
        query: The checked query.
        recognizer: A loaded recogniser; a session is opened for each channel.
        request_id: Id of the connection.
        created: ISO 8601 time at which it began.

    Attributes:
        is_finished: Whether all messages were sent, so that the connection can be closed.
        close_code: 1000, a normal closure.
    """

    close_code = 1000

    def __init__(
        self, query: ListenQuery, recognizer: Recognizer, *, request_id: str, created: str
    ) -> None:
        self.is_finished = False
        self._query = query
        self._created = created
        self._recognizer = recognizer
        self._request_id = request_id
        self._reader = AudioReader(
            query.audio,
            multichannel=query.multichannel,
            wanted_rate=recognizer.wanted_sample_rate,
        )
        self._digest = hashlib.sha256()
        self._channels: list[_Channel] = []
        self._open_channels()

    @classmethod
    def check(cls, query: str, recognizer: Recognizer) -> ListenQuery:
        """Check a raw query string against the API and the recogniser.

        Raises:
            QueryError: The connection must be refused with HTTP 400.
        """
        checked = parse_query(query)
        require_language(checked.language, recognizer)
        return checked

    @property
    def bytes_per_second(self) -> int:
        """Bytes of one second of the client's audio."""
        return self._query.audio.bytes_per_second

    def open(self) -> list[str]:
        """Return nothing: v1/listen has no greeting."""
        return []

    def is_misframed(self, data: bytes) -> bool:
        """Whether a binary frame holds a control message."""
        return is_misframed(data)

    def parse(self, frame: str | bytes) -> ClientMessage:
        """Read a WebSocket message of the client."""
        if isinstance(frame, str):
            return parse_text(frame)
        message = parse_binary(frame)
        if isinstance(message, Audio) and self._query.audio.comes_in_packets:
            return AudioPacket(message.data)
        return message

    def handle(self, message: ClientMessage) -> list[str]:
        """Take a message; return the JSON messages that answer it, in order."""
        return [json.dumps(answer) for answer in self._answers(message)]

    def close(self) -> None:
        """Close the sessions; words not yet reported are dropped."""
        self._reader.close()
        for channel in self._channels:
            channel.session.close()

    def _open_channels(self) -> None:
        """Open a session for each track, as soon as their number is known."""
        count = self._reader.tracks
        if self._channels or not count:
            return
        query = self._query
        config = SessionConfig(self._reader.sample_rate, query.interim_results, query.endpointing)
        self._channels = [
            _Channel(self._recognizer.open_session(config), self._envelope(index, count), query)
            for index in range(count)
        ]

    def _envelope(self, index: int, count: int) -> Envelope:
        return Envelope(
            request_id=self._request_id,
            model=self._recognizer.model_info,
            channel=index,
            channels=count,
            punctuate=self._query.punctuate,
            language="en" if self._query.language == "multi" else None,
            features=self._query.features,
        )

    def _answers(self, message: ClientMessage) -> Iterable[Message]:
        match message:
            case Audio(data):
                self._digest.update(data)
                return self._feed(self._reader.read(data))
            case Finalize(channel):
                return self._finalize(channel)
            case CloseStream():
                return self._close_stream()
            case Unparseable():
                return [schema_error(message)]
            case KeepAlive():
                return []

    def _feed(self, tracks: Sequence[bytes]) -> list[Message]:
        self._open_channels()
        answers: list[Message] = []
        for channel, track in zip(self._channels, tracks, strict=True):
            answers += channel.write(channel.session.feed(track))
        return answers

    def _finalize(self, index: int | None) -> list[Message]:
        if index is not None and not 0 <= index < len(self._channels):
            return [schema_error(Unparseable("", f"there is no channel {index}"))]
        held = self._feed(self._reader.flush())
        chosen = self._channels if index is None else [self._channels[index]]
        return held + [
            answer
            for channel in chosen
            for answer in channel.write(channel.session.finalize(), from_finalize=True)
        ]

    def _close_stream(self) -> list[Message]:
        answers = self._feed(self._reader.end())
        for channel in self._channels:
            events = [event for event in channel.session.finalize() if not _is_nothing(event)]
            answers += channel.write(events)
        self.is_finished = True
        return [
            *answers,
            metadata(
                self._envelope(0, self._reader.tracks),
                sha256=self._digest.hexdigest(),
                created=self._created,
                duration=self._reader.seconds,
                extra=self._query.extra,
            ),
        ]


def require_language(language: str, recognizer: Recognizer) -> None:
    """Check that the recogniser supports a language.

    Raises:
        QueryError: It does not.
    """
    if not recognizer.supports_language(language):
        raise QueryError(
            "Bad Request: No such model/language/tier combination found.", code="Bad Request"
        )


def _is_nothing(event: RecognizerEvent) -> bool:
    return isinstance(event, HeardSegment) and not event.words and event.end <= event.start


class _Channel:
    """One channel: its session, and the state that its messages depend on."""

    def __init__(self, session: RecognizerSession, envelope: Envelope, query: ListenQuery) -> None:
        self.session = session
        self.envelope = envelope
        self._query = query
        self._last_word_end = 0.0
        self._ended_at = 0.0

    def write(
        self, events: Sequence[RecognizerEvent], *, from_finalize: bool = False
    ) -> list[Message]:
        """Convert events to messages; the last final of a ``Finalize`` carries its mark."""
        answers: list[Message] = []
        for event in events:
            match event:
                case SpeechDetected(timestamp) if self._query.vad_events:
                    answers.append(speech_started(self.envelope, timestamp))
                case HeardSegment():
                    marked = from_finalize and event is events[-1]
                    answers.append(results(self.envelope, event, from_finalize=marked))
                    answers += self._utterance_end(event)
        return answers

    def _utterance_end(self, segment: HeardSegment) -> list[Message]:
        """Report once that there is a gap between the last word and the audio heard since."""
        if segment.words:
            self._last_word_end = segment.words[-1].end
        gap = self._query.utterance_end
        if gap is None or self._last_word_end <= self._ended_at:
            return []
        if segment.end - self._last_word_end < gap:
            return []
        self._ended_at = self._last_word_end
        return [utterance_end(self.envelope, self._last_word_end)]

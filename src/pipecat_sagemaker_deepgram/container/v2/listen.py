# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One connection of v2/listen: messages of the client in, JSON messages out.

It has no sockets, clocks or tasks; waiting is left to ``connection``. Time is that of the audio, so
nothing happens while no audio arrives (Deepgram docs, "Flux state machine", "Configure" and "Close
stream").
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pipecat_sagemaker_deepgram.audio.reader import AudioReader
from pipecat_sagemaker_deepgram.container.dialogue import (
    Audio,
    AudioPacket,
    CloseStream,
    Unparseable,
)
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Recognizer, TurnSession
from pipecat_sagemaker_deepgram.container.v2.bundle import FluxOptions
from pipecat_sagemaker_deepgram.container.v2.messages import (
    Configure,
    FluxMessage,
    ForceEndTurn,
    fatal_error,
    is_misframed,
    no_active_turn,
    parse_flux_binary,
    parse_flux_text,
    turn_info,
)
from pipecat_sagemaker_deepgram.container.v2.query import FluxQuery, parse_flux_query
from pipecat_sagemaker_deepgram.container.v2.settings import ConfigureError, FluxSettings
from pipecat_sagemaker_deepgram.container.v2.turns import TurnDetector, TurnEvent

Message = dict[str, Any]


class ListenV2:
    """The dialogue of one connection.

    Args:
        query: The checked query.
        recognizer: A loaded recogniser; one session of turns is opened.
        options: The options of v2/listen.
        request_id: Id of the connection.

    Attributes:
        is_finished: Whether all messages were sent, so that the connection can be closed.
        close_code: None: the connection is closed without a status.
    """

    close_code = None

    def __init__(
        self, query: FluxQuery, recognizer: Recognizer, *, options: FluxOptions, request_id: str
    ) -> None:
        self.is_finished = False
        self._settings = FluxSettings(query, options.release)
        self._bundle = options.release
        self._finalizes = options.finalizes
        self._request_id = request_id
        self._recognizer = recognizer
        self._reader = AudioReader(
            query.audio, multichannel=False, wanted_rate=recognizer.wanted_sample_rate
        )
        self._session: TurnSession | None = None
        self._detector = TurnDetector(query.thresholds)
        self._sequence_id = 0

    @classmethod
    def check(cls, query: str, recognizer: Recognizer, options: FluxOptions) -> FluxQuery:
        """Check a raw query string against the API and the recogniser.

        Raises:
            QueryError: The connection must be refused with HTTP 400.
        """
        checked = parse_flux_query(query, options.release)
        if not recognizer.supports_language("multi" if checked.is_multilingual else "en"):
            raise QueryError(
                "Bad Request: No such model/language/tier combination found.", code="Bad Request"
            )
        return checked

    @property
    def bytes_per_second(self) -> int:
        """Bytes of one second of the client's audio."""
        return self._settings.query.audio.bytes_per_second

    def open(self) -> list[str]:
        """Return the greeting."""
        return self._write([{"type": "Connected"}])

    def parse(self, frame: str | bytes) -> FluxMessage:
        """Read a WebSocket message of the client."""
        if isinstance(frame, str):
            return parse_flux_text(frame, self._bundle)
        message = parse_flux_binary(frame, self._bundle)
        if isinstance(message, Audio) and self._settings.query.audio.comes_in_packets:
            return AudioPacket(message.data)
        return message

    def is_misframed(self, data: bytes) -> bool:
        """Whether a binary frame holds a control message."""
        return is_misframed(data, self._bundle)

    def handle(self, message: FluxMessage) -> list[str]:
        """Take a message; return the JSON messages that answer it, in order."""
        return self._write(self._answers(message))

    def close(self) -> None:
        """Close the session; words not yet reported are dropped."""
        self._reader.close()
        if self._session is not None:
            self._session.close()

    def _answers(self, message: FluxMessage) -> Sequence[Message]:
        match message:
            case Audio(data):
                self._feed(self._reader.read(data))
                return self._written(self._hear())
            case Configure():
                return [self._configure(message)]
            case ForceEndTurn():
                return self._written(self._force_end()) or [no_active_turn()]
            case CloseStream():
                return self._close_stream()
            case Unparseable():
                self.is_finished = True
                return [fatal_error(message)]

    def _feed(self, tracks: Sequence[bytes]) -> None:
        """Feed the session, which is opened as soon as the format of the audio is known."""
        if self._session is None and tracks:
            self._session = self._recognizer.open_turn_session(self._reader.sample_rate)
        if self._session is not None:
            self._session.feed(b"".join(tracks))

    def _hear(self) -> list[TurnEvent]:
        events: list[TurnEvent] = []
        if self._session is None:
            return events
        while (hearing := self._session.listen()) is not None:
            heard = self._detector.hear(hearing)
            events += heard
            if any(event.name == "EndOfTurn" for event in heard):
                self._session.end_turn()
        return events

    def _force_end(self) -> list[TurnEvent]:
        events = self._detector.force_end()
        if events and self._session is not None:
            self._session.end_turn()
        return events

    def _configure(self, change: Configure) -> Message:
        try:
            self._settings = self._settings.configure(change)
        except ConfigureError as error:
            return {
                "type": "ConfigureFailure",
                "code": error.code,
                "description": error.description,
            }
        self._detector.thresholds = self._settings.query.thresholds
        return self._settings.echo()

    def _close_stream(self) -> Sequence[Message]:
        self.is_finished = True
        self._feed(self._reader.end())
        if self._session is not None:
            self._session.finish()
        events = self._hear()
        if self._finalizes and self._detector.is_turn_open:
            return self._written([*events, *self._force_end()])
        return self._written([*events, *self._detector.catch_up()])

    def _written(self, events: Iterable[TurnEvent]) -> list[Message]:
        query = self._settings.query
        has_languages = self._bundle.sends_details and query.is_multilingual
        hints = query.language_hints if has_languages else None
        details = self._bundle.sends_details
        return [
            turn_info(event, details=details, hints=hints, features=query.features)
            for event in events
        ]

    def _write(self, messages: Iterable[Message]) -> list[str]:
        """Number the messages; all except a fatal error contain the connection's id."""
        written: list[str] = []
        for message in messages:
            named = {} if message["type"] == "Error" else {"request_id": self._request_id}
            numbered = {"type": message["type"], **named, "sequence_id": self._sequence_id}
            written.append(json.dumps(numbered | message))
            self._sequence_id += 1
        return written

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The v2/listen messages of a session as those of one stream: one turn is one turn. Pure."""

from collections.abc import Sequence
from typing import Any

from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    Connected,
    GivenUp,
    Lost,
    Message,
    Record,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage
from pipecat_sagemaker_deepgram.deepgram.relay import RelayStep, json_text
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    FluxConnected,
    FluxError,
    TurnInfo,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    HeardTurn,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turns import TurnMachine


class FluxRelay:
    """Hands on what a session with Deepgram Flux says, in session time.

    A turn that is open when its stream is lost goes on under its number. ``Connected`` comes once,
    turns and messages are numbered through, and an error that the session overcomes is none.

    Args:
        eot_timeout: Seconds of silence after which the container ends a turn.
    """

    def __init__(self, *, eot_timeout: float = 5.0) -> None:
        self._turns = TurnMachine(eot_timeout=eot_timeout)
        self._turn_index = 0
        self._sequence_id = 0
        self._is_connected = False
        self._heard: HeardTurn | None = None
        # The words of the open turn as they were handed on last
        self._words: Sequence[Any] = ()

    def observe(self, record: Record, now: float) -> list[RelayStep]:
        """Take the next record in; see ``Relay``."""
        match record:
            case Message():
                return self._hear(record, now)
            case Connected() | StreamChanged():
                self._turns.stream_began(
                    record.stream, replayed_seconds=record.replayed_seconds, now=now
                )
            case Lost():
                self._turns.stream_lost()
            case GivenUp() | Closed():
                return self._tell(self._turns.end())
            case _:
                pass
        return []

    def get_timer(self) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never."""
        return self._turns.get_timer()

    def handle_timer(self, now: float) -> list[RelayStep]:
        """Do what is due; see ``Relay``."""
        return self._tell(self._turns.handle_timer(now))

    def _hear(self, record: Message, now: float) -> list[RelayStep]:
        message, body = record.value
        match message:
            case TurnInfo():
                heard = HeardTurn(message, record.stream, record.timeline.to_session(0.0), body)
                return self._hear_turn(heard, now)
            case FluxConnected():
                is_told, self._is_connected = self._is_connected, True
                return [] if is_told else [self._numbered(body)]
            case FluxError():
                return []
            case MalformedMessage() if not body:
                return []  # It is no JSON object, over which Deepgram's SDK stops listening.
            case _:
                return [self._numbered(body)]

    def _hear_turn(self, heard: HeardTurn, now: float) -> list[RelayStep]:
        self._heard = heard
        told = self._tell(self._turns.observe(heard, now))
        is_between_turns = not self._turns.is_open and not heard.info.transcript
        if not told and is_between_turns and heard.info.event == "Update":
            return [self._turn_info("Update", heard, "")]
        return told

    def _tell(self, events: list[TurnEvent]) -> list[RelayStep]:
        return [step for event in events for step in self._told(event)]

    def _told(self, event: TurnEvent) -> list[RelayStep]:
        latest = self._heard
        match event:
            case TurnStarted(transcript=text) if latest is not None:
                return [self._turn_info("StartOfTurn", latest, text)]
            case TurnUpdated(transcript=text, heard=heard):
                return [self._turn_info("Update", heard, text)]
            case EndPredicted(transcript=text, heard=heard):
                return [self._turn_info("EagerEndOfTurn", heard, text)]
            case TurnResumed() if latest is not None:
                return [self._turn_info("TurnResumed", latest, self._turns.text)]
            case TurnEnded(transcript=text, heard=heard, is_ours=is_ours):
                ended = self._turn_info("EndOfTurn", heard, text)
                self._turn_index += 1
                self._words = ()
                return [Acknowledge(heard.info.text_end), ended] if is_ours else [ended]
            case _:
                return []

    def _turn_info(self, event: str, heard: HeardTurn, transcript: str) -> str:
        body = {**heard.body, "event": event, "turn_index": self._turn_index}
        words = body.get("words") or ()
        if transcript != (body.get("transcript") or ""):
            words = _words_of(transcript, self._words, words)
            body |= {"transcript": transcript, "words": words}
        self._words = words
        return self._numbered(body)

    def _numbered(self, body: dict[str, Any]) -> str:
        if "sequence_id" in body:
            body = {**body, "sequence_id": self._sequence_id}
            self._sequence_id += 1
        return json_text(body)


def _words_of(transcript: str, before: Sequence[Any], own: Sequence[Any]) -> list[Any]:
    """The words of a text that two streams have said: what the second has not said first.

    Args:
        transcript: The text.
        before: The words handed on before.
        own: The words of the second stream, some of which may be left out of the text.
    """
    length = len(transcript.split())
    count = min(length, len(own))
    rest = length - count
    return [*before[:rest], *own[len(own) - count :]] if rest <= len(before) else list(own)

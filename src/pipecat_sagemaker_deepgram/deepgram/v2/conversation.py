# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A conversation with Deepgram Flux: what follows from each record of a session. Pure.

The client's owner passes every record to ``observe``, calls ``handle_timer`` at the time that
``get_timer`` returns, and carries out the returned steps: commands for the client, and turns.

============================  ====================================================================
part                          what it knows
============================  ====================================================================
``turns.TurnMachine``         the user's turns, across all streams
``watchdog.SilenceWatchdog``  whether an open turn needs silence instead of audio
``Reconfiguration``           which settings the container has, and what else it understands
``Mutes``                     which audio is ignored
============================  ====================================================================
"""

from collections.abc import Callable, Mapping
from typing import Any

from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    Connected,
    ControlSent,
    GivenUp,
    Lost,
    Message,
    Record,
    SessionEvent,
    SilenceSent,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage, UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.mutes import Mutes
from pipecat_sagemaker_deepgram.deepgram.steps import (
    Acknowledge,
    ChangeStream,
    Command,
    LogLine,
    SendSilence,
    SettingsRefused,
    own_words,
)
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    FORCE_END_TURN,
    PROCESS_CAPABILITIES,
    CapabilityCache,
)
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    FluxError,
    FluxMessage,
    FluxWarning,
    TurnInfo,
    sequence_id,
)
from pipecat_sagemaker_deepgram.deepgram.v2.muting import without_muted
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import flux_protocol
from pipecat_sagemaker_deepgram.deepgram.v2.query import eot_timeout, flux_query
from pipecat_sagemaker_deepgram.deepgram.v2.reconfiguration import Reconfiguration
from pipecat_sagemaker_deepgram.deepgram.v2.sequence import SequenceCheck
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    HeardTurn,
    TurnEnded,
    TurnEvent,
    TurnsSuspended,
    TurnStillOpen,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turns import TurnMachine
from pipecat_sagemaker_deepgram.deepgram.v2.watchdog import (
    ContainerDeaf,
    SilenceDue,
    SilenceSpent,
    SilenceWatchdog,
)
from pipecat_sagemaker_deepgram.error_codes import code_in

type FluxStep = Command | TurnEvent | TurnStillOpen | TurnsSuspended | SettingsRefused | LogLine
"""A step of a conversation with Deepgram Flux."""


class FluxConversation:
    """One session's conversation.

    Args:
        settings: Returns the wanted settings by Deepgram's names: the query's parameters,
            ``language_hints``, and ``min_confidence``, the mean confidence of a turn's words from
            which it is reported. When some are refused, their owner has to restore the previous
            values.
        query: Writes the query of a stream from such settings.
        bytes_per_second: Returns the bytes of one second of the audio that is given.
        encode: Converts that audio to what is sent; ``None`` sends it unchanged.
        long_turn: Seconds of an open turn that are kept for a replay if the container reports
            word times.
        max_replay_bytes: Most bytes of audio that are kept for a replay; 0 for no limit.
        capabilities: What is known about containers; by default what this process has learned.
        ends_turns: Whether the application ends turns.
        watchdog_min_timeout: Least seconds without audio before silence is sent in a turn.
    """

    def __init__(
        self,
        settings: Callable[[], Mapping[str, Any]],
        *,
        query: Callable[[Mapping[str, Any]], str] = flux_query,
        bytes_per_second: Callable[[], int] = lambda: 32_000,
        encode: Callable[[bytes], bytes] | None = None,
        long_turn: float = 30.0,
        max_replay_bytes: int = 0,
        capabilities: CapabilityCache = PROCESS_CAPABILITIES,
        ends_turns: bool = False,
        watchdog_min_timeout: float = 0.5,
    ) -> None:
        self._settings = settings
        self._sequence = SequenceCheck()
        self._turns = TurnMachine()
        self._mutes = Mutes()
        self._watchdog = SilenceWatchdog(min_timeout=watchdog_min_timeout)
        self._reconfiguration = Reconfiguration(settings, capabilities, ends_turns=ends_turns)
        self._latest = 0.0
        self.protocol = flux_protocol(
            query=lambda: query(self._reconfiguration.known_good),
            bytes_per_second=bytes_per_second,
            encode=encode,
            long_turn=long_turn,
            max_replay_bytes=max_replay_bytes,
            greeting=self._greeting,
        )
        """What the container's messages mean for the session."""

    @property
    def gaps(self) -> int:
        """Number of messages that are missing, according to their sequence numbers."""
        return self._sequence.gaps

    # Records

    def observe(self, record: Record, now: float) -> list[FluxStep]:
        """Process a record.

        Args:
            record: A message or an event of the session.
            now: The time.
        """
        self._begin(now)
        if isinstance(record, Message):
            steps = self._hear(record, now)
        else:
            steps = self._observe_event(record, now)
            steps += self._reconfiguration.observe(record, now)
        self._watchdog.turn_is(self._turns.is_open, now)
        return steps

    def _observe_event(self, event: SessionEvent, now: float) -> list[FluxStep]:
        match event:
            case Connected() | StreamChanged():
                self._watchdog.start_over(now)
                self._turns.stream_began(
                    event.stream, replayed_seconds=event.replayed_seconds, now=now
                )
            case Lost():
                self._turns.stream_lost()
            case ControlSent(kind=kind) if kind == FORCE_END_TURN:
                self._turns.end_request_sent(now)
            case SilenceSent(seconds=seconds):
                self._watchdog.silence_sent(seconds)
            case GivenUp():
                return [*self._settle(self._turns.end()), TurnsSuspended()]
            case Closed():
                return list(self._turns.end())
            case _:
                pass
        return []

    # Messages

    def _hear(self, record: Message, now: float) -> list[FluxStep]:
        message: FluxMessage
        message, body = record.value
        self._sequence.note(record.stream, sequence_id(body))
        if not isinstance(message, TurnInfo):
            return self._hear_other(message, now)
        if message.event == "EndOfTurn":
            self._reconfiguration.turn_ended(message.trigger, now)
        heard = HeardTurn(message, record.stream, record.timeline.to_session(0.0), body)
        return self._settle(self._turns.observe(without_muted(heard, self._mutes), now))

    def _hear_other(self, message: FluxMessage, now: float) -> list[FluxStep]:
        match message:
            case ConfigureSuccess() | ConfigureFailure():
                return list(self._reconfiguration.answered(message, now))
            case FluxWarning(code=code, description=description):
                self._reconfiguration.warned(code, now)
                warned = LogLine("DEBUG", f"Deepgram warns of {code or 'something'}")
                return [warned, *own_words(description)]
            case FluxError():
                capability = self._reconfiguration.refused(message, now)
                if capability is not None:
                    return [LogLine("INFO", f"this container does not understand {capability}")]
            case MalformedMessage(reason=reason):
                return [LogLine("WARNING", f"received {reason}, which is ignored")]
            case UnknownMessage(type=kind):
                return [LogLine("DEBUG", f"received an unknown {code_in(kind) or 'message'}")]
            case _:
                pass
        return []

    # Time

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        parts = (self._turns, self._reconfiguration, self._watchdog)
        timers = (part.get_timer() for part in parts)
        return min((at for at in timers if at is not None), default=None)

    def handle_timer(self, now: float) -> list[FluxStep]:
        """Do what is due."""
        self._begin(now)
        steps = self._settle(self._turns.handle_timer(now))
        steps += self._reconfiguration.handle_timer(now)
        steps += self._silence(now)
        self._watchdog.turn_is(self._turns.is_open, now)
        return steps

    def _silence(self, now: float) -> list[FluxStep]:
        match self._watchdog.handle_timer(now, heard_to=self._turns.heard_to):
            case SilenceDue(seconds=seconds):
                return [SendSilence(seconds)]
            case ContainerDeaf():
                return [ChangeStream("requested", within=0.0)]
            case SilenceSpent():
                return self._settle(self._turns.end())
            case None:
                return []

    # The user's side

    def audio_given(self, seconds: float, now: float) -> None:
        """Note that this many seconds of audio were given to the client."""
        self._watchdog.audio_given(seconds, now)

    def request_end(self, position: float, now: float) -> list[FluxStep]:
        """Ask for the end of the turn that contains the audio before a position.

        Args:
            position: Session seconds of the audio given when the end was requested.
            now: The time.
        """
        is_sent = self._reconfiguration.can_force_end(now)
        self._turns.request_end(position, now, is_sent=is_sent)
        return [self._reconfiguration.force_end()] if is_sent else []

    def muted(self, who: str, position: float) -> None:
        """Mute the user: words said from now on are not reported, whenever they arrive.

        Args:
            who: Who mutes the user; several parties may.
            position: Session seconds of the audio given so far.
        """
        self._mutes.begin(who, position)

    def unmuted(self, who: str, position: float) -> list[FluxStep]:
        """End one party's mute of the user; see ``muted``."""
        self._mutes.end(who, position)
        return [TurnStillOpen()] if self._turns.is_shown and not self._mutes.is_on else []

    def change_settings(self, previous: Mapping[str, Any], now: float) -> list[FluxStep]:
        """Apply changed settings in the container.

        Args:
            previous: The previous values.
            now: The time.
        """
        return list(self._reconfiguration.change(previous, now))

    # Details

    def _greeting(self, stream: NewStream) -> Greeting:
        is_fresh = stream.is_fresh and not self._turns.is_open
        return self._reconfiguration.greeting(stream, self._latest, is_fresh=is_fresh)

    def _begin(self, now: float) -> None:
        """Apply the current settings."""
        self._latest = now
        settings = self._settings()
        self._turns.min_confidence = settings.get("min_confidence") or 0.0
        self._turns.eot_timeout = self._watchdog.eot_timeout = eot_timeout(settings)

    def _settle(self, happened: list[TurnEvent]) -> list[FluxStep]:
        """Make sure that the audio of turns that this side ended is not heard again."""
        steps: list[FluxStep] = []
        for event in happened:
            if isinstance(event, TurnEnded) and event.is_ours:
                steps.append(Acknowledge(event.heard.info.text_end))
                if event.is_committed:
                    steps.append(ChangeStream("requested", within=0.0))
            steps.append(event)
        return steps

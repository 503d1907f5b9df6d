# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The session that survives its streams. Pure: time and chance are arguments.

===========  ==================================================  =============================
phase        what is there                                       leaves by
===========  ==================================================  =============================
NEW          nothing                                             ``connect``
CONNECTING   a stream being opened, or the time of a retry       ready; recovery failed
UP           a stream that gets the audio; perhaps a successor   a loss; its proper end
             being opened, or a predecessor being drained
DOWN         recovery has failed; the time of a probe            a probe that succeeds
CLOSED       nothing, for good
===========  ==================================================  =============================

Closing is no phase: it is a deadline, until which connecting and recovering go on as before; a
stream that says nothing is given up earlier (``Closing``).
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import ClientConfig, Target
from pipecat_sagemaker_deepgram.client.records import Message
from pipecat_sagemaker_deepgram.client.session.actions import Action
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.handover import Changeover
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.stream_state import (
    StreamPhase,
    StreamState,
    Write,
)
from pipecat_sagemaker_deepgram.client.session.streams import Lineup
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectTimeoutError,
    ModelStreamError,
    SageMakerDeepgramError,
    StreamIdentity,
    StreamLostError,
    StreamStalledError,
)

STABLE_AFTER = 30.0
"""Seconds after which a stream that did nothing else has proved itself."""

EARLY_DEATH = 2.0
"""Seconds within which a stream that dies without an advance counts against its target."""


class Phase(Enum):
    """Phase of a session; the module's docstring has the table."""

    NEW = auto()
    CONNECTING = auto()
    UP = auto()
    DOWN = auto()
    CLOSED = auto()


class Session:
    """Decides everything about a session's streams; whoever owns it does what it says.

    After each call ``poll_actions`` and ``poll_events`` give what is to be done and what has
    happened, and ``get_timer`` the time at which ``handle_timer`` wants to be called. What a
    call about a stream returns is to be handed on, in order.

    Args:
        targets: Where streams may go.
        protocol: What the container's messages mean.
        config: Time limits and sizes.
        recovery: What follows from failures.
        random: Gives numbers in [0, 1).
    """

    def __init__(
        self,
        targets: tuple[Target, ...],
        protocol: StreamProtocol,
        *,
        config: ClientConfig,
        recovery: Recovery,
        random: Callable[[], float],
    ) -> None:
        self._protocol = protocol
        self._config = config
        self._recovery = recovery
        self._random = random
        self._streams = Lineup(targets, protocol, config=config, recovery=recovery, random=random)
        self._changeover = Changeover(self._streams, config)
        self._retry_at: float | None = None
        self._closing: Closing | None = None
        self._change_when_up: tuple[events.ChangeReason, float] | None = None
        self._replayed_bytes = 0
        self._has_connected = False
        self._had_open_turn = False
        self._told_timer: float | None = None
        self._has_earlier_timer = False
        self.phase = Phase.NEW
        self.failure: SageMakerDeepgramError | None = None
        """Why recovery has failed, in the phases DOWN and CLOSED."""

    @property
    def feed(self) -> AudioFeed:
        """The session's audio."""
        return self._streams.feed

    @property
    def is_settled(self) -> bool:
        """Whether no attempt is under way or due that decides if there is a stream."""
        is_trying = self._streams.opening is not None
        return not is_trying and self.phase in (Phase.UP, Phase.DOWN, Phase.CLOSED)

    @property
    def is_closing(self) -> bool:
        """Whether the session has been asked to end."""
        return self._closing is not None or self.phase is Phase.CLOSED

    @property
    def wants_attention(self) -> bool:
        """Whether there is something to do, to tell, or to be called for earlier than before."""
        return bool(self._has_earlier_timer or self._streams.actions or self._streams.events)

    def poll_actions(self) -> list[Action]:
        """Take what is to be done, in order."""
        actions, self._streams.actions = self._streams.actions, []
        return actions

    def poll_events(self) -> list[events.Record]:
        """Take what has happened, in order."""
        happened, self._streams.events = self._streams.events, []
        return happened

    # What the caller wants

    def connect(self, now: float) -> None:
        """Open the first stream, or try again at once after recovery has failed."""
        if self.phase not in (Phase.NEW, Phase.DOWN) or self._streams.opening is not None:
            return
        if self.phase is Phase.NEW:
            self.phase = Phase.CONNECTING
        self._recovery.start_over()
        self._retry_at = None
        self._streams.opening = self._streams.open(now)

    def append(self, audio: bytes, now: float) -> None:
        """Take audio in; while recovery has failed it is let go."""
        if self.phase not in (Phase.DOWN, Phase.CLOSED):
            self._note_deadline(self.feed.append(audio, now))

    def add_control(self, control: Control) -> None:
        """Take a control in, behind the audio given so far."""
        if self.phase not in (Phase.DOWN, Phase.CLOSED):
            self.feed.ledger.add_control(control)

    def inject_text(self, text: str) -> bool:
        """Have the active stream sent a text before any audio that waits.

        Returns:
            Whether there is a stream for it.
        """
        stream = self._writable()
        if stream is not None:
            stream.inject_text(text)
        return stream is not None

    def inject_silence(self, seconds: float) -> bool:
        """Have the active stream sent silence, which is no audio of the session's.

        Returns:
            Whether there is a stream for it that no audio waits for.
        """
        stream = self._writable()
        if stream is None or self.feed.ledger.unsent_bytes:
            return False
        self._tell(events.SilenceSent(stream.number, stream.inject_silence(seconds)))
        return True

    def _writable(self) -> StreamState | None:
        stream = self._streams.active
        is_ready = stream is not None and stream.phase is StreamPhase.READY
        return stream if is_ready and not self.is_closing else None

    def acknowledge(self, seconds: float) -> None:
        """Let go of the audio before a session time."""
        stream = self._streams.active
        position = int(seconds * self._protocol.bytes_per_second())
        if self.feed.ledger.acknowledge(position) and stream is not None:
            self._prove(stream)

    def change_stream(self, reason: events.ChangeReason, now: float, *, within: float) -> None:
        """Have another stream take over, in the next pause, at the latest after ``within``.

        A stream that is being opened is replaced once it is up: it may have asked for its query
        already. Without any there is nothing to change: the next one is new anyway.
        """
        if self.is_closing:
            return
        if self._streams.active is not None:
            self._changeover.begin(reason, now, within=within)
        elif self._streams.opening is not None and "settings" not in (self._change_when_up or ()):
            self._change_when_up = (reason, within)

    def close(self, now: float, *, timeout: float) -> None:
        """End the session once everything given is answered, at the latest after ``timeout``."""
        has_all = not self.feed.unanswered_bytes and self.feed.ledger.is_spent
        is_needless = self._streams.active is None and has_all
        if is_needless or self.phase in (Phase.NEW, Phase.DOWN, Phase.CLOSED):
            self.abort()
            return
        before = self._closing or Closing(now, now + timeout)
        self._closing = Closing(before.since, min(before.by, now + timeout))
        self._changeover.abandon()

    def abort(self) -> None:
        """End the session now; what was not answered is lost."""
        if self.phase is Phase.CLOSED:
            return
        self._streams.drop_all()
        self._retry_at = self._closing = self._changeover.drain_by = None
        self.phase = Phase.CLOSED
        self._tell(events.Closed(self.feed.give_up()))

    # What happens to streams

    def stream_opened(self, number: int, identity: StreamIdentity, now: float) -> None:
        """The endpoint has accepted a stream."""
        if stream := self._streams.find(number):
            stream.opened(identity, now)
            self._has_earlier_timer = True
            if not self._protocol.waits_for_ready:
                self._make_ready(stream, now)

    def message_received(self, number: int, data: str | bytes, now: float) -> list[Message]:
        """A message has come."""
        stream = self._streams.find(number)
        if stream is None:
            return []
        stream.received(now)
        if self._is_held(stream):
            stream.held.append(data)
            return []
        return self._read(stream, data, now)

    def stream_ended(self, number: int, now: float) -> list[Message]:
        """The endpoint has ended a stream properly."""
        stream = self._streams.find(number)
        if stream is not None and self._is_held(stream):
            stream.has_ended = True
            return []
        if stream is not None and self._has_ended_well(stream):
            return self._finished(stream, now)
        error = StreamLostError("The endpoint ended the stream while it was in use")
        return self.stream_failed(number, error, now)

    def stream_failed(
        self, number: int, error: SageMakerDeepgramError, now: float
    ) -> list[Message]:
        """A stream could not be opened, or has failed."""
        stream = self._streams.find(number)
        if stream is None:
            return []
        error.identity = error.identity or stream.identity
        if stream is self._streams.opening:
            self._attempt_failed(stream, error, now)
        elif stream is self._streams.successor:
            self._changeover.refused(error)
        elif stream.phase is StreamPhase.FINISHING and self._is_held(stream):
            stream.failed_with = error
        elif stream.phase is StreamPhase.FINISHING and _is_end(stream, error):
            return self._finished(stream, now)
        else:
            self._lose(error, now)
        return []

    # Writing

    def has_due(self, now: float) -> bool:
        """Whether there may be audio or a control to write.

        Whoever injects something, or answers for attention, has it written in any case.
        """
        return self.is_closing or self.feed.has_due(now)

    def take(self, number: int, now: float) -> Write | None:
        """Take what is to be written to a stream next; ``None`` when there is nothing."""
        stream = self._streams.find(number)
        if stream is None or stream.phase is StreamPhase.OPENING:
            return None
        if injected := stream.take_injection(now):
            return injected
        if stream is not self._streams.active or stream.phase is not StreamPhase.READY:
            return None
        item = self.feed.take(now, is_closing=self.is_closing)
        if item is None:
            return self._take_nothing(stream, now)
        if isinstance(item, Control):
            self._note_sent(item, stream)
            return stream.write_control(item, now)
        write = stream.write_audio(item, now, is_replay=self.feed.is_replay(item))
        if stream.quiet_since == now:
            self._note_deadline(stream.silent_until(self._config))
        return write

    def _take_nothing(self, stream: StreamState, now: float) -> Write | None:
        """There is no audio or control to take, or not yet."""
        if self.feed.is_replaying:
            self._note_deadline(self.feed.get_timer(now))
        if self.is_closing and self.feed.ledger.is_spent:
            self._streams.ask_for_the_rest(stream)
        return stream.take_injection(now)

    def _note_sent(self, control: Control, stream: StreamState) -> None:
        if control.kind:
            self._tell(events.ControlSent(stream.number, control.kind))
        payload = self._protocol.close_payload
        if payload is not None and control.payload == payload.encode():
            stream.phase = StreamPhase.FINISHING

    # Time

    def get_timer(self, now: float) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never.

        Audio and messages make no earlier time than the one told here unless
        ``wants_attention``.
        """
        self._has_earlier_timer = False
        deadlines = (at for at in self._deadlines(now) if at is not None)
        self._told_timer = min(deadlines, default=None)
        return self._told_timer

    def handle_timer(self, now: float) -> None:
        """Do what is due."""
        if self._closing is not None and now >= self._closing.by:
            self.abort()
        if _is_due(self._retry_at, now):
            self._retry_at = None
            if self.phase is Phase.DOWN:
                self._recovery.start_over()
            self._streams.opening = self._streams.open(now)
        if _is_due(self._changeover.drain_by, now):
            self._lose(StreamStalledError("The stream before did not finish in time"), now)
        for stream in self._streams:
            if seconds := stream.keep_alive(now):
                self._tell(events.SilenceSent(stream.number, seconds))
            self._check_silence(stream, now)
        if self._closing is not None:
            self._check_answer(self._closing, now)
        elif not self.is_closing:
            self._changeover.consider(now)

    def _note_deadline(self, at: float | None) -> None:
        if at is not None and (self._told_timer is None or at < self._told_timer):
            self._has_earlier_timer = True

    def _deadlines(self, now: float) -> Iterator[float | None]:
        if self._closing is not None:
            yield self._closing.by
            yield self._stalled_while_closing_at(self._closing)
        yield self._retry_at
        yield self._changeover.drain_by
        if not self.is_closing:
            yield self._changeover.due_at()
        if self._streams.active is not None:
            yield self.feed.get_timer(now)
        for stream in self._streams:
            yield stream.keepalive_at()
            yield stream.silent_until(self._config)

    def _check_silence(self, stream: StreamState, now: float) -> None:
        if not _is_due(stream.silent_until(self._config), now):
            return
        if stream.phase is StreamPhase.STARTING:
            error = ConnectTimeoutError("The container did not say in time that it is ready")
            self.stream_failed(stream.number, error, now)
        elif not (stream.owes_answer or self.feed.is_voiced_since(stream.quiet_from)):
            stream.excused()
        elif not stream.probe():
            error = StreamStalledError("The container says nothing although speech goes out")
            self.stream_failed(stream.number, error, now)

    @property
    def _awaited(self) -> StreamState | None:
        """The stream whose answers come next."""
        return self._streams.draining or self._streams.active

    def _stalled_while_closing_at(self, closing: Closing) -> float | None:
        stream = self._awaited
        if stream is None or not (self._protocol.replays and self._config.max_replay_buffer_bytes):
            return None
        return closing.stalled_at(stream, stall_timeout=self._config.stall_timeout)

    def _check_answer(self, closing: Closing, now: float) -> None:
        """Lose the stream that does not answer while closing, if another could still hear more."""
        stream = self._awaited
        if stream is None or not _is_due(self._stalled_while_closing_at(closing), now):
            return
        ledger = self.feed.ledger
        has_more = not ledger.is_spent or self.feed.is_voiced_since(ledger.acknowledged)
        if stream.has_answered_all or self.feed.is_replaying or not has_more:
            stream.received(now)
        else:
            error = StreamStalledError("The container does not answer what it was sent")
            self.stream_failed(stream.number, error, now)

    # Coming up

    def _make_ready(self, stream: StreamState, now: float) -> None:
        stream.ready(now)
        self._has_earlier_timer = True
        if stream is not self._streams.opening:
            self._changeover.consider(now)
            return
        self._streams.opening = None
        greeting = self._streams.activate(stream, now, is_fresh=not self._had_open_turn)
        self._had_open_turn = False
        self._tell(
            events.Connected(
                stream.number,
                stream.identity,
                connect_seconds=now - stream.started_at,
                replayed_seconds=self.feed.seconds(self._replayed_bytes),
                is_first=not self._has_connected,
                greeting=greeting,
            )
        )
        self.phase = Phase.UP
        self.failure = None
        self._has_connected = True
        self._replayed_bytes = 0
        change, self._change_when_up = self._change_when_up, None
        if change is not None and not self.is_closing:
            reason, within = change
            self._changeover.begin(reason, now, within=within)

    # Messages

    def _read(self, stream: StreamState, data: str | bytes, now: float) -> list[Message]:
        reading = stream.read(data)
        if reading.is_ready and stream.phase is StreamPhase.STARTING:
            self._make_ready(stream, now)
        if stream not in (self._streams.active, self._streams.draining):
            # What a successor says before it takes over is about silence.
            return []
        if reading.acknowledged_to is not None:
            self._acknowledge(stream, reading.acknowledged_to)
        messages: list[Message] = []
        if reading.is_delivered:
            value = self._protocol.in_session_time(reading.value, stream.timeline)
            messages = [Message(data, value, stream.number, stream.timeline)]
            self._streams.events += messages
        if reading.failure:
            error = ModelStreamError(reading.failure, kind="container")
            return messages + self.stream_failed(stream.number, error, now)
        if not self.is_closing:
            self._changeover.consider(now)
        return messages

    def _acknowledge(self, stream: StreamState, seconds: float) -> None:
        if self.feed.ledger.acknowledge(stream.position_of(seconds)):
            self._prove(stream)

    def _prove(self, stream: StreamState) -> None:
        stream.has_advanced = True
        self._recovery.proved(stream.target)

    # Losing

    def _attempt_failed(
        self, stream: StreamState, error: SageMakerDeepgramError, now: float
    ) -> None:
        self._streams.opening = self._change_when_up = None
        self._streams.drop(stream)
        self._tell(events.AttemptFailed(stream.number, error))
        if self.phase is Phase.DOWN:
            self.failure = error
            self._probe_later(now)
        else:
            self._recover(error, stream, now, leave=True)

    def _lose(self, error: SageMakerDeepgramError, now: float) -> None:
        """Lose the active stream, and with it the one before that is being drained."""
        lost = self._streams.active
        if lost is None:
            return
        self._streams.drop(self._streams.draining, lost)
        self._streams.active = self._streams.draining = self._changeover.drain_by = None
        self._tell(events.Lost(lost.number, error))
        self._replayed_bytes = self.feed.rewind(keeps_all=lost.keeps_all)
        self._had_open_turn = self._had_open_turn or not lost.is_idle
        self.phase = Phase.CONNECTING
        age = now - lost.ready_at
        if age >= STABLE_AFTER:
            self._recovery.proved(lost.target)
        successor = self._changeover.take_successor()
        if successor is None:
            self._recover(error, lost, now, leave=age < EARLY_DEATH and not lost.has_advanced)
            return
        self._streams.opening = successor
        if successor.phase is StreamPhase.READY:
            self._make_ready(successor, now)

    def _recover(
        self, error: SageMakerDeepgramError, stream: StreamState, now: float, *, leave: bool
    ) -> None:
        self._retry_at = self._recovery.failed(error, stream.target, now, leave=leave)
        if self._retry_at is None:
            self._give_up(error, now)
        else:
            delay = self._retry_at - now
            self._tell(events.RetryScheduled(self._recovery.attempt, delay, error))

    def _give_up(self, error: SageMakerDeepgramError, now: float) -> None:
        self._tell(events.GivenUp(error, self.feed.give_up()))
        self.failure = error
        if self.is_closing or self._config.probe_interval is None:
            self.abort()
        else:
            self.phase = Phase.DOWN
            self._probe_later(now)

    def _probe_later(self, now: float) -> None:
        interval = self._config.probe_interval or 0.0
        self._retry_at = now + interval * (1 + self._random())

    # Ending

    def _has_ended_well(self, stream: StreamState) -> bool:
        """Whether a stream's end was asked for, and nothing that was said is unanswered."""
        if stream.phase is not StreamPhase.FINISHING:
            return False
        if stream.has_answered_all or not self._protocol.says_last:
            return True
        return not self.feed.is_voiced_since(self.feed.ledger.acknowledged)

    def _finished(self, stream: StreamState, now: float) -> list[Message]:
        """A stream has answered everything and ended."""
        if stream is self._streams.draining:
            return self._hand_on_held(self._changeover.drained(), now)
        self.feed.ledger.acknowledge(self.feed.ledger.sent)
        self._streams.active = None
        self.abort()
        return []

    def _hand_on_held(self, stream: StreamState | None, now: float) -> list[Message]:
        if stream is None:
            return []
        held, stream.held = stream.held, []
        messages = [
            message for data in held for message in self.message_received(stream.number, data, now)
        ]
        if stream.has_ended:
            messages += self.stream_ended(stream.number, now)
        elif stream.failed_with is not None:
            messages += self.stream_failed(stream.number, stream.failed_with, now)
        return messages

    def _is_held(self, stream: StreamState) -> bool:
        """Whether what a stream says waits until the one before it has been drained."""
        return stream is self._streams.active and self._streams.draining is not None

    def _tell(self, event: events.SessionEvent) -> None:
        self._streams.events.append(event)


def _is_due(at: float | None, now: float) -> bool:
    return at is not None and now >= at


def _is_end(stream: StreamState, error: SageMakerDeepgramError) -> bool:
    """Whether a failure after the request for the rest is no more than the stream's end."""
    return stream.has_answered_all or (
        isinstance(error, ModelStreamError) and "Input stream broken" in error.message
    )

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

Closing is no phase: it is a deadline, until which connecting and recovering go on as before.
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto

from pipecat_sagemaker_deepgram.client import session_events as events
from pipecat_sagemaker_deepgram.client.actions import Action, DropStream, EndInput, OpenStream
from pipecat_sagemaker_deepgram.client.changeover import Changeover, Move
from pipecat_sagemaker_deepgram.client.config import ClientConfig, Target
from pipecat_sagemaker_deepgram.client.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.ledger import Control
from pipecat_sagemaker_deepgram.client.recovery import Recovery
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.client.stream_state import (
    Message,
    StreamPhase,
    StreamState,
    Write,
)
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

CHANGE_AGAIN_AFTER = 30.0
"""Seconds from a rotation that was refused to the next attempt."""


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
    happened, and ``get_timer`` the time at which ``handle_timer`` wants to be called.

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
        self._targets = targets
        self._protocol = protocol
        self._config = config
        self._recovery = recovery
        self._random = random
        self.phase = Phase.NEW
        self.outcome: SageMakerDeepgramError | None = None
        """Why the session is over, when it is over for a failure."""
        self.feed = AudioFeed(protocol, config)
        self._actions: list[Action] = []
        self._events: list[events.SessionEvent] = []
        self._last_number = 0
        self._last_target = 0
        self._replayed_bytes = 0
        self._has_connected = False
        # Streams by what they are there for
        self._opening: StreamState | None = None
        self._active: StreamState | None = None
        self._draining: StreamState | None = None
        self._changeover: Changeover | None = None
        # Deadlines
        self._retry_at: float | None = None
        self._drain_by: float | None = None
        self._close_by: float | None = None

    @property
    def is_closing(self) -> bool:
        """Whether the session has been asked to end."""
        return self._close_by is not None or self.phase is Phase.CLOSED

    def poll_actions(self) -> list[Action]:
        """Take what is to be done, in order."""
        actions, self._actions = self._actions, []
        return actions

    def poll_events(self) -> list[events.SessionEvent]:
        """Take what has happened, in order."""
        if seconds := self.feed.take_dropped_seconds():
            self._events.append(events.AudioDropped(seconds))
        happened, self._events = self._events, []
        return happened

    # What the caller wants

    def connect(self, now: float) -> None:
        """Open the first stream, or try again at once after recovery has failed."""
        if self.phase not in (Phase.NEW, Phase.DOWN) or self._opening is not None:
            return
        if self.phase is Phase.NEW:
            self.phase = Phase.CONNECTING
        self._recovery.start_over()
        self._retry_at = None
        self._opening = self._open(now)

    def append(self, audio: bytes, now: float) -> None:
        """Take audio in; while recovery has failed it is let go."""
        if self.phase not in (Phase.DOWN, Phase.CLOSED):
            self.feed.append(audio, now)

    def add_control(self, control: Control) -> None:
        """Take a control in, behind the audio given so far."""
        if self.phase not in (Phase.DOWN, Phase.CLOSED):
            self.feed.ledger.add_control(control)

    def change_stream(self, reason: events.ChangeReason, now: float, *, within: float) -> None:
        """Have another stream take over, in the next pause, at the latest after ``within``.

        Without a stream that is up there is nothing to change: the next one is new anyway.
        """
        if self._active is None or self.is_closing:
            return
        self._abandon_changeover()
        self._changeover = Changeover(self._open(now), reason, now + within)

    def close(self, now: float, *, timeout: float) -> None:
        """End the session once everything given is answered, at the latest after ``timeout``."""
        if self.phase is Phase.CLOSED:
            return
        is_needless = self._active is None and not self.feed.unanswered_bytes
        if is_needless or self.phase in (Phase.NEW, Phase.DOWN):
            self._finish()
            return
        close_by = now + timeout
        self._close_by = close_by if self._close_by is None else min(close_by, self._close_by)
        self._abandon_changeover()

    def acknowledge(self, seconds: float) -> None:
        """Let go of the audio before a session time."""
        self.feed.ledger.acknowledge(int(seconds * self._protocol.bytes_per_second()))

    def abort(self) -> None:
        """End the session now; what was not answered is lost."""
        self._finish()

    # What happens to streams

    def stream_opened(self, number: int, identity: StreamIdentity, now: float) -> None:
        """The endpoint has accepted a stream."""
        if stream := self._find(number):
            stream.opened(identity, now)
            if not self._protocol.waits_for_ready:
                self._make_ready(stream, now)

    def message_received(self, number: int, data: str | bytes, now: float) -> list[Message]:
        """A message has come.

        Returns:
            What is to be handed on, in order.
        """
        stream = self._find(number)
        if stream is None:
            return []
        stream.received()
        if self._draining is not None and stream is self._active:
            stream.held.append(data)
            return []
        return self._read(stream, data, now)

    def stream_ended(self, number: int, now: float) -> list[Message]:
        """The endpoint has ended a stream properly.

        Returns:
            What is to be handed on, in order.
        """
        stream = self._find(number)
        if stream is not None and stream.phase is StreamPhase.FINISHING:
            return self._finished(stream, now)
        error = StreamLostError("The endpoint ended the stream while it was in use")
        return self.stream_failed(number, error, now)

    def stream_failed(
        self, number: int, error: SageMakerDeepgramError, now: float
    ) -> list[Message]:
        """A stream could not be opened, or has failed.

        Returns:
            What is to be handed on, in order.
        """
        stream = self._find(number)
        if stream is None:
            return []
        error.identity = error.identity or stream.identity
        if stream is self._opening:
            self._attempt_failed(stream, error, now)
        elif self._changeover is not None and stream is self._changeover.stream:
            self._refuse_changeover(error, now)
        elif stream.phase is StreamPhase.FINISHING and _is_end(stream, error):
            return self._finished(stream, now)
        else:
            self._lose(error, now)
        return []

    # Writing

    def take(self, number: int, now: float) -> Write | None:
        """Take what is to be written to a stream next; ``None`` when there is nothing."""
        stream = self._find(number)
        if stream is None or stream.phase is StreamPhase.OPENING:
            return None
        if injected := stream.take_injection(now):
            return injected
        if stream is not self._active or stream.phase is not StreamPhase.READY:
            return None
        item = self.feed.take(now, is_closing=self.is_closing)
        if item is None:
            if self.is_closing and self.feed.ledger.is_spent:
                self._ask_for_the_rest(stream)
            return stream.take_injection(now)
        if isinstance(item, Control) and item.payload.decode() == self._protocol.close_payload:
            stream.phase = StreamPhase.FINISHING
        return stream.write(item, now, is_replay=self.feed.is_replaying)

    def _ask_for_the_rest(self, stream: StreamState) -> None:
        """Ask for what is left, or end the input where that asks."""
        stream.phase = StreamPhase.FINISHING
        if self._protocol.close_payload is None:
            self._actions.append(EndInput(stream.number))
        else:
            stream.inject_text(self._protocol.close_payload)

    # Time

    def get_timer(self, now: float) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never."""
        return min((at for at in self._deadlines(now) if at is not None), default=None)

    def handle_timer(self, now: float) -> None:
        """Do what is due."""
        if _is_due(self._close_by, now):
            self._finish()
        if _is_due(self._retry_at, now):
            self._retry_at = None
            if self.phase is Phase.DOWN:
                self._recovery.start_over()
            self._opening = self._open(now)
        if _is_due(self._drain_by, now):
            self._lose(StreamStalledError("The stream before did not finish in time"), now)
        if self._active is not None and _is_due(self._active.rotate_at, now):
            self._rotate(self._active, now)
        for stream in self._streams():
            stream.keep_alive(now)
            self._check_silence(stream, now)
        self._consider_changeover(now)

    def _deadlines(self, now: float) -> Iterator[float | None]:
        yield self._close_by
        yield self._retry_at
        yield self._drain_by
        if self._changeover is not None and self._changeover.is_ready:
            yield self._changeover.by
        if self._active is not None:
            yield self.feed.get_timer(now)
            if self._changeover is None and not self.is_closing:
                yield self._active.rotate_at
        for stream in self._streams():
            yield stream.keepalive_at()
            yield stream.silent_until(self._config)

    # Opening

    def _open(self, now: float) -> StreamState:
        self._last_number += 1
        index = self._recovery.choose_target(now)
        stream = StreamState(
            self._last_number, index, self._protocol, now=now, rotate_at=self._rotation_time(now)
        )
        self._events.append(events.Connecting(stream.number, self._targets[index]))
        self._actions.append(
            OpenStream(stream.number, self._targets[index], self._recovery.needs_fresh_credentials)
        )
        return stream

    def _rotation_time(self, now: float) -> float | None:
        if self._config.rotate_after is None:
            return None
        return now + self._config.rotate_after - self._random() * self._config.rotate_jitter

    def _make_ready(self, stream: StreamState, now: float) -> None:
        stream.ready(now)
        if stream is not self._opening:
            self._consider_changeover(now)
            return
        self._opening = None
        self.phase = Phase.UP
        self._activate(stream, now)
        self._events.append(
            events.Connected(
                stream.number,
                stream.identity,
                connect_seconds=now - stream.started_at,
                replayed_seconds=self.feed.seconds(self._replayed_bytes),
                is_first=not self._has_connected,
            )
        )
        self._has_connected = True
        self._replayed_bytes = 0

    def _activate(self, stream: StreamState, now: float) -> None:
        if stream.target != self._last_target and self._has_connected:
            self._events.append(events.FailedOver(self._targets[stream.target]))
        self._last_target = stream.target
        self._active = stream
        stream.timeline.begin(self.feed.ledger.sent)
        self.feed.begin(now)

    # Messages

    def _read(self, stream: StreamState, data: str | bytes, now: float) -> list[Message]:
        reading = stream.read(data)
        if reading.is_ready and stream.phase is StreamPhase.STARTING:
            self._make_ready(stream, now)
        if stream not in (self._active, self._draining):
            # What a successor says before it takes over is about silence.
            return []
        if reading.acknowledged_to is not None:
            self._acknowledge(stream, reading.acknowledged_to)
        message = Message(data, reading.value, stream.number, stream.timeline)
        if reading.failure:
            error = ModelStreamError(reading.failure, kind="container")
            self.stream_failed(stream.number, error, now)
        elif stream is self._active:
            self._consider_changeover(now)
        return [message] if reading.is_delivered else []

    def _acknowledge(self, stream: StreamState, seconds: float) -> None:
        if self.feed.ledger.acknowledge(stream.position_of(seconds)):
            stream.has_advanced = True
            self._recovery.proved(stream.target)

    # Losing

    def _attempt_failed(
        self, stream: StreamState, error: SageMakerDeepgramError, now: float
    ) -> None:
        self._opening = None
        self._drop(stream)
        self._events.append(events.AttemptFailed(stream.number, error))
        if self.phase is Phase.DOWN:
            self._probe_later(now)
        else:
            self._recover(error, stream, now, leave=True)

    def _lose(self, error: SageMakerDeepgramError, now: float) -> None:
        """Lose the stream in use, and with it the one before that is being drained."""
        lost = self._active
        if lost is None:
            return
        for stream in (self._draining, lost):
            self._drop(stream)
        self._active = self._draining = self._drain_by = None
        self._events.append(events.Lost(lost.number, error))
        self._replayed_bytes = self.feed.rewind()
        age = now - lost.ready_at
        if age >= STABLE_AFTER:
            self._recovery.proved(lost.target)
        self.phase = Phase.CONNECTING
        if successor := self._take_successor():
            self._opening = successor
            if successor.phase is StreamPhase.READY:
                self._make_ready(successor, now)
        else:
            self._recover(error, lost, now, leave=age < EARLY_DEATH and not lost.has_advanced)

    def _recover(
        self, error: SageMakerDeepgramError, stream: StreamState, now: float, *, leave: bool
    ) -> None:
        self._retry_at = self._recovery.failed(error, stream.target, now, leave=leave)
        if self._retry_at is None:
            self._give_up(error, now)
        else:
            self._events.append(
                events.RetryScheduled(self._recovery.attempt, self._retry_at - now, error)
            )

    def _give_up(self, error: SageMakerDeepgramError, now: float) -> None:
        lost_seconds = self.feed.give_up()
        self._events.append(events.GivenUp(error, lost_seconds))
        if self.is_closing or self._config.probe_interval is None:
            self.outcome = error
            self._finish()
        else:
            self.phase = Phase.DOWN
            self._probe_later(now)

    def _probe_later(self, now: float) -> None:
        interval = self._config.probe_interval or 0.0
        self._retry_at = now + interval * (1 + self._random())

    # Ending

    def _finished(self, stream: StreamState, now: float) -> list[Message]:
        """A stream has answered everything and ended."""
        if stream is self._draining:
            return self._drained(now)
        if self._draining is not None:
            stream.has_ended = True
            return []
        self.feed.ledger.acknowledge(self.feed.ledger.sent)
        self._active = None
        self._finish()
        return []

    def _drained(self, now: float) -> list[Message]:
        self._draining = self._drain_by = None
        after = self._active
        if after is None:
            return []
        held, after.held = after.held, []
        messages = [
            message for data in held for message in self.message_received(after.number, data, now)
        ]
        if after.has_ended:
            messages += self._finished(after, now)
        return messages

    def _finish(self) -> None:
        if self.phase is Phase.CLOSED:
            return
        self._abandon_changeover()
        for stream in (*self._streams(),):
            self._drop(stream)
        self._opening = self._active = self._draining = None
        self._retry_at = self._drain_by = self._close_by = None
        self.phase = Phase.CLOSED
        self._events.append(events.Closed(self.feed.give_up()))

    # Changing streams

    def _rotate(self, active: StreamState, now: float) -> None:
        active.rotate_at = now + CHANGE_AGAIN_AFTER
        if self._changeover is None and not self.is_closing:
            cut_at = active.opened_at + self._config.rotate_by
            self.change_stream("rotation", now, within=max(0.0, cut_at - now))

    def _consider_changeover(self, now: float) -> None:
        if self._changeover is None or self._active is None or self._draining is not None:
            return
        is_pause = self._active.is_idle and self.feed.is_unanswered_silent()
        match self._changeover.decide(now, is_pause=is_pause):
            case Move.HAND_OVER:
                self._hand_over(self._active, self._changeover, now)
            case Move.CUT:
                self._cut_over(self._active, self._changeover, now)

    def _hand_over(self, before: StreamState, changeover: Changeover, now: float) -> None:
        self._changeover = None
        self._draining = before
        self._drain_by = now + self._config.close_timeout
        self._ask_for_the_rest(before)
        self._change(changeover, now, replayed_bytes=0)

    def _cut_over(self, before: StreamState, changeover: Changeover, now: float) -> None:
        self._changeover = None
        self._drop(before)
        self._change(changeover, now, replayed_bytes=self.feed.rewind())

    def _change(self, changeover: Changeover, now: float, *, replayed_bytes: int) -> None:
        self._activate(changeover.stream, now)
        self._events.append(
            events.StreamChanged(
                changeover.stream.number, changeover.reason, self.feed.seconds(replayed_bytes)
            )
        )

    def _refuse_changeover(self, error: SageMakerDeepgramError, now: float) -> None:
        assert self._changeover is not None
        reason = self._changeover.reason
        self._abandon_changeover()
        self._events.append(events.ChangeRefused(reason, error))

    def _abandon_changeover(self) -> None:
        self._drop(self._take_successor())

    def _take_successor(self) -> StreamState | None:
        changeover, self._changeover = self._changeover, None
        return changeover.stream if changeover is not None else None

    # Streams

    def _check_silence(self, stream: StreamState, now: float) -> None:
        if not _is_due(stream.silent_until(self._config), now):
            return
        if stream.phase is StreamPhase.STARTING:
            error = ConnectTimeoutError("The container did not say in time that it is ready")
            self.stream_failed(stream.number, error, now)
        elif not self.feed.is_voiced_since(stream.quiet_from):
            stream.received()
        elif self._protocol.stall_probe is not None and not stream.was_probed:
            stream.probe(self._protocol.stall_probe)
        else:
            self._lose(
                StreamStalledError("The container says nothing although speech goes out"), now
            )

    def _streams(self) -> Iterator[StreamState]:
        successor = self._changeover.stream if self._changeover is not None else None
        for stream in (self._opening, self._active, self._draining, successor):
            if stream is not None:
                yield stream

    def _find(self, number: int) -> StreamState | None:
        return next((stream for stream in self._streams() if stream.number == number), None)

    def _drop(self, stream: StreamState | None) -> None:
        if stream is not None:
            self._actions.append(DropStream(stream.number))


def _is_due(at: float | None, now: float) -> bool:
    return at is not None and now >= at


def _is_end(stream: StreamState, error: SageMakerDeepgramError) -> bool:
    """Whether a failure after the request for the rest is no more than its end."""
    return stream.has_answered_all or (
        isinstance(error, ModelStreamError) and "Input stream broken" in str(error)
    )

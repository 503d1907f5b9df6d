# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The session that survives its streams. Pure: time and randomness are arguments.

``state`` has the table of its phases. Each part decides one thing: ``streams`` which streams there
are, ``feed`` what is sent next, ``inbox`` what a message means, ``handover`` when another stream
takes over, ``outage`` what follows a loss, ``silence`` what follows when nothing arrives.
"""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.client.classify import Classification
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.records import (
    ChangeReason,
    ControlSent,
    SilenceSent,
)
from pipecat_sagemaker_deepgram.client.session.actions import Action, Write
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.inbox import Inbox
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.outage import Outage
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.silence import SilenceWatch
from pipecat_sagemaker_deepgram.client.session.state import Phase, SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.session.target_health import TargetHealth
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    SageMakerDeepgramError,
    StreamIdentity,
)


class Session:
    """Makes all decisions about a session's streams; its owner does what it asks for.

    After each call, the owner calls ``next`` until that returns ``None``. Then it takes what has
    happened from ``records``, and calls ``handle_timer`` at the time that ``get_timer`` returns.

    Args:
        targets: The endpoints to which streams may go.
        protocol: What the container's messages mean.
        config: Time limits and sizes.
        retry_policy: How often and how long to try to replace a lost stream.
        classify: Decides which failures another attempt can overcome.
        random: Returns numbers in [0, 1).
        health: What this session and others know about the targets.

    Attributes:
        state: The session's phase, and why it has failed.
        feed: The session's audio.
        records: What has happened and was not taken yet, in order.
    """

    def __init__(
        self,
        targets: tuple[Target, ...],
        protocol: StreamProtocol,
        *,
        config: ClientConfig,
        retry_policy: RetryPolicy,
        classify: Callable[[BaseException], Classification],
        random: Callable[[], float],
        health: TargetHealth | None = None,
    ) -> None:
        self._protocol = protocol
        self.state = state = SessionState()
        recovery = Recovery(
            retry_policy,
            TargetList(targets, retry_after=config.target_retry_after, health=health),
            classify,
            random,
        )
        self._streams = SessionStreams(
            targets, protocol, config=config, recovery=recovery, state=state, random=random
        )
        self.feed = self._streams.feed
        self.records = state.records
        self._handover = Handover(self._streams, state, recovery, config)
        self._outage = Outage(self._streams, self._handover, recovery, state, config, random)
        self._inbox = Inbox(self._streams, self._handover, self._outage, recovery, protocol, state)
        self._silence = SilenceWatch(self._streams, self._inbox, protocol, state, config)
        self._timer_at: float | None = None
        self._has_new_deadlines = False

    @property
    def is_settled(self) -> bool:
        """Whether no attempt to connect is under way or due."""
        is_trying = self._streams.opening is not None
        return not is_trying and self.state.phase in (Phase.UP, Phase.DOWN, Phase.CLOSED)

    @property
    def takes_audio(self) -> bool:
        """Whether audio given now will reach a stream, even one that is not up yet."""
        is_on = self.state.phase in (Phase.CONNECTING, Phase.UP)
        return is_on and not self.state.is_closing

    # What the caller wants

    def connect(self, now: float) -> None:
        """Open the first stream, or try again at once after recovery has failed."""
        self._has_new_deadlines = True
        if self.state.phase not in (Phase.NEW, Phase.DOWN) or self._streams.opening is not None:
            return
        if self.state.phase is Phase.NEW:
            self.state.phase = Phase.CONNECTING
        self._outage.start_over(now)

    def append(self, audio: bytes, now: float) -> bool:
        """Add audio; once recovery has failed, it is dropped.

        Returns:
            Whether there may be something to do; false if the audio only waits, until the time
            that ``get_timer`` returns, for a chunk to be full.
        """
        if self.state.phase in (Phase.DOWN, Phase.CLOSED):
            self.feed.refuse(audio, "gave_up")
            return True
        flush_at = self.feed.append(audio, now)
        if flush_at is not None:
            self._timer_at = min(flush_at, self._timer_at or flush_at)
        return not self.feed.is_gathering(now)

    def add_control(self, control: Control) -> None:
        """Add a control after the audio given so far."""
        if self.state.phase not in (Phase.DOWN, Phase.CLOSED):
            self.feed.ledger.add_control(control)

    def inject_silence(self, seconds: float, now: float) -> bool:
        """Send silence, which is not part of the session's audio, to the active stream.

        Returns:
            Whether it is sent: only if there is such a stream and no audio is waiting.
        """
        stream = self._streams.active
        if stream is None or stream.phase is not StreamPhase.READY or self.state.is_closing:
            return False
        if self.feed.ledger.unsent_bytes:
            return False
        sent = SilenceSent(stream.number, stream.inject_silence(seconds, now))
        self.records.append(sent)
        return True

    def note_speech(self, is_speaking: bool | None) -> None:
        """Note whether someone is speaking: the container may then owe an answer."""
        self._silence.is_speaking = is_speaking

    def acknowledge(self, seconds: float) -> None:
        """Drop the audio before a session time."""
        position = int(seconds * self._protocol.bytes_per_second())
        self._inbox.acknowledge(self._streams.active, position)

    def change_stream(self, reason: ChangeReason, now: float, *, within: float) -> None:
        """Switch to another stream in the next pause, at the latest after ``within`` seconds."""
        self._has_new_deadlines = True
        if not self.state.is_closing:
            self._handover.request(reason, now, within=within)

    def close(self, now: float, *, timeout: float) -> None:
        """End the session once all audio is answered, at the latest after ``timeout`` seconds."""
        self._has_new_deadlines = True
        has_all = not self.feed.unanswered_bytes and self.feed.ledger.is_spent
        is_needless = self._streams.active is None and has_all
        if is_needless or self.state.phase in (Phase.NEW, Phase.DOWN, Phase.CLOSED):
            self.abort()
            return
        before = self.state.closing or Closing(now, now + timeout)
        self.state.is_closing = True
        self.state.closing = Closing(before.since, min(before.by, now + timeout))
        self._handover.abandon()

    def abort(self) -> None:
        """End the session now; what was not answered is lost."""
        self._has_new_deadlines = True
        self._streams.end()

    # What happens to streams

    def stream_opened(self, number: int, identity: StreamIdentity, now: float) -> None:
        """The endpoint has accepted a stream."""
        self._has_new_deadlines = True
        if stream := self._streams.find(number):
            stream.opened(identity, now)
            if not self._protocol.waits_for_ready:
                self._handover.ready(stream, now)

    def message_received(self, number: int, data: str | bytes, now: float) -> None:
        """A message has come."""
        self._has_new_deadlines = True
        if stream := self._streams.find(number):
            self._inbox.message(stream, data, now)

    def stream_ended(self, number: int, now: float) -> None:
        """The endpoint has ended a stream properly."""
        self._has_new_deadlines = True
        if stream := self._streams.find(number):
            self._inbox.ended(stream, now)

    def stream_failed(self, number: int, error: SageMakerDeepgramError, now: float) -> None:
        """A stream could not be opened, or has failed."""
        self._has_new_deadlines = True
        if stream := self._streams.find(number):
            self._inbox.failed(stream, error, now)

    def stream_draining(self, number: int, now: float) -> None:
        """A stream's peer has sent GOAWAY: it still serves the stream, but accepts no other."""
        self._has_new_deadlines = True
        if self._protocol.replays and (stream := self._streams.find(number)):
            self._handover.draining(stream, now)

    def stream_blocked(self, number: int, *, is_blocked: bool) -> None:
        """A stream does not accept what it was given to write, or accepts more again."""
        if stream := self._streams.find(number):
            stream.is_blocked = is_blocked

    def stream_unread(self, number: int, now: float, *, is_unread: bool) -> None:
        """A stream is no longer read, because nobody takes its messages, or it is read again."""
        self._has_new_deadlines = True
        if stream := self._streams.find(number):
            stream.is_unread = is_unread
            stream.excused(now)

    # What to do next

    def next(self, now: float) -> Write | Action | None:
        """Take the next thing to do; ``None`` if there is nothing to do for now."""
        state = self.state
        if state.actions:
            return state.actions.pop(0)
        if state.injections and (injection := self._streams.next_injection()):
            return injection
        if self._streams.finishing and (request := self._streams.next_request_for_rest(now)):
            return request
        step = self._next_write(now)
        if step is None and (self._has_new_deadlines or self.feed.is_paced):
            self._has_new_deadlines = False
            deadlines = [at for at in self._deadlines(now) if at is not None]
            self._timer_at = min(deadlines, default=None)
        return step

    def get_timer(self) -> float | None:
        """The time by which ``handle_timer`` has to be called; ``None`` for never."""
        return self._timer_at

    def handle_timer(self, now: float) -> None:
        """Do what is due."""
        self._has_new_deadlines = True
        if self.state.closing is not None and now >= self.state.closing.by:
            self.abort()
            return
        if self.state.phase is Phase.CLOSED:
            return
        self._outage.handle_timer(now)
        self._silence.handle_timer(now)
        self._handover.consider(now)

    # Details

    def _next_write(self, now: float) -> Write | Action | None:
        stream = self._streams.active
        if stream is None or stream.is_blocked or stream.phase is not StreamPhase.READY:
            return None
        is_closing = self.state.closing is not None
        item = self.feed.take(now, is_closing=is_closing)
        if item is None:
            if not (is_closing and self.feed.ledger.is_spent):
                return None
            self._streams.finish(stream, now)
            return self.next(now)
        if isinstance(item, Control):
            return self._write_control(stream, item, now)
        write = stream.write_audio(item, now)
        if stream.waiting_since == now and self._silence.limit is not None:
            due_at = now + self._silence.limit
            self._timer_at = min(due_at, self._timer_at or due_at)
        return write

    def _write_control(self, stream: StreamState, control: Control, now: float) -> Write:
        if control.kind:
            self.records.append(ControlSent(stream.number, control.kind))
        payload = self._protocol.close_payload
        if payload is not None and control.payload == payload.encode():
            stream.phase = StreamPhase.FINISHING
        return stream.write_control(control.payload, now, is_text=control.is_text)

    def _deadlines(self, now: float) -> list[float | None]:
        if self.state.phase is Phase.CLOSED:
            return []
        deadlines = self._silence.deadlines()
        deadlines += self._outage.retry_at, self._handover.due_at(), self.feed.get_timer(now)
        if self.state.closing is not None:
            deadlines.append(self.state.closing.by)
        return deadlines

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream taking over from another that works: make before break. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.records import ChangeReason, ChangeRefused, StreamChanged
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import Streams
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

CHANGE_AGAIN_AFTER = 30.0
"""Seconds from a rotation that was refused to the next attempt."""


@dataclass(frozen=True)
class _Plan:
    reason: ChangeReason
    by: float


class Handover:
    """Replaces the active stream without a loss.

    A successor is opened beside it. In a pause the successor gets the audio from there on, the
    predecessor answers the rest, and what the successor says waits until it has. Where no pause
    comes in time the predecessor is dropped, and the successor replays what it had not answered.

    Args:
        streams: The session's streams.
        state: The session's.
        config: Time limits.

    Attributes:
        drain_by: The time by which the predecessor has to have answered.
    """

    def __init__(self, streams: Streams, state: SessionState, config: ClientConfig) -> None:
        self._streams = streams
        self._state = state
        self._config = config
        self._plan: _Plan | None = None
        self._change_when_up: tuple[ChangeReason, float] | None = None
        self.drain_by: float | None = None

    def due_at(self) -> float | None:
        """The time at which ``consider`` would do something even without a message."""
        active, successor = self._streams.active, self._streams.successor
        if active is None or self._streams.draining is not None or self._state.is_closing:
            return None
        if self._plan is None:
            return active.rotate_at
        is_ready = successor is not None and successor.phase is StreamPhase.READY
        return self._plan.by if is_ready else None

    # A plan and its end

    def request(self, reason: ChangeReason, now: float, *, within: float) -> None:
        """Have another stream take over, in the next pause, at the latest after ``within``.

        A stream that is being opened is replaced once it is up: it may have asked for its query
        already. Without any there is nothing to change: the next one is new anyway.
        """
        if self._streams.active is not None:
            self._begin(reason, now, within=within)
        elif self._streams.opening is not None and "settings" not in (self._change_when_up or ()):
            self._change_when_up = (reason, within)

    def _begin(self, reason: ChangeReason, now: float, *, within: float) -> None:
        """Settings that were to change anyway go with it, and whoever changed them hears of it."""
        before, by = self._plan, now + within
        self.abandon()
        if before is not None and before.reason == "settings":
            reason, by = before.reason, min(by, before.by)
        self._plan = _Plan(reason, by)
        self._streams.successor = self._streams.open(now)

    def abandon(self) -> None:
        """Let the active stream stay."""
        self._streams.drop(self.take_successor())

    def forget_request(self) -> None:
        """A stream that was to be replaced once it is up has not come up."""
        self._change_when_up = None

    def take_successor(self) -> StreamState | None:
        """End the plan and give up its stream for another use."""
        successor, self._streams.successor = self._streams.successor, None
        self._plan = None
        return successor

    def refused(self, error: SageMakerDeepgramError) -> None:
        """The successor could not be opened or has failed."""
        plan = self._plan
        self.abandon()
        if plan is not None:
            self._state.records.append(ChangeRefused(plan.reason, error))

    # Its moment

    def ready(self, stream: StreamState, now: float) -> None:
        """A stream takes audio: it gets it at once where there is no other, else in a pause."""
        stream.ready(now)
        if stream is not self._streams.opening:
            self.consider(now)
            return
        self._streams.come_up(stream, now)
        change, self._change_when_up = self._change_when_up, None
        if change is not None and not self._state.is_closing:
            reason, within = change
            self._begin(reason, now, within=within)

    def consider(self, now: float) -> None:
        """Begin a rotation that is due, or complete a handover whose moment has come."""
        active, successor = self._streams.active, self._streams.successor
        if active is None or self._streams.draining is not None or self._state.is_closing:
            return
        if self._plan is None:
            self._rotate_if_due(active, now)
        elif successor is not None and successor.phase is StreamPhase.READY:
            if active.is_idle and self._streams.feed.is_unanswered_silent():
                self._hand_over(active, successor, self._plan, now)
            elif now >= self._plan.by:
                self._cut(active, successor, self._plan, now)

    def drained(self) -> StreamState | None:
        """The predecessor has answered everything; the active stream's messages are free."""
        self._streams.draining = self.drain_by = None
        return self._streams.active

    def _rotate_if_due(self, active: StreamState, now: float) -> None:
        if active.rotate_at is None or now < active.rotate_at:
            return
        active.rotate_at = now + CHANGE_AGAIN_AFTER
        cut_at = active.opened_at + self._config.rotate_by
        self._begin("rotation", now, within=max(0.0, cut_at - now))

    def _hand_over(self, before: StreamState, after: StreamState, plan: _Plan, now: float) -> None:
        self.take_successor()
        self._streams.draining = before
        self.drain_by = now + self._config.close_timeout
        self._streams.finish(before)
        self._take_over(after, plan, now, replayed_bytes=0)

    def _cut(self, before: StreamState, after: StreamState, plan: _Plan, now: float) -> None:
        self.take_successor()
        self._streams.drop(before)
        self._take_over(after, plan, now, replayed_bytes=self._streams.rewind(before))

    def _take_over(
        self, stream: StreamState, plan: _Plan, now: float, *, replayed_bytes: int
    ) -> None:
        greeting = self._streams.activate(stream, now)
        replayed = self._streams.feed.seconds(replayed_bytes)
        self._state.records.append(StreamChanged(stream.number, plan.reason, replayed, greeting))

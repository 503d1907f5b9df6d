# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream taking over from another that works: make before break. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.records import ChangeReason, ChangeRefused, StreamChanged
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

CHANGE_AGAIN_AFTER = 30.0
"""Seconds between a refused rotation and the next attempt; also the least time between two changes
that are caused by a GOAWAY."""

WITH_THE_ANSWER = 1.0
"""Seconds after the endpoint's answer within which a GOAWAY counts as part of that answer."""


@dataclass(frozen=True)
class _Plan:
    reason: ChangeReason
    by: float


class Handover:
    """Replaces the active stream without a loss.

    A successor is opened alongside it. The successor takes over in a pause that the container
    reports, or at the latest at the requested time, and receives the audio that its predecessor has
    not answered.

    Args:
        streams: The session's streams.
        state: The session's shared state.
        recovery: Decides whether another attempt is worthwhile.
        config: Time limits.
    """

    def __init__(
        self,
        streams: SessionStreams,
        state: SessionState,
        recovery: Recovery,
        config: ClientConfig,
    ) -> None:
        self._streams = streams
        self._state = state
        self._recovery = recovery
        self._config = config
        self._plan: _Plan | None = None
        self._failures: list[SageMakerDeepgramError] = []
        self._retry_at: float | None = None
        self._change_when_up: tuple[ChangeReason, float] | None = None
        self._drained_at: float | None = None

    def due_at(self) -> float | None:
        """The time at which ``consider`` has something to do even if no message arrives."""
        active, successor = self._streams.active, self._streams.successor
        if active is None or self._state.is_closing:
            return None
        if self._plan is None:
            return active.rotate_at
        if successor is None:
            return self._retry_at
        is_ready = successor is not None and successor.phase is StreamPhase.READY
        return self._plan.by if is_ready else None

    # A plan and its end

    def request(self, reason: ChangeReason, now: float, *, within: float) -> None:
        """Switch to another stream in the next pause, at the latest after ``within`` seconds.

        A stream that is being opened is replaced once it is up, because its query may already have
        been evaluated. If there is no stream, nothing has to change: the next one is new anyway.
        """
        if self._streams.active is not None:
            self._begin(reason, now, within=within)
        elif self._streams.opening is not None and "settings" not in (self._change_when_up or ()):
            self._change_when_up = (reason, within)

    def draining(self, stream: StreamState, now: float) -> None:
        """Plan to change streams in the next pause, because a stream's peer has sent GOAWAY.

        A peer that serves one request per connection sends GOAWAY with every answer; reacting to
        that would change streams endlessly.
        """
        if now - stream.opened_at < WITH_THE_ANSWER:
            return
        again_at = now if self._drained_at is None else self._drained_at + CHANGE_AGAIN_AFTER
        self._drained_at = due_at = max(now, again_at)
        stream.rotate_at = due_at if stream.rotate_at is None else min(due_at, stream.rotate_at)
        stream.rotates_for = "goaway"
        self.consider(now)

    def _begin(self, reason: ChangeReason, now: float, *, within: float) -> None:
        """Open a successor; a pending change of settings becomes part of this change."""
        before, by = self._plan, now + within
        self.abandon()
        if before is not None and before.reason == "settings":
            reason, by = before.reason, min(by, before.by)
        self._plan = _Plan(reason, by)
        self._failures.clear()
        self._streams.successor = self._streams.open(now)

    def abandon(self) -> None:
        """Keep the active stream."""
        self._streams.drop(self.take_successor())

    def forget_request(self) -> None:
        """Forget a change that was planned for a stream which has not come up."""
        self._change_when_up = None

    def take_successor(self) -> StreamState | None:
        """End the plan and return its stream for another use."""
        successor, self._streams.successor = self._streams.successor, None
        self._plan = None
        return successor

    def refused(self, error: SageMakerDeepgramError, now: float) -> None:
        """Handle a successor that could not be opened or has failed.

        A rotation is tried again later. A requested change is tried again soon, until it works or
        the error is permanent.
        """
        plan, successor = self._plan, self.take_successor()
        self._streams.drop(successor)
        if plan is None:
            return
        self._failures.append(error)
        delay = self._recovery.delay_of_change(self._failures)
        if plan.reason in ("rotation", "goaway") or delay is None:
            self._state.records.append(ChangeRefused(plan.reason, error))
        else:
            self._plan, self._retry_at = plan, now + delay

    # The takeover

    def ready(self, stream: StreamState, now: float) -> None:
        """Give a stream that is ready the audio: now if there is no other, else in a pause."""
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
        """Begin a rotation that is due, or complete a handover if it can happen now.

        Only the container reports a pause; the level of the audio is never considered.
        """
        active, successor = self._streams.active, self._streams.successor
        if active is None or self._state.is_closing:
            return
        if self._plan is None:
            self._rotate_if_due(active, now)
        elif successor is None and self._retry_at is not None and now >= self._retry_at:
            self._streams.successor = self._streams.open(now)
        elif successor is not None and successor.phase is StreamPhase.READY:
            is_pause = active.is_in_pause and not self._streams.feed.ledger.has_outstanding_controls
            if is_pause or now >= self._plan.by:
                self._take_over(active, successor, self._plan, now)

    def _rotate_if_due(self, active: StreamState, now: float) -> None:
        if active.rotate_at is None or now < active.rotate_at:
            return
        active.rotate_at = now + CHANGE_AGAIN_AFTER
        cut_at = active.opened_at + self._config.rotate_by
        self._begin(active.rotates_for, now, within=max(0.0, cut_at - now))

    def _take_over(self, before: StreamState, after: StreamState, plan: _Plan, now: float) -> None:
        self.take_successor()
        self._streams.drop(before)
        replayed = self._streams.feed.seconds(self._streams.rewind(before))
        greeting = self._streams.activate(after, now)
        self._state.records.append(
            StreamChanged(after.number, plan.reason, replayed, greeting, after.identity)
        )

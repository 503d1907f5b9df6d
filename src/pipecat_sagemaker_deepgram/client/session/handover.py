# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream taking over from another that works: make before break. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import Lineup
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

CHANGE_AGAIN_AFTER = 30.0
"""Seconds from a rotation that was refused to the next attempt."""


@dataclass(frozen=True)
class _Plan:
    reason: events.ChangeReason
    by: float


class Changeover:
    """Replaces the active stream without a loss.

    A successor is opened beside it. In a pause the successor gets the audio from there on, the
    predecessor answers the rest, and what the successor says waits until it has. Where no pause
    comes in time the predecessor is dropped, and the successor replays what it had not answered.

    Args:
        lineup: The session's streams.
        config: Time limits.
    """

    def __init__(self, lineup: Lineup, config: ClientConfig) -> None:
        self._lineup = lineup
        self._config = config
        self._plan: _Plan | None = None
        self.drain_by: float | None = None
        """The time by which the predecessor has to have answered."""

    def due_at(self) -> float | None:
        """The time at which ``consider`` would do something even without a message."""
        active, successor = self._lineup.active, self._lineup.successor
        if active is None or self._lineup.draining is not None:
            return None
        if self._plan is None:
            return active.rotate_at
        is_ready = successor is not None and successor.phase is StreamPhase.READY
        return self._plan.by if is_ready else None

    def begin(self, reason: events.ChangeReason, now: float, *, within: float) -> None:
        """Have another stream take over, in the next pause, at the latest after ``within``.

        Where settings were to change anyway they go with it, and whoever changed them is told.
        """
        before, by = self._plan, now + within
        self.abandon()
        if before is not None and before.reason == "settings":
            reason, by = before.reason, min(by, before.by)
        self._plan = _Plan(reason, by)
        self._lineup.successor = self._lineup.open(now)

    def abandon(self) -> None:
        """Let the active stream stay."""
        self._lineup.drop(self.take_successor())

    def take_successor(self) -> StreamState | None:
        """End the plan and give up its stream for another use."""
        successor, self._lineup.successor = self._lineup.successor, None
        self._plan = None
        return successor

    def refused(self, error: SageMakerDeepgramError) -> None:
        """The successor could not be opened or has failed."""
        plan = self._plan
        self.abandon()
        if plan is not None:
            self._lineup.events.append(events.ChangeRefused(plan.reason, error))

    def consider(self, now: float) -> None:
        """Begin a rotation that is due, or complete a changeover whose moment has come."""
        active, successor = self._lineup.active, self._lineup.successor
        if active is None or self._lineup.draining is not None:
            return
        if self._plan is None:
            self._rotate_if_due(active, now)
        elif successor is not None and successor.phase is StreamPhase.READY:
            if active.is_idle and self._lineup.feed.is_unanswered_silent():
                self._hand_over(active, successor, self._plan, now)
            elif now >= self._plan.by:
                self._cut(active, successor, self._plan, now)

    def drained(self) -> StreamState | None:
        """The predecessor has answered everything; the active stream's messages are free."""
        self._lineup.draining = self.drain_by = None
        return self._lineup.active

    def _rotate_if_due(self, active: StreamState, now: float) -> None:
        if active.rotate_at is None or now < active.rotate_at:
            return
        active.rotate_at = now + CHANGE_AGAIN_AFTER
        cut_at = active.opened_at + self._config.rotate_by
        self.begin("rotation", now, within=max(0.0, cut_at - now))

    def _hand_over(self, before: StreamState, after: StreamState, plan: _Plan, now: float) -> None:
        self.take_successor()
        self._lineup.draining = before
        self.drain_by = now + self._config.close_timeout
        self._lineup.ask_for_the_rest(before)
        self._take_over(after, plan, now, replayed_bytes=0, is_fresh=True)

    def _cut(self, before: StreamState, after: StreamState, plan: _Plan, now: float) -> None:
        self.take_successor()
        self._lineup.drop(before)
        replayed = self._lineup.feed.rewind(keeps_all=before.keeps_all)
        self._take_over(after, plan, now, replayed_bytes=replayed, is_fresh=before.is_idle)

    def _take_over(
        self,
        stream: StreamState,
        plan: _Plan,
        now: float,
        *,
        replayed_bytes: int,
        is_fresh: bool,
    ) -> None:
        greeting = self._lineup.activate(stream, now, is_fresh=is_fresh)
        replayed_seconds = self._lineup.feed.seconds(replayed_bytes)
        self._lineup.events.append(
            events.StreamChanged(stream.number, plan.reason, replayed_seconds, greeting)
        )

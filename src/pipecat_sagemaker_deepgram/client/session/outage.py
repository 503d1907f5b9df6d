# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What follows when a stream is lost or cannot be opened: another attempt, or the end. Pure."""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.records import (
    AttemptFailed,
    GivenUp,
    Lost,
    RetryScheduled,
)
from pipecat_sagemaker_deepgram.client.session.backoff import probe_delay
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import Phase, SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

STABLE_AFTER = 30.0
"""Seconds after which a stream counts as working even if it has reported nothing."""

EARLY_DEATH = 2.0
"""Seconds within which the loss of a stream that processed no audio counts against its target."""


class Outage:
    """Gets a session through the time without a stream.

    Args:
        streams: The session's streams.
        handover: May already have opened a successor.
        recovery: Decides whether and when to try again.
        state: The session's shared state.
        config: Whether to try again after recovery has failed.
        random: Returns numbers in [0, 1).

    Attributes:
        retry_at: The time of the next attempt; ``None`` for none.
    """

    def __init__(
        self,
        streams: SessionStreams,
        handover: Handover,
        recovery: Recovery,
        state: SessionState,
        config: ClientConfig,
        random: Callable[[], float],
    ) -> None:
        self._streams = streams
        self._handover = handover
        self._recovery = recovery
        self._state = state
        self._config = config
        self._random = random
        self._probes = 0
        self.retry_at: float | None = None

    def start_over(self, now: float) -> None:
        """Try at once, as if nothing had failed."""
        self._recovery.start_over()
        self._try(now)

    def handle_timer(self, now: float) -> None:
        """Make the attempt that is due, if any."""
        if self.retry_at is None or now < self.retry_at:
            return
        if self._state.phase is Phase.DOWN:
            self._recovery.start_over()
        self._try(now)

    def attempt_failed(
        self, stream: StreamState, error: SageMakerDeepgramError, now: float
    ) -> None:
        """Handle a failed attempt to open a stream while there was none."""
        self._streams.opening = None
        self._handover.forget_request()
        self._streams.drop(stream)
        self._state.note_down(stream.started_at)
        self._state.records.append(AttemptFailed(stream.number, error))
        if self._state.phase is Phase.DOWN:
            self._state.failure = error
            self._probe_later(now)
        else:
            self._recover(error, stream, now, leave=True)

    def lose(self, error: SageMakerDeepgramError, now: float, *, is_silent: bool = False) -> None:
        """Lose the active stream.

        Args:
            error: Why it is lost.
            now: When it is lost.
            is_silent: Whether it merely reports nothing. That does not use up the retry budget,
                since there may be nothing to report.
        """
        lost = self._streams.active
        if lost is None:
            return
        self._note_loss(lost, error, now)
        if (successor := self._handover.take_successor()) is not None:
            self._promote(successor, now)
        elif is_silent:
            self._recovery.leave(lost.target, now)
            self._retry(error, now)
        else:
            is_early = now - lost.ready_at < EARLY_DEATH and not lost.has_advanced
            self._recover(error, lost, now, leave=is_early)

    def _note_loss(self, lost: StreamState, error: SageMakerDeepgramError, now: float) -> None:
        self._streams.drop(lost)
        self._streams.active = None
        self._state.note_down(now)
        self._state.records.append(Lost(lost.number, error))
        self._streams.replayed_bytes = self._streams.rewind(lost)
        self._state.phase = Phase.CONNECTING
        if now - lost.ready_at >= STABLE_AFTER:
            self._recovery.proved(lost.target)

    def _promote(self, successor: StreamState, now: float) -> None:
        """Use a stream that was to take over from the lost one."""
        self._streams.opening = successor
        if successor.phase is StreamPhase.READY:
            self._handover.ready(successor, now)

    def _try(self, now: float) -> None:
        self.retry_at = None
        self._streams.opening = self._streams.open(now)

    def _recover(
        self, error: SageMakerDeepgramError, stream: StreamState, now: float, *, leave: bool
    ) -> None:
        at = self._recovery.failed(error, stream.target, now, leave=leave)
        if at is None:
            self._give_up(error, now)
        else:
            self._retry(error, at, after=at - now)

    def _retry(self, error: SageMakerDeepgramError, at: float, *, after: float = 0.0) -> None:
        self.retry_at = at
        self._state.records.append(RetryScheduled(max(1, self._recovery.attempt), after, error))

    def _give_up(self, error: SageMakerDeepgramError, now: float) -> None:
        self._state.records.append(GivenUp(error, self._streams.give_up("gave_up")))
        self._state.failure = error
        if self._state.is_closing or self._config.probe_interval is None:
            self._streams.end()
        else:
            self._state.phase = Phase.DOWN
            self._probes = 0
            self._probe_later(now)

    def _probe_later(self, now: float) -> None:
        interval = self._config.probe_interval or 0.0
        delay = probe_delay(self._probes, interval=interval, chance=self._random())
        self._probes += 1
        self.retry_at = now + delay

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When silence has to be sent so that an open turn can end. Pure: time is an argument.

A Flux container's clock is the audio that it receives. When audio stops in the middle of a turn
(the user is muted, the transport pauses, the caller has left), the turn never ends by itself. So
silence is sent instead, as much as time has passed, until the turn ends or should have ended. If
the container has not processed all audio by then, it gets more time as long as it advances; if it
does not advance, the session changes to another stream, once.
"""

from dataclasses import dataclass

STEP = 0.1
"""Seconds of silence in one message."""

END_MARGIN = 1.0
"""Seconds of silence to send beyond the container's own timeout."""

_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class SilenceDue:
    """Silence has to be sent; ``silence_sent`` confirms that it was.

    Attributes:
        seconds: Seconds of silence.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class ContainerDeaf:
    """The container stopped before the audio's end, so another stream has to be tried."""


@dataclass(frozen=True, slots=True)
class SilenceSpent:
    """All the silence that a turn needs to end was sent in vain; this side has to end the turn."""


class SilenceWatchdog:
    """Watches the audio of one session.

    Args:
        min_timeout: Least seconds without audio before silence is sent; twice the length of the
            last piece of audio if that is longer.
        eot_timeout: Seconds of silence after which the container ends a turn.
    """

    def __init__(self, *, min_timeout: float = 0.5, eot_timeout: float = 5.0) -> None:
        self.eot_timeout = eot_timeout
        self.given = 0.0
        """Session seconds of the audio given."""
        self._min_timeout = min_timeout
        self._threshold = min_timeout
        self._is_open = False
        self._quiet_since = 0.0
        self._sent = 0.0
        self._asked_at: float | None = None
        # How far the container was when silence began, and whether another stream was tried.
        self._heard_to = 0.0
        self._has_asked_another = False

    def audio_given(self, seconds: float, now: float) -> None:
        """Note that this many seconds of audio were given."""
        self.given += seconds
        self._threshold = max(2 * seconds, self._min_timeout)
        self._quiet_since = now
        self._sent = 0.0
        self._asked_at = None

    def turn_is(self, is_open: bool, now: float) -> None:
        """Note whether a turn is open."""
        if is_open and not self._is_open:
            self._begin_not_before(now - self._threshold)
            self._has_asked_another = False
        self._is_open = is_open

    def start_over(self, now: float) -> None:
        """Count silence from now on, because the stream has not received any before."""
        self._begin_not_before(now)

    def silence_sent(self, seconds: float) -> None:
        """Note that this many seconds of silence were sent."""
        if self._asked_at is not None:
            self._asked_at = None
            self._sent += seconds

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        if not self._is_open:
            return None
        if self._asked_at is not None:
            return self._asked_at + STEP
        return self._quiet_since + max(self._threshold, self._sent + STEP)

    def handle_timer(
        self, now: float, *, heard_to: float
    ) -> SilenceDue | ContainerDeaf | SilenceSpent | None:
        """Do what is due.

        Args:
            now: The time.
            heard_to: How far the container has processed the audio, in session seconds.
        """
        at = self.get_timer()
        if at is None or now < at:
            return None
        if self._asked_at is not None:
            self.start_over(now)
            return None
        limit = self.eot_timeout + END_MARGIN
        if self._sent >= limit:
            return self._spent(now, heard_to)
        if not self._sent:
            self._heard_to = heard_to
        self._asked_at = now
        return SilenceDue(min(now - self._quiet_since, limit) - self._sent)

    def _spent(self, now: float, heard_to: float) -> ContainerDeaf | SilenceSpent | None:
        has_advanced = heard_to > self._heard_to
        if heard_to >= self.given - _TOLERANCE or (self._has_asked_another and not has_advanced):
            return SilenceSpent()
        self.start_over(now)
        if has_advanced:
            return None
        self._has_asked_another = True
        return ContainerDeaf()

    def _begin_not_before(self, at: float) -> None:
        if self._quiet_since < at:
            self._quiet_since = at
            self._sent = 0.0
            self._asked_at = None

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions with a fault planted in one part: what a small world has to find."""

from collections.abc import Callable
from typing import Any

from pipecat_sagemaker_deepgram.client.records import LossReason
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.inbox import Inbox
from pipecat_sagemaker_deepgram.client.session.ledger import AudioLedger
from pipecat_sagemaker_deepgram.client.session.outage import Outage
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.silence import SilenceWatch
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.exceptions import RejectedError, SageMakerDeepgramError

from .world_bounds import Bounds, new_session
from .world_peers import PIECE


class GreedyLedger(AudioLedger):
    """Acknowledges one frame too much."""

    def acknowledge(self, position: int) -> int:
        return super().acknowledge(position + PIECE)


class SlowLedger(AudioLedger):
    """Acknowledges one frame too little, so that it is heard again."""

    def acknowledge(self, position: int) -> int:
        return super().acknowledge(position - PIECE)


class UnreplayingStreams(SessionStreams):
    """The next stream begins where the lost one stood."""

    def rewind(self, stream: StreamState) -> int:
        return 0


class BreakingHandover(Handover):
    """The stream that takes over is not sent what the other has not answered."""

    def _take_over(self, before: StreamState, after: StreamState, plan: Any, now: float) -> None:
        self._streams.feed.ledger.acknowledge(self._streams.feed.ledger.sent)
        super()._take_over(before, after, plan, now)


class TimidHandover(Handover):
    """Does not try again to change the settings."""

    def refused(self, error: SageMakerDeepgramError, now: float) -> None:
        super().refused(RejectedError("denied", status_code=403), now)


class CredulousInbox(Inbox):
    """Takes any end of a stream that was asked for the rest for a good one."""

    def _has_ended_well(self, stream: StreamState) -> bool:
        return True


class ForgetfulOutage(Outage):
    """Makes no second attempt."""

    def handle_timer(self, now: float) -> None:
        self.retry_at = None


class QuietFeed(AudioFeed):
    """Reports nothing of what it lets go."""

    def _lose(self, reason: LossReason, count: int) -> None:
        pass


class WastefulFeed(AudioFeed):
    """Lets go of what a lost stream was sent, and reports it."""

    def rewind(self, *, keeps_all: bool = False) -> int:
        super().rewind(keeps_all=keeps_all)
        self._lose("replay_limit", self.ledger.drop_oldest(PIECE))
        return 0


class BlindSilence(SilenceWatch):
    """Never gives a silent stream up."""

    def stalled_at(self, stream: StreamState) -> float | None:
        return None

    def _unanswered_at(self, closing: Closing) -> float | None:
        return None


class NervousSilence(SilenceWatch):
    """Gives up a stream that owes nothing."""

    def stalled_at(self, stream: StreamState) -> float | None:
        return stream.received_at + 4.0

    def _owes(self, stream: StreamState) -> bool:
        return True


class EndlessSession(Session):
    """Closes once all is answered, and never otherwise."""

    def _deadlines(self, now: float) -> list[float | None]:
        deadlines = super()._deadlines(now)
        return deadlines if self.state.closing is None else deadlines[:-1]


class AbruptSession(Session):
    """Closes at once."""

    def close(self, now: float, *, timeout: float) -> None:
        self.abort()


class DeafSession(Session):
    """Writes to a stream that takes nothing."""

    def stream_blocked(self, number: int, *, is_blocked: bool) -> None:
        pass


PARTS: dict[type, Callable[[Session], Any]] = {
    AudioLedger: lambda session: session.feed.ledger,
    AudioFeed: lambda session: session.feed,
    SessionStreams: lambda session: session._streams,
    Handover: lambda session: session._handover,
    Outage: lambda session: session._outage,
    Inbox: lambda session: session._inbox,
    SilenceWatch: lambda session: session._silence,
    Session: lambda session: session,
}


def with_fault(bounds: Bounds, fault: type) -> Session:
    """A session in which one part is of another class."""
    session = new_session(bounds)
    PARTS[fault.__mro__[1]](session).__class__ = fault
    return session

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams on which nothing happens: kept alive from this side, given up for the other's. Pure."""

from collections.abc import Iterator

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.records import SilenceSent
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.inbox import Inbox
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import Streams
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import ConnectTimeoutError, StreamStalledError


class Silence:
    """Watches for silence in both directions.

    Args:
        streams: The session's streams.
        inbox: Takes the failures that follow.
        protocol: Whether an answer is expected of the container.
        state: The session's.
        config: Time limits.

    Attributes:
        limit: Seconds from the first audio that was not answered after which a stream may count
            as stalled; ``None`` where none does.
    """

    def __init__(
        self,
        streams: Streams,
        inbox: Inbox,
        protocol: StreamProtocol,
        state: SessionState,
        config: ClientConfig,
    ) -> None:
        self._streams = streams
        self._inbox = inbox
        self._state = state
        self._config = config
        self.limit = config.stall_timeout if protocol.replays else None

    def deadlines(self) -> Iterator[float | None]:
        """The times at which something would follow from silence."""
        for stream in self._streams:
            yield stream.keepalive_at()
            yield self.stalled_at(stream)
        if self._state.closing is not None:
            yield self._unanswered_at(self._state.closing)

    def handle_timer(self, now: float) -> None:
        """Keep streams alive, and give up those that say nothing."""
        for stream in self._streams:
            if seconds := stream.keep_alive(now):
                self._state.records.append(SilenceSent(stream.number, seconds))
            self._check(stream, now)
        if self._state.closing is not None:
            self._check_answer(self._state.closing, now)

    def stalled_at(self, stream: StreamState) -> float | None:
        """The time at which a stream will have said nothing for too long."""
        if stream.phase is StreamPhase.STARTING:
            return stream.opened_at + self._config.subscription_timeout
        if stream.phase is not StreamPhase.READY or self.limit is None:
            return None
        if stream.quiet_since is None:
            return None
        return stream.quiet_since + self.limit * (2 if stream.was_probed else 1)

    def _check(self, stream: StreamState, now: float) -> None:
        if not _is_due(self.stalled_at(stream), now):
            return
        if stream.phase is StreamPhase.STARTING:
            error = ConnectTimeoutError("The container did not say in time that it is ready")
            self._inbox.failed(stream, error, now)
        elif not (stream.owes_answer or self._streams.feed.is_voiced_since(stream.quiet_from)):
            stream.excused()
        elif not stream.probe(now):
            error = StreamStalledError("The container says nothing although speech goes out")
            self._inbox.failed(stream, error, now)

    # While closing

    @property
    def _awaited(self) -> StreamState | None:
        """The stream whose answers come next."""
        return self._streams.draining or self._streams.active

    def _unanswered_at(self, closing: Closing) -> float | None:
        """The time at which the awaited stream will have said nothing for too long."""
        stream, limit = self._awaited, self.limit
        if stream is None or limit is None or not self._config.max_replay_buffer_bytes:
            return None
        if stream.phase not in (StreamPhase.READY, StreamPhase.FINISHING):
            return None
        return max(closing.since, stream.received_at) + closing.patience(limit)

    def _check_answer(self, closing: Closing, now: float) -> None:
        """Lose the stream that does not answer while closing, if another could still hear more."""
        stream = self._awaited
        if stream is None or not _is_due(self._unanswered_at(closing), now):
            return
        feed = self._streams.feed
        has_more = not feed.ledger.is_spent or feed.is_voiced_since(feed.ledger.acknowledged)
        if stream.has_answered_all or feed.is_replaying or not has_more:
            stream.received(now)
        else:
            error = StreamStalledError("The container does not answer what it was sent")
            self._inbox.failed(stream, error, now)


def _is_due(at: float | None, now: float) -> bool:
    return at is not None and now >= at

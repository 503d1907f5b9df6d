# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Silence on a stream: what to send when we are silent, and when a silent peer is lost. Pure."""

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.records import SilenceSent
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.inbox import Inbox
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import ConnectTimeoutError, StreamStalledError

ANSWERED_WITHIN = 2.0
"""Seconds of audio within which a container reports a position, if it answers such audio at all."""


class SilenceWatch:
    """Watches for silence in both directions.

    A container is late only with a position that it owes. It owes one for all audio if its protocol
    says so, for silence once it has answered silence, and for speech while someone is known to be
    speaking. If it owes none, it may be asked for a sign of life while nobody is speaking. A stream
    that replaces a silent one and is silent too is kept, unless it owes a position. The level of
    the audio is never considered.

    Args:
        streams: The session's streams.
        inbox: Handles the failures that result from silence.
        protocol: What is expected of the container.
        state: The session's shared state.
        config: Time limits.

    Attributes:
        limit: Seconds from the first unanswered audio after which a stream may count as stalled;
            ``None`` if no stream ever does.
        is_speaking: Whether someone is speaking; ``None`` if the caller does not know.
    """

    def __init__(
        self,
        streams: SessionStreams,
        inbox: Inbox,
        protocol: StreamProtocol,
        state: SessionState,
        config: ClientConfig,
    ) -> None:
        self._streams = streams
        self._inbox = inbox
        self._protocol = protocol
        self._state = state
        self._config = config
        self.limit = config.stall_timeout if protocol.replays else None
        self.is_speaking: bool | None = None

    def deadlines(self) -> list[float | None]:
        """The times at which silence has consequences; ``None`` stands for never."""
        deadlines: list[float | None] = []
        for stream in self._streams:
            deadlines += stream.keepalive_at(), self.stalled_at(stream)
        if self._state.closing is not None:
            deadlines.append(self._unanswered_at(self._state.closing))
        return deadlines

    def handle_timer(self, now: float) -> None:
        """Keep streams alive, and give up those that report nothing."""
        for stream in self._streams:
            if seconds := stream.keep_alive(now):
                self._state.records.append(SilenceSent(stream.number, seconds))
            self._check(stream, now)
        if self._state.closing is not None:
            self._check_answer(self._state.closing, now)

    def stalled_at(self, stream: StreamState) -> float | None:
        """The time at which a stream will have reported nothing for too long."""
        if stream.phase is StreamPhase.STARTING:
            return stream.opened_at + self._config.subscription_timeout
        if stream.phase is not StreamPhase.READY or self.limit is None or stream.is_unread:
            return None
        if stream.waiting_since is None:
            return None
        return stream.waiting_since + self._patience(self.limit)

    def _patience(self, limit: float) -> float:
        """Seconds to wait for an answer: longer after each silent stream in a row."""
        silent = self._inbox.silent_streams
        return min(limit * 2.0 ** min(silent, 60), 6 * limit) if silent else limit

    def _check(self, stream: StreamState, now: float) -> None:
        if not _is_due(self.stalled_at(stream), now):
            return
        if stream.phase is StreamPhase.STARTING:
            error = ConnectTimeoutError("The container did not say in time that it is ready")
            self._inbox.failed(stream, error, now)
        elif self._owes(stream):
            self._lose(stream, now)
        elif self._may_probe(stream) and stream.probe(now):
            return
        elif self._inbox.silent_streams or self.is_speaking:
            stream.excused(now)
        else:
            self._lose(stream, now)

    def _owes(self, stream: StreamState) -> bool:
        """Whether a position is certainly due."""
        every = self._protocol.answers_every
        if every is not None:
            return stream.unheard_seconds >= every
        is_answered = self._inbox.answers_silence or (self.is_speaking and stream.answers_speech)
        return bool(is_answered) and stream.unheard_seconds >= ANSWERED_WITHIN

    def _may_probe(self, stream: StreamState) -> bool:
        """Whether a stream may be asked for a sign of life.

        The request asks for the words heard so far and can cut one, so it is not sent while someone
        is known to be speaking. If nothing is known, nothing else may bring a sign of life.
        """
        return not (stream.answers_speech if self.is_speaking is None else self.is_speaking)

    def _lose(self, stream: StreamState, now: float) -> None:
        self._inbox.silent_streams += 1
        error = StreamStalledError("The container does not answer the audio that it is sent")
        self._inbox.failed(stream, error, now, is_silent=True)

    # While closing

    def _unanswered_at(self, closing: Closing) -> float | None:
        """The time at which the active stream will have said nothing for too long."""
        stream, limit = self._streams.active, self.limit
        if stream is None or limit is None or not self._config.max_replay_buffer_bytes:
            return None
        if stream.phase not in (StreamPhase.READY, StreamPhase.FINISHING) or stream.is_unread:
            return None
        return max(closing.since, stream.received_at) + closing.patience(limit)

    def _check_answer(self, closing: Closing, now: float) -> None:
        """While closing, give up a stream that does not answer if another could still answer."""
        stream = self._streams.active
        if stream is None or not _is_due(self._unanswered_at(closing), now):
            return
        if stream.has_answered_all() and self._streams.feed.ledger.is_spent:
            stream.received_at = now
        else:
            self._lose(stream, now)


def _is_due(at: float | None, now: float) -> bool:
    return at is not None and now >= at

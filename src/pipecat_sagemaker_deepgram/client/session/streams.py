# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's streams, by their roles. Pure."""

from collections.abc import Callable, Iterator

from pipecat_sagemaker_deepgram.client import records
from pipecat_sagemaker_deepgram.client.config import ClientConfig, Target
from pipecat_sagemaker_deepgram.client.session.actions import (
    DropStream,
    EndInput,
    OpenStream,
    Write,
)
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import Phase, SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamState
from pipecat_sagemaker_deepgram.client.stream_protocol import NewStream, StreamProtocol


class SessionStreams:
    """Knows which stream is being opened, which gets the audio, and which will take over.

    Args:
        targets: The endpoints to which streams may go.
        protocol: What the container's messages mean.
        config: Time limits.
        recovery: Chooses the target of the next stream.
        state: The session's shared state.
        random: Returns numbers in [0, 1).

    Attributes:
        feed: The session's audio.
        opening: A stream that is opened because there is none.
        active: The stream that gets the audio.
        successor: A stream that will take over from the active one.
        finishing: Streams that have yet to be asked for their remaining answers.
        replayed_bytes: Bytes that a lost stream received and that are sent again to the next one.
    """

    def __init__(
        self,
        targets: tuple[Target, ...],
        protocol: StreamProtocol,
        *,
        config: ClientConfig,
        recovery: Recovery,
        state: SessionState,
        random: Callable[[], float],
    ) -> None:
        self.feed = AudioFeed(protocol, config)
        self.opening: StreamState | None = None
        self.active: StreamState | None = None
        self.successor: StreamState | None = None
        self.finishing: list[StreamState] = []
        self.replayed_bytes = 0
        self._targets = targets
        self._protocol = protocol
        self._config = config
        self._recovery = recovery
        self._state = state
        self._random = random
        self._last_number = 0
        self._last_target: int | None = None
        self._has_unfinished = False
        self._has_connected = False

    def __iter__(self) -> Iterator[StreamState]:
        """Yield the streams that exist."""
        for stream in (self.opening, self.active, self.successor):
            if stream is not None:
                yield stream

    def find(self, number: int) -> StreamState | None:
        """The stream with this number, if it still exists."""
        if self.active is not None and self.active.number == number:
            return self.active
        return next((stream for stream in self if stream.number == number), None)

    # Coming up

    def open(self, now: float) -> StreamState:
        """Ask for a stream to be opened."""
        self._last_number += 1
        index = self._recovery.choose_target(now)
        target = self._targets[index]
        stream = StreamState(
            self._last_number,
            index,
            self._protocol,
            self._state.injections,
            now=now,
            rotate_at=self._rotation_time(now),
        )
        self._state.records.append(records.Connecting(stream.number, target))
        fresh_credentials = self._recovery.needs_fresh_credentials
        self._state.actions.append(OpenStream(stream.number, target, fresh_credentials))
        return stream

    def come_up(self, stream: StreamState, now: float) -> None:
        """Activate a stream that was opened while there was none, and report the outage's end."""
        self.opening = None
        connected = self._connected(stream, self.activate(stream, now), now)
        self._recovery.connected(stream.target, connected.connect_seconds, now)
        self._state.records.append(connected)
        self._state.phase = Phase.UP
        self._state.failure = self._state.down_since = None
        self._has_connected = True
        self.replayed_bytes = 0

    def _connected(self, stream: StreamState, greeting: str, now: float) -> records.Connected:
        down_since = self._state.down_since
        return records.Connected(
            stream.number,
            stream.identity,
            connect_seconds=now - stream.started_at,
            replayed_seconds=self.feed.seconds(self.replayed_bytes),
            is_first=not self._has_connected,
            greeting=greeting,
            outage_seconds=0.0 if down_since is None else now - down_since,
            dropped_seconds=0.0 if down_since is None else self._state.dropped_seconds,
        )

    def activate(self, stream: StreamState, now: float) -> str:
        """Give the audio to a stream from here on.

        Returns:
            The text that is sent to it first; empty for none.
        """
        target = self._targets[stream.target]
        if self._last_target not in (None, stream.target):
            self._state.records.append(records.FailedOver(target))
        self.report_losses()
        self._last_target = stream.target
        self.active = stream
        stream.begin(self.feed.ledger.sent)
        self.feed.begin(now)
        return self._greet(stream, target, now)

    def _greet(self, stream: StreamState, target: Target, now: float) -> str:
        is_fresh, self._has_unfinished = not self._has_unfinished, False
        greeting = self._protocol.greeting(
            NewStream(number=stream.number, target=target, is_fresh=is_fresh)
        )
        for kind in greeting.forgets:
            self.feed.ledger.forget_controls(kind)
        if greeting.text:
            stream.inject_text(greeting.text, now)
        return greeting.text

    # What is sent to them besides audio and controls

    def next_injection(self) -> Write | None:
        """Take the first injection that can be written; discard those for streams that are gone."""
        injections = self._state.injections
        blocked: list[Write] = []
        found = None
        while injections and found is None:
            write = injections.popleft()
            stream = self.find(write.stream)
            if stream is not None and stream.is_blocked:
                blocked.append(write)
            elif stream is not None:
                found = write
        injections.extendleft(reversed(blocked))
        return found

    def next_request_for_rest(self, now: float) -> Write | EndInput | None:
        """Ask the first finishing stream for its remaining answers, or end its input to ask.

        Returns:
            The request; ``None`` if the stream accepts nothing at the moment or is gone.
        """
        stream = self.finishing[0]
        if stream.is_blocked:
            return None
        self.finishing.pop(0)
        if stream is not self.active:
            return None
        payload = self._protocol.close_payload
        if payload is None:
            return EndInput(stream.number)
        return stream.write_control(payload.encode(), now, is_text=True)

    # Going away

    def rewind(self, stream: StreamState) -> int:
        """Prepare for the stream that replaces this one.

        Returns:
            Bytes that were sent before and will be sent again.
        """
        self._has_unfinished = self._has_unfinished or stream.keeps_all
        return self.feed.rewind(keeps_all=stream.keeps_all)

    def finish(self, stream: StreamState, now: float) -> None:
        """Ask a stream for its remaining answers after everything that it has yet to receive."""
        if seconds := stream.finish(now):
            self._state.records.append(records.SilenceSent(stream.number, seconds))
        self.finishing.append(stream)

    def drop(self, *streams: StreamState | None) -> None:
        """Ask for streams to be dropped at once."""
        for stream in streams:
            if stream is not None:
                self._state.actions.append(DropStream(stream.number))

    def end(self) -> None:
        """End the session now; what was not answered is lost."""
        if self._state.phase is Phase.CLOSED:
            return
        reason = "unread" if self.active is not None and self.active.is_unread else "closed"
        self.drop(*self)
        self.opening = self.active = self.successor = None
        self._state.closing = None
        self._state.is_closing = True
        self._state.phase = Phase.CLOSED
        self._state.records.append(records.Closed(self.give_up(reason)))

    def give_up(self, reason: records.LossReason) -> float:
        """Drop all audio.

        Returns:
            Seconds of it that no stream has answered.
        """
        self.feed.give_up(reason)
        return self.report_losses()

    def report_losses(self) -> float:
        """Report the audio that was dropped since the last report.

        Returns:
            Seconds of that audio.
        """
        lost = self.feed.take_losses()
        for reason, seconds in lost.items():
            self._state.records.append(records.AudioDropped(seconds, reason))
        seconds = sum(lost.values())
        self._state.dropped_seconds += seconds
        return seconds

    def _rotation_time(self, now: float) -> float | None:
        after = self._config.rotate_after
        if after is None:
            return None
        return now + after - self._random() * min(self._config.rotate_jitter, after / 2)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's streams, by what they are there for. Pure."""

from collections.abc import Callable, Iterator

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import ClientConfig, Target
from pipecat_sagemaker_deepgram.client.session.actions import (
    Action,
    DropStream,
    EndInput,
    OpenStream,
)
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.stream_protocol import NewStream, StreamProtocol


class Lineup:
    """Who opens, who gets the audio, who is to take over and who finishes.

    It also collects what is to be done about streams and what has happened to them.

    Args:
        targets: Where streams may go.
        protocol: What the container's messages mean.
        config: Time limits.
        recovery: Chooses the target of the next stream.
        random: Gives numbers in [0, 1).
    """

    def __init__(
        self,
        targets: tuple[Target, ...],
        protocol: StreamProtocol,
        *,
        config: ClientConfig,
        recovery: Recovery,
        random: Callable[[], float],
    ) -> None:
        self._targets = targets
        self._protocol = protocol
        self._config = config
        self._recovery = recovery
        self._random = random
        self._last_number = 0
        self._last_target: int | None = None
        self.feed = AudioFeed(protocol, config)
        self.actions: list[Action] = []
        self.events: list[events.Record] = []
        self.opening: StreamState | None = None
        """A stream that is opened because there is none."""
        self.active: StreamState | None = None
        """The stream that gets the audio."""
        self.successor: StreamState | None = None
        """A stream that is to take over from the active one."""
        self.draining: StreamState | None = None
        """The stream before the active one; what the active one says waits for its end."""

    def __iter__(self) -> Iterator[StreamState]:
        """All streams there are."""
        for stream in (self.opening, self.active, self.successor, self.draining):
            if stream is not None:
                yield stream

    def find(self, number: int) -> StreamState | None:
        """The stream of that number, if it is still there."""
        if self.active is not None and self.active.number == number:
            return self.active
        return next((stream for stream in self if stream.number == number), None)

    def open(self, now: float) -> StreamState:
        """Have a stream opened."""
        self._last_number += 1
        index = self._recovery.choose_target(now)
        target = self._targets[index]
        stream = StreamState(
            self._last_number, index, self._protocol, now=now, rotate_at=self._rotation_time(now)
        )
        self.events.append(events.Connecting(stream.number, target))
        self.actions.append(
            OpenStream(stream.number, target, self._recovery.needs_fresh_credentials)
        )
        return stream

    def activate(self, stream: StreamState, now: float, *, is_fresh: bool = True) -> str:
        """Give the audio to a stream from here on.

        Returns:
            What it is sent before any audio.
        """
        if self._last_target not in (None, stream.target):
            self.events.append(events.FailedOver(self._targets[stream.target]))
        if seconds := self.feed.take_dropped_seconds():
            self.events.append(events.AudioDropped(seconds))
        self._last_target = stream.target
        self.active = stream
        stream.timeline.begin(self.feed.ledger.sent)
        self.feed.begin(now)
        target = self._targets[stream.target]
        greeting = self._protocol.greeting(
            NewStream(number=stream.number, target=target, is_fresh=is_fresh)
        )
        for kind in greeting.forgets:
            self.feed.ledger.forget_controls(kind)
        if greeting.text:
            stream.inject_text(greeting.text)
        return greeting.text

    def ask_for_the_rest(self, stream: StreamState) -> None:
        """Ask a stream for what is left, or end its input where that asks."""
        stream.phase = StreamPhase.FINISHING
        if self._protocol.close_payload is None:
            self.actions.append(EndInput(stream.number))
        else:
            stream.inject_text(self._protocol.close_payload)

    def drop(self, *streams: StreamState | None) -> None:
        """Have streams dropped at once."""
        self.actions += [DropStream(stream.number) for stream in streams if stream is not None]

    def drop_all(self) -> None:
        """Have every stream dropped at once."""
        self.drop(*self)
        self.opening = self.active = self.successor = self.draining = None

    def _rotation_time(self, now: float) -> float | None:
        after = self._config.rotate_after
        if after is None:
            return None
        return now + after - self._random() * min(self._config.rotate_jitter, after / 2)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How fast audio leaves the ledger: in whole chunks, and a replay at a limited pace. Pure."""

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.records import LossReason
from pipecat_sagemaker_deepgram.client.session.ledger import AudioLedger, AudioRun, Control
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol


class AudioFeed:
    """Gives a session's audio and controls to the stream that is up.

    Chunks grow when the writer falls behind. If a least size is configured, audio waits for it no
    longer than twice the duration of such a chunk.

    Args:
        protocol: Provides the audio's rate.
        config: Provides the sizes.
    """

    def __init__(self, protocol: StreamProtocol, config: ClientConfig) -> None:
        self._rate = protocol.bytes_per_second
        self._config = config
        self._most_replayed = config.max_replay_buffer_bytes if protocol.replays else 0
        self.ledger = AudioLedger(
            frame_size=protocol.frame_size,
            max_replay_bytes=self._most_replayed,
            max_unsent_bytes=config.max_unsent_bytes,
        )
        self.replay_until = 0
        """Position up to which the audio is older than the stream that now receives it."""
        self.is_paced = False
        """Whether a replay is sent slower than the stream would accept it."""
        self._most = self._least = 0
        self._flush_at: float | None = None
        self._replay_from = 0
        self._replay_began = 0.0
        self._lost: dict[LossReason, int] = {}

    def seconds(self, count: int) -> float:
        """Convert bytes of audio to seconds."""
        return count / self._rate()

    @property
    def is_replaying(self) -> bool:
        """Whether the stream is still catching up with the audio that was there before it."""
        return self.ledger.sent < self.replay_until

    @property
    def unanswered_bytes(self) -> int:
        """Bytes of audio that no stream has answered yet."""
        return self.ledger.kept_bytes

    @property
    def is_half_full(self) -> bool:
        """Whether the unsent audio, or that kept for a replay, exceeds half of its limit."""
        sent = self.ledger.kept_bytes - self.ledger.unsent_bytes
        most_sent, most_unsent = self._most_replayed, self._config.max_unsent_bytes
        return self.ledger.unsent_bytes > most_unsent / 2 or 0 < most_sent / 2 < sent

    def is_gathering(self, now: float) -> bool:
        """Whether the audio that waits begins a chunk that is neither full nor due."""
        if self.is_paced or self._flush_at is None or now >= self._flush_at:
            return False
        return self.ledger.unsent_bytes < self._least

    def append(self, audio: bytes, now: float) -> float | None:
        """Add audio.

        Returns:
            If the audio begins a chunk, the time by which it has to be sent even if the chunk is
            not full; otherwise ``None``.
        """
        if lost := self.ledger.append(audio):
            self._lose("buffer_limit", lost)
        if self._flush_at is not None or not self._config.min_chunk_seconds:
            return None
        self._flush_at = now + 2 * self._config.min_chunk_seconds
        return self._flush_at

    def rewind(self, *, keeps_all: bool = False) -> int:
        """Prepare for a new stream.

        Args:
            keeps_all: Whether to replay everything, however long.

        Returns:
            Bytes that were sent before and will be sent again.
        """
        in_own_time = self.ledger.sent - max(self.ledger.acknowledged, self.replay_until)
        before = self.ledger.dropped_bytes
        replayed = self.ledger.rewind()
        self._lose("replay_limit", self.ledger.dropped_bytes - before)
        excess = in_own_time - int(self._config.max_replay_seconds * self._rate())
        if keeps_all or excess <= 0 or self.ledger.acknowledged < self.replay_until:
            return replayed
        dropped = self.ledger.drop_oldest(excess)
        self._lose("replay_limit", dropped)
        return max(0, replayed - dropped)

    def give_up(self, reason: LossReason) -> None:
        """Drop everything that is kept."""
        self._lose(reason, self.ledger.clear())

    def refuse(self, audio: bytes, reason: LossReason) -> None:
        """Count audio as lost without adding it."""
        self._lose(reason, len(audio))

    def take_losses(self) -> dict[LossReason, float]:
        """Return and reset the seconds of audio that were dropped, by reason."""
        lost, self._lost = self._lost, {}
        return {reason: self.seconds(count) for reason, count in lost.items()}

    def _lose(self, reason: LossReason, count: int) -> None:
        if count:
            self._lost[reason] = self._lost.get(reason, 0) + count

    def begin(self, now: float) -> None:
        """Give the audio to a new stream from here on."""
        self._most = int(self._config.max_chunk_seconds * self._rate())
        self._least = int(self._config.min_chunk_seconds * self._rate())
        self._flush_at = now if self.ledger.unsent_bytes else None
        self._replay_from = self.ledger.sent
        self.replay_until = self.ledger.sent + self.ledger.unsent_bytes
        self._replay_began = now
        self.is_paced = self._config.replay_speed is not None and self.is_replaying

    def take(self, now: float, *, is_closing: bool) -> AudioRun | Control | None:
        """Take what to send next; ``None`` if there is nothing (yet)."""
        most = self._room(now) if self.is_paced else self._most
        is_flushed = self._flush_at is not None and now >= self._flush_at
        least = 0 if is_closing or is_flushed else self._least
        item = self.ledger.take(maximum=most, minimum=least)
        if self._flush_at is not None and not self.ledger.unsent_bytes:
            self._flush_at = None
        return item

    def get_timer(self, now: float) -> float | None:
        """The time at which audio that has to wait now can be taken."""
        if self.is_paced and self._room(now) == 0:
            return now + self._config.max_chunk_seconds
        is_ahead = self._flush_at is not None and now < self._flush_at
        return self._flush_at if is_ahead else None

    def _room(self, now: float) -> int:
        """Most bytes of a replay to send now; whole chunks, so that it does not trickle."""
        self.is_paced = self.is_replaying
        if not self.is_paced:
            return self._most
        speed = self._config.replay_speed or 0.0
        allowed = self._replay_from + int((now - self._replay_began) * speed * self._rate())
        return self._most if allowed - self.ledger.sent >= self._most else 0

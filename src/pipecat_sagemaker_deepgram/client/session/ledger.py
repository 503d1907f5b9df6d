# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The audio ledger: what was given, what was sent, what is acknowledged. Pure.

Audio is stored once, with three positions in it, in bytes since the session began::

    acknowledged <= sent <= appended

Audio given before a stream is up is simply unsent. When a stream is lost, ``sent`` goes back
to ``acknowledged`` and the next stream starts there: that is the replay. Controls are marks at
a position, sent in order with the audio.
"""

from collections import deque
from dataclasses import dataclass, field

from msgspec import Struct


@dataclass(frozen=True, kw_only=True)
class Control:
    """A message for the container that is sent in order with the audio.

    Attributes:
        payload: The message's bytes.
        is_text: Whether the container gets a WebSocket text frame instead of a binary one.
        kind: Name of its kind: a replay includes only the latest control of each kind. A control
            without a kind (empty) is never sent again.
    """

    payload: bytes
    is_text: bool = True
    kind: str = ""


class AudioRun(Struct, frozen=True):
    """Audio to send.

    Attributes:
        position: Where it begins, in bytes since the session began.
        data: The audio.
    """

    position: int
    data: bytes


@dataclass
class _Mark:
    position: int
    control: Control
    is_sent: bool = field(default=False)


class AudioLedger:
    """Keeps audio from the moment it is given until it is acknowledged.

    Args:
        frame_size: Bytes of one sample frame; audio is only cut between frames.
        max_replay_bytes: Most bytes of sent and unacknowledged audio to keep; 0 keeps none.
        max_unsent_bytes: Most bytes of unsent audio to keep.
    """

    def __init__(
        self, *, frame_size: int = 2, max_replay_bytes: int, max_unsent_bytes: int
    ) -> None:
        self._frame_size = frame_size
        self._max_replay_bytes = max_replay_bytes
        self._max_unsent_bytes = max_unsent_bytes
        # The kept audio is that of [start, appended).
        self._audio = bytearray()
        self._start = 0
        self._sent = 0
        self._acknowledged = 0
        self._marks: deque[_Mark] = deque()
        # Sent bytes that are no longer kept: lost only if their stream is lost unanswered.
        self._unkept = 0
        self.dropped_bytes = 0
        """Total bytes that a limit has dropped and that no stream can answer any more."""

    @property
    def acknowledged(self) -> int:
        """Position up to which the container's answers are final."""
        return self._acknowledged

    @property
    def sent(self) -> int:
        """Position up to which the audio was given to the current stream."""
        return self._sent

    @property
    def appended(self) -> int:
        """Position up to which audio was appended."""
        return self._start + len(self._audio)

    @property
    def unsent_bytes(self) -> int:
        """Bytes, in whole frames, that wait to be sent."""
        return _whole_frames(self.appended - self._sent, self._frame_size)

    @property
    def kept_bytes(self) -> int:
        """Bytes that are kept, sent or not."""
        return len(self._audio)

    @property
    def is_spent(self) -> bool:
        """Whether everything given, controls included, has been sent.

        The beginning of a frame that was never completed does not count.
        """
        return not self.unsent_bytes and all(mark.is_sent for mark in self._marks)

    @property
    def has_outstanding_controls(self) -> bool:
        """Whether a control that was sent has not been answered yet."""
        return any(mark.is_sent for mark in self._marks)

    def kept(self, start: int, end: int) -> bytes:
        """Audio between two positions, as far as it is kept."""
        first = max(0, start - self._start)
        return bytes(self._audio[first : max(first, end - self._start)])

    def append(self, audio: bytes) -> int:
        """Keep audio.

        Returns:
            Bytes of older audio that were dropped for it and that no stream can answer any more.
        """
        self._audio += audio
        if self._start + len(self._audio) - self._sent <= self._max_unsent_bytes:
            return 0
        excess = self.unsent_bytes - self._max_unsent_bytes
        return self._drop_unsent(excess) if excess > 0 else 0

    def add_control(self, control: Control) -> None:
        """Place a control after all whole frames given so far."""
        self._marks.append(_Mark(_whole_frames(self.appended, self._frame_size), control))

    def take(self, *, maximum: int, minimum: int = 0) -> AudioRun | Control | None:
        """Take what to send next: audio up to the next control, or that control.

        Args:
            maximum: Most bytes of audio to take at once.
            minimum: Fewest bytes of audio worth sending, unless a control follows them.

        Returns:
            What to send; ``None`` when there is nothing (yet).
        """
        if self._marks and (mark := self._next_mark()) is not None:
            return self._take_up_to(mark, maximum, minimum)
        unsent = self._start + len(self._audio) - self._sent
        count = unsent if unsent < maximum else maximum
        count -= count % self._frame_size
        return self._take_audio(count) if count and count >= minimum else None

    def acknowledge(self, position: int) -> int:
        """Drop audio for which the container's answers are final.

        Args:
            position: End of that audio. Unsent audio cannot be acknowledged, and an earlier
                position changes nothing.

        Returns:
            Bytes by which the acknowledged position has advanced.
        """
        position = min(_whole_frames(position, self._frame_size), self._sent)
        advance = position - self._acknowledged
        if advance < 0:
            return 0
        self._acknowledged = position
        if self._unkept:
            self._unkept = min(self._unkept, max(0, self._start - position))
        self._forget_before(position)
        while self._marks and self._marks[0].is_sent and self._marks[0].position <= position:
            self._marks.popleft()
        return advance

    def rewind(self) -> int:
        """Prepare for a new stream: everything that is kept and unacknowledged is sent again.

        So is the latest control of each kind that was sent and not acknowledged together with the
        audio before it.

        Returns:
            Bytes of audio that will be sent again.
        """
        replayed = self._sent - max(self._start, self._acknowledged)
        self._sent -= replayed
        self.dropped_bytes += self._unkept
        self._unkept = 0
        self._keep_latest_controls()
        return replayed

    def drop_oldest(self, count: int) -> int:
        """Drop the oldest audio; to be called after ``rewind``.

        Args:
            count: How many bytes, rounded up to whole frames.

        Returns:
            Bytes that were dropped.
        """
        kept = _whole_frames(self.kept_bytes, self._frame_size)
        dropped = min(_round_up(count, self._frame_size), kept)
        self._forget_before(self._start + dropped)
        self._sent = max(self._sent, self._start)
        self.dropped_bytes += dropped
        return dropped

    def clear(self) -> int:
        """Drop everything that is kept.

        Returns:
            Bytes of audio that had not been acknowledged.
        """
        lost = _whole_frames(self.appended, self._frame_size) - max(self._start, self._acknowledged)
        lost += self._unkept
        self._unkept = 0
        self._forget_before(_round_up(self.appended, self._frame_size))
        self._sent = self._acknowledged = self._start
        self._marks.clear()
        self.dropped_bytes += lost
        return lost

    def _next_mark(self) -> _Mark | None:
        if not self._marks:
            return None
        return next((mark for mark in self._marks if not mark.is_sent), None)

    def _take_control(self, mark: _Mark) -> Control:
        if mark.control.kind:
            mark.is_sent = True
        else:
            self._marks.remove(mark)
        return mark.control

    def _take_up_to(self, mark: _Mark, maximum: int, minimum: int) -> AudioRun | Control | None:
        if mark.position <= self._sent:
            return self._take_control(mark)
        limit = mark.position - self._sent
        count = _whole_frames(min(limit, maximum), self._frame_size)
        return self._take_audio(count) if count and count >= min(minimum, limit) else None

    def _take_audio(self, count: int) -> AudioRun:
        first = self._sent - self._start
        run = AudioRun(self._sent, bytes(self._audio[first : first + count]))
        self._sent += count
        excess = first + count - self._max_replay_bytes
        if excess > 0:
            self._unkept += self._drop_sent(excess)
        return run

    def forget_controls(self, kind: str) -> None:
        """Forget the controls of a kind, sent or not."""
        self._marks = deque(mark for mark in self._marks if mark.control.kind != kind)

    def _drop_sent(self, excess: int) -> int:
        before = self._start
        self._forget_before(min(self._sent, before + _round_up(excess, self._frame_size)))
        return self._start - before if self._max_replay_bytes else 0

    def _drop_unsent(self, excess: int) -> int:
        # Positions still count all audio given. Audio sent before the gap is dropped as well: a
        # replay across the gap would join words that were apart.
        lost_before = self.appended - max(self._start, self._acknowledged)
        self._forget_before(self._sent + _round_up(excess, self._frame_size))
        self._sent = self._start
        lost = lost_before - (self.appended - self._start) + self._unkept
        self._unkept = 0
        self.dropped_bytes += lost
        return lost

    def _forget_before(self, position: int) -> None:
        if position > self._start:
            del self._audio[: position - self._start]
            self._start = position

    def _keep_latest_controls(self) -> None:
        kept: deque[_Mark] = deque()
        seen: set[str] = set()
        for mark in reversed(self._marks):
            kind = mark.control.kind
            is_answered = mark.is_sent and mark.position <= self._acknowledged
            if not is_answered and (not mark.is_sent or kind not in seen):
                kept.appendleft(_Mark(mark.position, mark.control))
            seen.add(kind)
        self._marks = kept


def _whole_frames(count: int, size: int) -> int:
    return count - count % size


def _round_up(count: int, size: int) -> int:
    return -(-count // size) * size

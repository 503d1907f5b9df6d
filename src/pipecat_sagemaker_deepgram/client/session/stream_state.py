# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream of a session: its clock, what was sent to it, what it has reported. Pure."""

from collections import deque
from enum import Enum, auto

from pipecat_sagemaker_deepgram.client.records import ChangeReason
from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.ledger import AudioRun
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.client.stream_protocol import Keepalive, Reading, StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity

HEARD_ALL = 0.1
"""Seconds at the end of the audio that a container may leave unreported, since it works in steps.
They may contain a word, so they count as answered only if they are silence the session added."""

SLOW = 10.0
"""Seconds of unprocessed audio from which a container may count as slow."""

PACE_WITHIN = 5.0
"""Least seconds over which a container's pace is measured."""

ROUNDING = 0.02
"""Seconds by which rounding may change a reported position."""


class StreamPhase(Enum):
    """How far a stream has come.

    Attributes:
        OPENING: The endpoint has not answered yet.
        STARTING: The container has not reported yet that it is ready.
        READY: Audio may be sent.
        FINISHING: All audio and the request for the remaining answers have been sent.
    """

    OPENING = auto()
    STARTING = auto()
    READY = auto()
    FINISHING = auto()


class StreamState:
    """What a session knows about one of its streams.

    Args:
        number: Its number in the session, from 1.
        target: Index of the target it goes to.
        protocol: What its messages mean.
        injections: Queue of what to write before any audio or control.
        now: The time of the attempt.
        rotate_at: The time from which another stream should take over; ``None`` for never.
    """

    def __init__(
        self,
        number: int,
        target: int,
        protocol: StreamProtocol,
        injections: deque[Write],
        *,
        now: float,
        rotate_at: float | None,
    ) -> None:
        self.number = number
        self.target = target
        self.phase = StreamPhase.OPENING
        self.is_blocked = False
        """Whether its peer does not accept yet what was to be written."""
        self.is_unread = False
        """Whether its messages are not read because nobody takes those that have arrived."""
        self.identity = StreamIdentity()
        self.rotate_at = rotate_at
        self.rotates_for: ChangeReason = "rotation"
        """Why it should be replaced from ``rotate_at`` on."""
        self._rate = protocol.bytes_per_second()
        self.timeline = StreamTimeline(bytes_per_second=self._rate)
        # When it reached its phases
        self.started_at = now
        self.opened_at = now
        self.ready_at = now
        self.received_at = now
        """When its last message arrived, or it became ready."""
        # What its messages have reported
        self._reports_pause = False
        self.keeps_all = False
        self.has_advanced = False
        # What was sent to it: bytes of audio and silence, and the session position reached
        self.sent_bytes = 0
        self._position = 0
        self._is_in_silence = False
        self._ends_in_silence = False
        self._heard_bytes = 0.0
        self._answered_bytes = 0.0
        self._behind_since = (now, 0.0)
        self.waiting_since: float | None = None
        """Since when audio has been waiting for a reported position; ``None`` if none is."""
        self._probed_bytes = 0
        self.stall_probe = protocol.stall_probe()
        """The text that asks it for a sign of life; ``None`` for none."""
        self.answers_speech = protocol.answers_speech()
        """Whether it reports positions while someone is speaking."""
        self._protocol = protocol
        self._reader = protocol.new_reader()
        self._injections = injections
        self._last_write = now

    def opened(self, identity: StreamIdentity, now: float) -> None:
        """The endpoint has accepted the stream."""
        self.identity = identity
        self.phase = StreamPhase.STARTING
        self.opened_at = self._last_write = now

    def ready(self, now: float) -> None:
        """The container is ready for audio."""
        self.phase = StreamPhase.READY
        self.ready_at = self.received_at = now

    def finish(self, now: float) -> float:
        """Prepare the request for the rest; return the seconds of silence that are sent first."""
        self.phase = StreamPhase.FINISHING
        self._ends_in_silence = self._protocol.closing_silence > 0.0 and self.sent_bytes > 0
        if not self._ends_in_silence:
            return 0.0
        return self.inject_silence(self._protocol.closing_silence, now)

    def read(self, data: str | bytes, now: float) -> Reading:
        """Read a message and remember what it reports."""
        reading = self._reader(data)
        self.received_at = now
        self._reports_pause = reading.is_idle
        self.keeps_all = reading.keeps_all
        self._take_answer(reading)
        if reading.heard_to is None:
            self._has_no_position()
        else:
            self._has_listened_to(reading.heard_to * self._rate, now)
        return reading

    def _take_answer(self, reading: Reading) -> None:
        rate = self._rate
        if reading.acknowledged_to is not None:
            self._answered_bytes = max(self._answered_bytes, reading.acknowledged_to * rate)
        if reading.is_last:
            end = self.sent_bytes if reading.heard_to is None else reading.heard_to * rate
            self._answered_bytes = max(self._answered_bytes, end)

    def _has_listened_to(self, position: float, now: float) -> None:
        """A stream that reports the end of all audio owes nothing; one that advances is alive."""
        is_advance = position > self._heard_bytes
        if is_advance:
            self._heard_bytes = position
        if self.unheard_seconds <= HEARD_ALL:
            self.waiting_since = None
        elif is_advance and self.waiting_since is not None:
            self.waiting_since = now

    def _has_no_position(self) -> None:
        """Any message is an answer if the container reports no positions."""
        if not self._heard_bytes:
            self.waiting_since = None

    @property
    def is_in_pause(self) -> bool:
        """Whether another stream can take over now without cutting a word."""
        return self._reports_pause or not self.sent_bytes

    @property
    def unheard_seconds(self) -> float:
        """Seconds of audio that were sent but not reported as processed."""
        return (self.sent_bytes - self._heard_bytes) / self._rate

    def is_slow(self, now: float) -> bool:
        """Whether it is well behind and processes audio slower than in real time.

        Audio may be sent faster than it was spoken, so the delay alone says nothing: what counts is
        the container's pace since it fell behind.
        """
        if self.unheard_seconds < SLOW:
            self._behind_since = (now, self._heard_bytes)
            return False
        since, heard = self._behind_since
        elapsed = now - since
        processed = (self._heard_bytes - heard) / self._rate
        return elapsed >= PACE_WITHIN and processed < elapsed

    def has_answered_all(self) -> bool:
        """Whether its answers to all audio sent to it are final."""
        unanswered = (self.sent_bytes - self._answered_bytes) / self._rate
        return unanswered <= (HEARD_ALL if self._ends_in_silence else ROUNDING)

    def excused(self, now: float) -> None:
        """Restart the wait for an answer to the audio sent so far."""
        self.waiting_since = None if self.waiting_since is None else now

    def probe(self, now: float) -> bool:
        """Ask for a sign of life, and wait as long again.

        Returns:
            Whether it was asked: it is asked only once about the same audio.
        """
        if self.was_probed or self.stall_probe is None:
            return False
        self._probed_bytes = self.sent_bytes
        self.inject_text(self.stall_probe, now)
        self.excused(now)
        return True

    @property
    def was_probed(self) -> bool:
        """Whether it was asked for a sign of life since audio was last sent to it."""
        return self._probed_bytes == self.sent_bytes > 0

    # Writing

    def begin(self, position: int) -> None:
        """Note that it gets the session's audio from this position on."""
        self._begin_run(position, is_silence=False)

    def write_control(self, payload: bytes, now: float, *, is_text: bool) -> Write:
        """Account for one of the session's controls and return how to write it."""
        self._last_write = now
        return Write(self.number, payload, is_text)

    def write_audio(self, run: AudioRun, now: float) -> Write:
        """Account for some of the session's audio and return how to write it."""
        self._last_write = now
        if run.position != self._position or self._is_in_silence:
            self._begin_run(run.position, is_silence=False)
        length = len(run.data)
        self._position += length
        self.sent_bytes += length
        if self.waiting_since is None:
            self.waiting_since = now
        encode = self._protocol.encode
        return Write(self.number, encode(run.data) if encode else run.data, is_text=False)

    def inject_text(self, text: str, now: float) -> None:
        """Queue a text to be written before any audio or control."""
        self._last_write = now
        self._injections.append(Write(self.number, text.encode(), is_text=True))

    def inject_silence(self, seconds: float, now: float) -> float:
        """Queue silence, at least one sample frame, to be written before any audio or control.

        Returns:
            Seconds of silence that were queued.
        """
        self._last_write = now
        frame, rate = self._protocol.frame_size, self._rate
        length = max(1, round(seconds * rate / frame)) * frame
        if not self._is_in_silence:
            self._begin_run(self._position, is_silence=True)
        self.sent_bytes += length
        silence = bytes(length)
        encode = self._protocol.encode
        data = encode(silence) if encode else silence
        self._injections.append(Write(self.number, data, is_text=False))
        return length / rate

    def _begin_run(self, position: int, *, is_silence: bool) -> None:
        self._position = position
        self._is_in_silence = is_silence
        self.timeline.begin_run(self.sent_bytes, position, is_silence=is_silence)

    # Keepalive

    def keepalive_at(self) -> float | None:
        """The time at which something has to be written to keep the stream alive."""
        keepalive = self._protocol.keepalive
        if keepalive is None or self.phase not in (StreamPhase.STARTING, StreamPhase.READY):
            return None
        first_by = self._first_audio_by(keepalive)
        return self._last_write + keepalive.interval if first_by is None else first_by

    def keep_alive(self, now: float) -> float:
        """Queue what keeps the stream alive, if that is due.

        Returns:
            Seconds of silence that were queued.
        """
        at = self.keepalive_at()
        keepalive = self._protocol.keepalive
        if keepalive is None or at is None or now < at:
            return 0.0
        if keepalive.text is None or self._first_audio_by(keepalive) is not None:
            return self.inject_silence(keepalive.silence_seconds, now)
        self.inject_text(keepalive.text, now)
        return 0.0

    def _first_audio_by(self, keepalive: Keepalive) -> float | None:
        """The time by which the container must get its first audio, unless it has it."""
        if keepalive.first_audio_within is None or self.sent_bytes:
            return None
        return self.opened_at + keepalive.first_audio_within

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream of a session: its clock, what it was sent, what it has said. Pure."""

from collections import deque
from enum import Enum, auto

from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.ledger import AudioRun
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.client.stream_protocol import Reading, StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamIdentity


class StreamPhase(Enum):
    """How far a stream has come.

    Attributes:
        OPENING: The endpoint has not answered yet.
        STARTING: The container has not said yet that it is ready.
        READY: Audio may be sent.
        FINISHING: All audio was sent, and the request for what is left.
    """

    OPENING = auto()
    STARTING = auto()
    READY = auto()
    FINISHING = auto()


class StreamState:
    """What a session knows of one of its streams.

    Args:
        number: Its number in the session, from 1.
        target: Index of the target it goes to.
        protocol: What its messages mean.
        injections: Where to put what is to be written before any audio and control.
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
        """Whether something was to be written that its peer does not take yet."""
        self.identity = StreamIdentity()
        self.rotate_at = rotate_at
        self.timeline = StreamTimeline(bytes_per_second=protocol.bytes_per_second())
        self.held: list[str | bytes] = []
        """Messages that wait until the stream before has been drained."""
        # When it reached its phases
        self.started_at = now
        self.opened_at = now
        self.ready_at = now
        self.received_at = now
        """When its last message came, or it reached its latest phase."""
        # What its messages have told
        self.is_idle = True
        self.keeps_all = False
        self.has_advanced = False
        self.has_answered_all = False
        self.has_ended = False
        """Whether it ended while its messages were held."""
        self.failed_with: SageMakerDeepgramError | None = None
        """What it failed with while its messages were held."""
        # What it was sent: bytes of audio and silence, and where in the session that has come to
        self.sent_bytes = 0
        self._position = 0
        self._is_in_silence = False
        # The audio written since the last message: when it began to flow in its own time, and
        # the session position of the first of it, a replay included
        self.quiet_since: float | None = None
        self.quiet_from = 0
        self._is_quiet = False
        self._answered_bytes = 0
        self.was_probed = False
        self.stall_probe = protocol.stall_probe()
        """What it is asked for a sign of life with; ``None`` when it is not."""
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
        """The container takes audio."""
        self.phase = StreamPhase.READY
        self.ready_at = self.received_at = now

    def read(self, data: str | bytes) -> Reading:
        """Read a message and remember what it tells."""
        reading = self._reader(data)
        self.is_idle = reading.is_idle
        self.keeps_all = reading.keeps_all
        self.has_answered_all = self.has_answered_all or reading.is_last
        return reading

    def received(self, now: float) -> None:
        """A message has come."""
        self.received_at = now
        self._answered_bytes = self.sent_bytes
        self.excused()

    def excused(self) -> None:
        """What it was sent so far needs no answer."""
        self.quiet_since = None
        self._is_quiet = False
        self.was_probed = False

    @property
    def owes_answer(self) -> bool:
        """Whether it has to have said something of what it was sent, were it no speech at all."""
        every = self._protocol.answers_every
        unanswered = self.sent_bytes - self._answered_bytes
        return every is not None and unanswered >= every * self._protocol.bytes_per_second()

    def probe(self, now: float) -> bool:
        """Ask for a sign of life, and wait as long again.

        Returns:
            Whether there is still something to wait for: it is asked once.
        """
        if self.was_probed or self.stall_probe is None:
            return False
        self.was_probed = True
        self.inject_text(self.stall_probe, now)
        return True

    # Writing

    def begin(self, position: int) -> None:
        """It is given the session's audio from this position on."""
        self._begin_run(position, is_silence=False)

    def write_control(self, payload: bytes, now: float, *, is_text: bool) -> Write:
        """Account for a control of the session's and say how to write it."""
        self._last_write = now
        return Write(self.number, payload, is_text)

    def write_audio(self, run: AudioRun, now: float, *, is_replay: bool) -> Write:
        """Account for audio of the session's and say how to write it."""
        self._last_write = now
        if run.position != self._position or self._is_in_silence:
            self._begin_run(run.position, is_silence=False)
        length = len(run.data)
        self._position += length
        self.sent_bytes += length
        if not self._is_quiet:
            self._is_quiet, self.quiet_from = True, run.position
        if self.quiet_since is None and not is_replay:
            self.quiet_since = now
        encode = self._protocol.encode
        return Write(self.number, encode(run.data) if encode else run.data, is_text=False)

    def inject_text(self, text: str, now: float) -> None:
        """Have a text written before any audio and control."""
        self._last_write = now
        self._injections.append(Write(self.number, text.encode(), is_text=True))

    def inject_silence(self, seconds: float, now: float) -> float:
        """Have silence written before any audio and control; at least one sample frame of it.

        Returns:
            Seconds of it.
        """
        self._last_write = now
        frame, rate = self._protocol.frame_size, self._protocol.bytes_per_second()
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
        if self._wants_first_audio:
            return self.opened_at + (keepalive.first_audio_within or 0.0)
        return self._last_write + keepalive.interval

    def keep_alive(self, now: float) -> float:
        """Have something written that keeps the stream alive, if that is due.

        Returns:
            Seconds of silence among it.
        """
        at = self.keepalive_at()
        keepalive = self._protocol.keepalive
        if keepalive is None or at is None or now < at:
            return 0.0
        if keepalive.text is None or self._wants_first_audio:
            return self.inject_silence(keepalive.silence_seconds, now)
        self.inject_text(keepalive.text, now)
        return 0.0

    @property
    def _wants_first_audio(self) -> bool:
        keepalive = self._protocol.keepalive
        return (
            keepalive is not None
            and keepalive.first_audio_within is not None
            and not self.sent_bytes
        )

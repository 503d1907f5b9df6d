# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The progress of a run with many recordings, and the time it still needs. Pure."""

from dataclasses import dataclass, field

_UNKNOWN = 60.0
"""Assumed length of a recording, in seconds, while no length is known."""


@dataclass
class Tally:
    """Counts the recordings of a run.

    Attributes:
        files: Number of recordings to transcribe.
        began: When it began, on the clock of all times passed to this object.
        done: Recordings that were transcribed.
        failed: Recordings that failed or are incomplete.
        skipped: Recordings that an earlier run transcribed.
        seconds: Seconds of audio of the recordings that have ended.
    """

    files: int
    began: float
    done: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    _running: dict[str, tuple[float, float | None]] = field(
        default_factory=dict[str, tuple[float, float | None]]
    )

    def note_progress(self, name: str, heard: float, seconds: float | None) -> None:
        """Record how far a recording was transcribed.

        Args:
            name: The recording.
            heard: Seconds of it that were transcribed.
            seconds: Its length in seconds; ``None`` if unknown.
        """
        self._running[name] = (heard, seconds)

    def note_finished(self, name: str, seconds: float, *, is_well: bool) -> None:
        """Record that a recording has ended.

        Args:
            name: The recording.
            seconds: Its length.
            is_well: Whether all of it was transcribed.
        """
        self._running.pop(name, None)
        self.seconds += seconds
        self.done += is_well
        self.failed += not is_well

    @property
    def heard(self) -> float:
        """Seconds of audio that were transcribed, including those of recordings in progress."""
        return self.seconds + sum(heard for heard, _ in self._running.values())

    def rate(self, now: float) -> float:
        """How many times faster than real time the run is.

        Args:
            now: The time.
        """
        return self.heard / max(now - self.began, 1e-3)

    def seconds_left(self, now: float) -> float | None:
        """Seconds that the run still needs, as an estimate; ``None`` while nothing was transcribed.

        Args:
            now: The time.
        """
        rate = self.rate(now)
        return self._audio_left() / rate if rate > 0 else None

    def _audio_left(self) -> float:
        """What is left of the recordings in progress, and the mean length for each other one."""
        finished = self.done + self.failed
        lengths = [seconds for _, seconds in self._running.values() if seconds is not None]
        known = finished + len(lengths)
        mean = (self.seconds + sum(lengths)) / known if known else _UNKNOWN
        under_way = sum(
            max(0.0, (mean if seconds is None else seconds) - heard)
            for heard, seconds in self._running.values()
        )
        return under_way + mean * max(0, self.files - finished - len(self._running))

    def line(self, now: float) -> str:
        """The progress, on one line.

        Args:
            now: The time.
        """
        parts = [f"{self.done + self.failed} of {self.files}"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        left = self.seconds_left(now)
        if left is not None:
            parts += [f"{self.rate(now):.0f} times real time", f"{duration(left)} left"]
        return ", ".join(parts)

    def summary(self, now: float) -> str:
        """The result of the run, in a sentence.

        Args:
            now: The time.
        """
        took = now - self.began
        parts = [f"{self.done} of {self.files} transcribed"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.skipped:
            parts.append(f"{self.skipped} transcribed before")
        rate = f", {self.seconds / took:.0f} times real time" if self.seconds and took > 0 else ""
        return f"{', '.join(parts)}: {duration(self.seconds)} of audio in {duration(took)}{rate}"


def duration(seconds: float) -> str:
    """Format a length of time.

    Args:
        seconds: How long.
    """
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"

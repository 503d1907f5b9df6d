# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Computes the reported figures from measurements: percentiles, medians, nets, ratios. Pure."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from benchmarks.marks import FRAME_SECONDS

KEPT_UP = 0.98
"""Share of real time that counts as keeping up with it."""

SHARES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
"""Shares of the frames by which a distribution of latencies is recorded."""

_FRAMES_PER_SECOND = 1 / FRAME_SECONDS


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which a share of sorted values lies; ``None`` if there are no values."""
    if not values:
        return None
    position = share * (len(values) - 1)
    below = int(position)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (position - below)


def distribution(values: Iterable[float]) -> tuple[float, ...]:
    """The values below which ``SHARES`` of them lie; empty if there are none."""
    ordered = sorted(values)
    found = (percentile(ordered, share) for share in SHARES)
    return tuple(round(value, 4) for value in found if value is not None)


def median(values: Sequence[float | None]) -> float | None:
    """The median of the values that are not ``None``."""
    present = [value for value in values if value is not None]
    return statistics.median(present) if present else None


def ratio(value: float | None, base: float | None) -> float | None:
    """The ratio of two values; ``None`` if one is missing or the base is not positive."""
    return value / base if value is not None and base is not None and base > 0 else None


def net(value: float | None, base: float | None) -> float | None:
    """A value minus the cost of the harness."""
    return value - base if value is not None and base is not None else None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of one run, or the medians of several.

    Attributes:
        frames: 20 ms frames measured.
        real_time: Share of real time that was reached.
        cpu: Microseconds of CPU per frame, harness included.
        p50: Median milliseconds from a frame sent to the message that answers it.
        p95: 95th percentile of the same.
        p99: 99th percentile of the same.
        open_seconds: Time until all streams were open.
        unopened: Streams that did not open.
        unanswered: Frames that should have been answered and were not.
        threads: Threads of the process while streams were open.
        threads_added: Those that were not there before the first stream.
        memory: Mebibytes per stream.
        refused: Requests that the server answered with 424.
        peak_handshakes: Most streams that were being opened at once.
    """

    frames: float | None
    real_time: float | None
    cpu: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    open_seconds: float | None
    unopened: float | None
    unanswered: float | None
    threads: float | None
    threads_added: float | None
    memory: float | None
    refused: float | None
    peak_handshakes: float | None

    @property
    def streams_per_core(self) -> float | None:
        """Real-time streams that one core would carry, harness included."""
        return ratio(1e6 / _FRAMES_PER_SECOND, self.cpu)

    @property
    def kept_up(self) -> bool:
        """Whether the client kept up with real time."""
        return self.real_time is not None and self.real_time >= KEPT_UP


def figures_of(result: Mapping[str, Any], seen: Mapping[str, Any], *, streams: int) -> Figures:
    """The figures of one run.

    Args:
        result: Fields of a ``LoadResult``.
        seen: The server's record.
        streams: Number of streams requested.
    """
    latencies = [latency * 1e3 for latency in result["latencies"]]
    cpu = ratio(result["cpu_seconds"], result["frames"])
    return Figures(
        frames=result["frames"],
        real_time=ratio(result["frames"], result["wanted_frames"]),
        cpu=None if cpu is None else cpu * 1e6,
        p50=percentile(latencies, 0.5),
        p95=percentile(latencies, 0.95),
        p99=percentile(latencies, 0.99),
        open_seconds=result["open_seconds"],
        unopened=streams - result["opened"],
        unanswered=result["unanswered"],
        threads=result["threads"],
        threads_added=result["threads"] - result["threads_before"],
        memory=(result["memory"] - result["memory_before"]) / streams / 2**20,
        refused=seen["refused"],
        peak_handshakes=seen["peak_handshakes"],
    )


def median_of(runs: Sequence[Figures]) -> Figures:
    """The median of each figure."""
    names = [each.name for each in fields(Figures)]
    return Figures(**{name: median([getattr(run, name) for run in runs]) for name in names})


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """The result of cutting a client's streams.

    Attributes:
        cuts: Streams that were cut.
        gaps: Milliseconds from each cut that was followed by a new result to that result.
        spoken: Words that were spoken.
        lost: Words that no final has.
        repeated: Words that finals repeat.
    """

    cuts: int
    gaps: tuple[float, ...]
    spoken: int
    lost: int
    repeated: int


type CutRecord = Sequence[Any]
"""Session, stream, kind and time."""


def recovery_of(sessions: Sequence[Mapping[str, Any]], cuts: Sequence[CutRecord]) -> Recovery:
    """What one run came to.

    A new result is the first on another stream that knows a word which none before it knew.

    Args:
        sessions: Fields of ``SessionHeard``.
        cuts: The server's record.
    """
    gaps = [_gap(sessions[session]["first_heard"], stream, at) for session, stream, _, at in cuts]
    finals = [session["finals"] for session in sessions]
    known = sum(len(set(words)) for words in finals)
    spoken = sum(session["spoken"] for session in sessions)
    return Recovery(
        cuts=len(gaps),
        gaps=tuple(sorted(gap for gap in gaps if gap is not None)),
        spoken=spoken,
        lost=max(spoken - known, 0),
        repeated=sum(len(words) for words in finals) - known,
    )


def _gap(heard: Sequence[Sequence[Any]], stream: str, at: float) -> float | None:
    later = (time - at for time, other, _ in heard if time > at and other != stream)
    first = next(later, None)
    return None if first is None else first * 1e3


def together(runs: Sequence[Recovery]) -> Recovery:
    """All runs as one."""
    return Recovery(
        cuts=sum(run.cuts for run in runs),
        gaps=tuple(sorted(gap for run in runs for gap in run.gaps)),
        spoken=sum(run.spoken for run in runs),
        lost=sum(run.lost for run in runs),
        repeated=sum(run.repeated for run in runs),
    )

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The results of a benchmark, in rows. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec

from benchmarks.figures import Figures, Recovery, median, median_of, net, percentile, together


@dataclass(frozen=True, kw_only=True)
class Row:
    """The result of several runs of one case.

    Attributes:
        section: Part of the benchmark.
        client: The client that was measured.
        streams: How many at once.
        runs: Figures of each run, in order.
        latencies: Milliseconds from a frame sent to the message that answers it, of all runs
            together: those that ``SHARES`` of the frames stayed below.
        failures: Errors of runs or streams.
    """

    section: str
    client: str
    streams: int
    runs: tuple[Figures, ...]
    latencies: tuple[float, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def median(self) -> Figures:
        """The median of each figure."""
        return median_of(self.runs)


@dataclass(frozen=True, kw_only=True)
class RecoveryRow:
    """The results of cutting one client's streams.

    Attributes:
        client: The client that was measured.
        runs: Each run, in order.
        failures: Errors of sessions.
    """

    client: str
    runs: tuple[Recovery, ...]
    failures: tuple[str, ...] = ()

    @property
    def total(self) -> Recovery:
        """All runs together."""
        return together(self.runs)

    @property
    def median_gap(self) -> float | None:
        """Median milliseconds from a cut to the first new result."""
        return median(self.total.gaps)

    @property
    def p95_gap(self) -> float | None:
        """95th percentile of the same."""
        return percentile(self.total.gaps, 0.95)


@dataclass(frozen=True, kw_only=True)
class SignatureRow:
    """Whether one client's signatures were right.

    Attributes:
        client: The client.
        verified: Signatures of requests and events that were.
        wrong: Signatures that were not.
    """

    client: str
    verified: int
    wrong: int


@dataclass(frozen=True, kw_only=True)
class StartRow:
    """How long it took from the start of a process until its first stream was open.

    Attributes:
        client: The client that was measured.
        seconds: Each run, in order.
        failures: Errors of runs.
    """

    client: str
    seconds: tuple[float, ...]
    failures: tuple[str, ...] = ()

    @property
    def median(self) -> float | None:
        """The median of all runs."""
        return median(self.seconds)


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """What importing a service class takes, of what importing Pipecat's base class does.

    Attributes:
        service: The class.
        ratios: CPU time beyond the base class, as a part of that class's, of each run in order.
        failures: Errors of runs.
    """

    service: str
    ratios: tuple[float, ...]
    failures: tuple[str, ...] = ()

    @property
    def median(self) -> float | None:
        """The median of all runs."""
        return median(self.ratios)


@dataclass(frozen=True)
class Outcome:
    """All rows."""

    rows: list[Row] = field(default_factory=list)
    recoveries: list[RecoveryRow] = field(default_factory=list)
    signatures: list[SignatureRow] = field(default_factory=list)
    starts: list[StartRow] = field(default_factory=list)
    imports: list[ImportRow] = field(default_factory=list)

    def row(self, section: str, client: str, streams: int | None = None) -> Row | None:
        """The row of one client, by default the first."""
        return next(
            (
                row
                for row in self.rows
                if (row.section, row.client) == (section, client) and streams in (None, row.streams)
            ),
            None,
        )

    def in_section(self, section: str) -> list[Row]:
        """The rows of one section."""
        return [row for row in self.rows if row.section == section]

    def recovery(self, client: str) -> RecoveryRow | None:
        """One client's recoveries."""
        return next((row for row in self.recoveries if row.client == client), None)

    def start_seconds(self, client: str) -> float | None:
        """Median seconds from nothing to one client's first stream."""
        return next((row.median for row in self.starts if row.client == client), None)

    def import_ratio(self, service: str) -> float | None:
        """What importing a service class takes, as a median."""
        return next((row.median for row in self.imports if row.service == service), None)

    def net_cpu(self, row: Row | None, null: str) -> float | None:
        """Microseconds of CPU per frame, less those of the null client in the same section."""
        if row is None or row.client == null:
            return None
        base = self.row(row.section, null, row.streams)
        return net(row.median.cpu, base.median.cpu if base else None)

    def for_json(self, null: str) -> dict[str, Any]:
        """Everything, for JSON, of which ``read_outcome`` makes an outcome again."""
        return {
            "rows": [
                {
                    "section": row.section,
                    "client": row.client,
                    "streams": row.streams,
                    "net_cpu": self.net_cpu(row, null),
                    "median": _figures(row.median),
                    "runs": [_figures(run) for run in row.runs],
                    "latencies": row.latencies,
                    "failures": row.failures,
                }
                for row in self.rows
            ],
            "recoveries": [
                {
                    "client": row.client,
                    "median_gap": row.median_gap,
                    "p95_gap": row.p95_gap,
                    "total": asdict(row.total),
                    "runs": [asdict(run) for run in row.runs],
                    "failures": row.failures,
                }
                for row in self.recoveries
            ],
            "signatures": [asdict(row) for row in self.signatures],
            "starts": [{**asdict(row), "median": row.median} for row in self.starts],
            "imports": [{**asdict(row), "median": row.median} for row in self.imports],
        }


def read_outcome(content: bytes) -> Outcome:
    """Read what was recorded.

    Args:
        content: JSON with the keys of ``Outcome.for_json``, and maybe others.

    Raises:
        msgspec.MsgspecError: It is something else.
    """
    return msgspec.json.decode(content, type=Outcome)


def _figures(figures: Figures) -> dict[str, Any]:
    streams = figures.streams_per_core
    return {**asdict(figures), "streams_per_core": streams, "kept_up": figures.kept_up}


def laggards(rows: Iterable[Row]) -> list[Row]:
    """The rows whose client did not keep up with real time."""
    return [row for row in rows if not row.median.kept_up]

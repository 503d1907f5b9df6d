# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The project's performance targets, and whether they are met. Pure."""

from dataclasses import dataclass

from benchmarks.cases import (
    AWS_SDK,
    BUILTIN,
    FLUX,
    MAX_CONNECTS,
    NOVA,
    NULL,
    OURS,
    OURS_80_MS,
    PIPECAT,
)
from benchmarks.figures import ratio
from benchmarks.outcome import Outcome, Row


@dataclass(frozen=True)
class Verdict:
    """One target and what was measured.

    Attributes:
        name: Its subject.
        value: The measured value; ``None`` if nothing was measured.
        limit: The highest value allowed.
        is_valid: Whether every client that it rests on kept up with real time.
    """

    name: str
    value: float | None
    limit: float
    is_valid: bool = True

    @property
    def is_met(self) -> bool | None:
        """Whether it is met; ``None`` if no valid value was measured."""
        if self.value is None or not self.is_valid:
            return None
        return self.value <= self.limit


def verdicts(outcome: Outcome) -> list[Verdict]:
    """All targets."""
    return [
        *_of_clients(outcome),
        *_on_uvloop(outcome),
        *_of_opening(outcome),
        *_of_services(outcome),
        *_of_imports(outcome),
        *_of_start(outcome),
        *_of_recovery(outcome),
    ]


def _of_clients(outcome: Outcome) -> list[Verdict]:
    ours, sdk = outcome.row("clients", OURS), outcome.row("clients", AWS_SDK)
    coalescing = outcome.row("clients", OURS_80_MS)
    streams = ours.streams if ours else 10
    many = max(
        (row for row in outcome.in_section("clients") if row.client == OURS),
        key=lambda row: row.streams,
        default=None,
    )
    return [
        _net_cpu(
            f"net CPU per frame at {streams} streams, of the AWS SDK's", outcome, ours, sdk, 0.22
        ),
        _net_cpu("the same with 80 ms chunks", outcome, coalescing, sdk, 0.09),
        Verdict(
            "p99 from frame to message, of the AWS SDK's",
            ratio(_p99(ours), _p99(sdk)),
            0.20,
            _kept_up(ours, sdk),
        ),
        Verdict(
            f"net CPU per frame at {many.streams if many else 50} streams, of that at {streams}",
            _growth(outcome, ours, many),
            1.1,
            _kept_up(ours, many),
        ),
    ]


def _on_uvloop(outcome: Outcome) -> list[Verdict]:
    ours, sdk = outcome.row("uvloop", OURS), outcome.row("uvloop", AWS_SDK)
    name = "net CPU per frame with both on uvloop, of the AWS SDK's"
    return [_net_cpu(name, outcome, ours, sdk, 0.17)]


def _net_cpu(
    name: str, outcome: Outcome, ours: Row | None, peers: Row | None, limit: float
) -> Verdict:
    """What this project's client costs, as a part of what a peer does."""
    part = ratio(outcome.net_cpu(ours, NULL), outcome.net_cpu(peers, NULL))
    return Verdict(name, part, limit, _kept_up(ours, peers))


def _kept_up(*rows: Row | None) -> bool:
    return all(row.median.kept_up for row in rows if row is not None)


def _growth(outcome: Outcome, few: Row | None, many: Row | None) -> float | None:
    if few is None or many is None or few.streams == many.streams:
        return None
    return ratio(outcome.net_cpu(many, NULL), outcome.net_cpu(few, NULL))


def _p99(row: Row | None) -> float | None:
    return row.median.p99 if row else None


def _of_opening(outcome: Outcome) -> list[Verdict]:
    builtin = outcome.row("opening", PIPECAT)
    several = outcome.row("opening", OURS, builtin.streams) if builtin else None
    many = max(
        (row for row in outcome.in_section("opening") if row.client == OURS),
        key=lambda row: row.streams,
        default=None,
    )
    worst = many.runs if many else ()
    count = many.streams if many else 500
    return [
        Verdict(
            f"time to open {several.streams if several else 200} sessions, of Pipecat's client's",
            ratio(_open_seconds(several), _open_seconds(builtin)),
            0.25,
        ),
        Verdict("threads added per session", _threads_per_session(several), 0.1),
        Verdict("MiB per open session", several.median.memory if several else None, 0.10),
        Verdict(
            f"seconds to open {count} sessions at once",
            _open_seconds(many),
            2.5,
        ),
        Verdict(
            "share of real time that is lost with them",
            _share_behind(many),
            0.01,
        ),
        Verdict(
            f"of {count} sessions opened at once, not open",
            max((run.unopened or 0 for run in worst), default=None),
            0,
        ),
        Verdict(
            "424 brought on by opening them",
            max((run.refused or 0 for run in worst), default=None),
            0,
        ),
        Verdict(
            "most of them being opened at once",
            max((run.peak_handshakes or 0 for run in worst), default=None),
            MAX_CONNECTS,
        ),
    ]


def _open_seconds(row: Row | None) -> float | None:
    return row.median.open_seconds if row else None


def _share_behind(row: Row | None) -> float | None:
    kept = row.median.real_time if row else None
    return None if kept is None else max(0.0, 1 - kept)


def _threads_per_session(row: Row | None) -> float | None:
    return ratio(row.median.threads_added, row.streams) if row else None


def _of_services(outcome: Outcome) -> list[Verdict]:
    ours, builtin = outcome.row("services", OURS), outcome.row("services", BUILTIN)
    name = "net CPU per stream in a pipeline, of Pipecat's service's"
    return [_net_cpu(name, outcome, ours, builtin, 0.18)]


def _of_imports(outcome: Outcome) -> list[Verdict]:
    return [
        Verdict(
            f"CPU time to import {service}, of Pipecat's base class's",
            outcome.import_ratio(service),
            0.38,
        )
        for service in (NOVA, FLUX)
    ]


def _of_start(outcome: Outcome) -> list[Verdict]:
    return [
        Verdict(
            "time from nothing to the first stream, of Pipecat's service's",
            ratio(outcome.start_seconds(OURS), outcome.start_seconds(BUILTIN)),
            0.8,
        )
    ]


def _of_recovery(outcome: Outcome) -> list[Verdict]:
    ours = outcome.recovery(OURS)
    total = ours.total if ours else None
    return [
        Verdict(
            "median ms from a cut to the first new result", ours.median_gap if ours else None, 300
        ),
        Verdict("cuts without a new result", total.cuts - len(total.gaps) if total else None, 0),
        Verdict("words lost", total.lost if total else None, 0),
        Verdict("words repeated", total.repeated if total else None, 0),
    ]

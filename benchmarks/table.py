# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tables for a terminal, which are also valid Markdown. Pure."""

from collections.abc import Sequence

from benchmarks.cases import NULL
from benchmarks.outcome import Outcome, Row, laggards
from benchmarks.targets import Verdict


def render(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Put cells into columns."""
    widths = [max(len(row[column]) for row in (headers, *rows)) for column in range(len(headers))]
    lines = [_line(headers, widths), _line(["-" * width for width in widths], widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    rest = (cell.strip().rjust(len(cell)) for cell in others)
    return f"| {' | '.join((first, *rest))} |"


def number(value: float | None, digits: int = 0) -> str:
    """A number, or a dash."""
    return "-" if value is None else f"{value:.{digits}f}"


def report(outcome: Outcome, verdicts: Sequence[Verdict]) -> str:
    """The whole report."""
    parts: list[str] = []
    if outcome.signatures:
        parts += ["Signatures", signatures_table(outcome)]
    if rows := outcome.in_section("clients"):
        parts += ["Clients, 20 ms frames in real time", load_table(outcome, rows)]
    if rows := outcome.in_section("uvloop"):
        parts += ["The same on uvloop", load_table(outcome, rows)]
    if rows := outcome.in_section("services"):
        parts += ["Services in a pipeline, 20 ms frames in real time", load_table(outcome, rows)]
    if rows := outcome.in_section("opening"):
        parts += ["Sessions opened at once", opening_table(rows)]
    if outcome.imports:
        parts += ["Imports, of what Pipecat's base class takes", import_table(outcome)]
    if outcome.starts:
        parts += ["From the start of a process to its first open stream", start_table(outcome)]
    if outcome.recoveries:
        parts += ["Streams cut, two in each session", recovery_table(outcome)]
    parts += ["Targets", targets_table(verdicts)]
    return "\n\n".join(parts)


def load_table(outcome: Outcome, rows: Sequence[Row]) -> str:
    """CPU, latency, threads and memory."""
    headers = (
        "client", "streams", "frames", "real time", "CPU us/frame", "net", "streams/core",
        "p50 ms", "p95", "p99", "unanswered", "all open s", "threads", "MiB/stream",
    )  # fmt: skip
    late = laggards(rows)
    cells = [_load_cells(outcome, row, is_late=row in late) for row in rows]
    return render(headers, cells) + _notes(rows, late)


def _load_cells(outcome: Outcome, row: Row, *, is_late: bool) -> tuple[str, ...]:
    median = row.median
    return (
        row.client,
        str(row.streams),
        number(median.frames),
        number(median.real_time, 3) + ("!" if is_late else ""),
        number(median.cpu, 1),
        number(outcome.net_cpu(row, NULL), 1),
        number(median.streams_per_core, 1),
        number(median.p50, 2),
        number(median.p95, 2),
        number(median.p99, 2),
        number(median.unanswered),
        number(median.open_seconds, 3),
        number(median.threads),
        number(median.memory, 2),
    )


def _notes(rows: Sequence[Row], late: Sequence[Row]) -> str:
    notes = [f"! {row.client} at {row.streams} did not keep up with real time" for row in late]
    notes += [f"! {row.client}: {failure}" for row in rows for failure in row.failures]
    return "".join(f"\n{note}" for note in notes)


def opening_table(rows: Sequence[Row]) -> str:
    """The time that opening took, and the streams that did not open."""
    headers = (
        "client", "sessions", "all open s", "not open", "424", "handshakes at once",
        "threads added", "MiB/session", "real time after",
    )  # fmt: skip
    cells = [
        (
            row.client,
            str(row.streams),
            number(row.median.open_seconds, 2),
            number(row.median.unopened),
            number(row.median.refused),
            number(row.median.peak_handshakes),
            number(row.median.threads_added),
            number(row.median.memory, 2),
            number(row.median.real_time, 2),
        )
        for row in rows
    ]
    return render(headers, cells) + _notes(rows, ())


def recovery_table(outcome: Outcome) -> str:
    """How fast clients recovered, and the words that were lost."""
    headers = (
        "client", "cuts", "followed by a new result", "median ms", "p95 ms", "words spoken",
        "lost", "repeated",
    )  # fmt: skip
    cells = [
        (
            row.client,
            str(row.total.cuts),
            str(len(row.total.gaps)),
            number(row.median_gap),
            number(row.p95_gap),
            str(row.total.spoken),
            str(row.total.lost),
            str(row.total.repeated),
        )
        for row in outcome.recoveries
    ]
    return render(headers, cells)


def import_table(outcome: Outcome) -> str:
    """The cost of importing the service classes."""
    cells = [
        (row.service, number(row.median, 2), number(min(row.ratios, default=None), 2))
        for row in outcome.imports
    ]
    notes = [f"\n! {row.service}: {each}" for row in outcome.imports for each in row.failures]
    return render(("class", "median", "least"), cells) + "".join(notes)


def start_table(outcome: Outcome) -> str:
    """How long a process takes to its first stream."""
    cells = [
        (row.client, number(row.median, 2), number(min(row.seconds, default=None), 2))
        for row in outcome.starts
    ]
    notes = [f"\n! {row.client}: {each}" for row in outcome.starts for each in row.failures]
    return render(("client", "median s", "least"), cells) + "".join(notes)


def signatures_table(outcome: Outcome) -> str:
    """Whether every client's signatures are right."""
    cells = [(row.client, str(row.verified), str(row.wrong)) for row in outcome.signatures]
    return render(("client", "right", "wrong"), cells)


def targets_table(verdicts: Sequence[Verdict]) -> str:
    """Which targets are met."""
    cells = [
        (each.name, number(each.value, 2), f"<= {each.limit:g}", _mark(each)) for each in verdicts
    ]
    return render(("target", "measured", "limit", ""), cells)


def _mark(verdict: Verdict) -> str:
    match verdict.is_met:
        case True:
            return "met"
        case False:
            return "MISSED"
        case _:
            return "not valid: fell behind" if verdict.value is not None else "not measured"

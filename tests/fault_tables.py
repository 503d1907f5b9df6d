# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The tables of docs/reliability.md, written from the results of the tests that show them.

``make fault-tables`` runs these tests with this module as a plugin, which writes the tables in the
end. A test that belongs in a table records a ``table`` and its columns as properties.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"

HEADERS = {
    "faults": ("fault", "words lost", "words repeated", "streams lost"),
    "fatal faults": ("fault", "error", "attempts"),
}

_rows: dict[str, list[tuple[str, ...]]] = {name: [] for name in HEADERS}

type RecordProperty = Callable[[str, object], None]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    properties = dict(report.user_properties)
    if report.when == "call" and report.passed and "table" in properties:
        table = str(properties.pop("table"))
        columns = [str(properties[name]) for name in HEADERS[table]]
        _rows[table].append(tuple(columns))


def pytest_sessionfinish() -> None:
    text = PAGE.read_text()
    for name, rows in _rows.items():
        text = replace_table(text, name, table(HEADERS[name], rows))
    PAGE.write_text(text)


def record_row(
    record_property: RecordProperty,
    fault: str,
    *,
    said: Sequence[str],
    heard: Sequence[str],
    losses: int,
) -> None:
    """Record a row.

    Args:
        record_property: Pytest's.
        fault: What the first column says.
        said: The words that were said, each another one.
        heard: The words that came out.
        losses: How many streams were lost.
    """
    record_property("table", "faults")
    record_property("fault", fault)
    record_property("words lost", len(set(said) - set(heard)))
    record_property("words repeated", len(heard) - len(set(heard)))
    record_property("streams lost", losses)


def table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def replace_table(text: str, name: str, new: str) -> str:
    """Put a table between its two marks."""
    before, _, rest = text.partition(f"<!-- {name} -->\n")
    _, _, after = rest.partition(f"<!-- end of {name} -->")
    return f"{before}<!-- {name} -->\n{new}\n<!-- end of {name} -->{after}"


def first_column(name: str) -> list[str]:
    """The first column of a table as the page has it."""
    _, _, rest = PAGE.read_text().partition(f"<!-- {name} -->\n")
    lines = rest.partition(f"<!-- end of {name} -->")[0].splitlines()[2:]
    return [line.split("|")[1].strip() for line in lines]

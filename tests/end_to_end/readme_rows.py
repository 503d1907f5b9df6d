# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a test tells README's table "What a session survives"; see ``conftest``."""

from collections.abc import Callable, Sequence

type RecordProperty = Callable[[str, object], None]


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

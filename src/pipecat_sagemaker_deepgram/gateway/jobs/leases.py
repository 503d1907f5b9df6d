# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Comparing leases and due times in the database. Pure."""

from typing import Any

from sqlalchemy import ColumnElement, or_


def has_come(column: Any, now: float, most: float) -> ColumnElement[bool]:
    """An expression that is true once a time has come.

    Args:
        column: The time.
        now: The present time.
        most: Seconds that it can lie ahead. A later time was written before the clock was set back,
            and counts as due.
    """
    return or_(column <= now, column > now + most)


def no_lease() -> dict[str, Any]:
    """The columns of an unclaimed row."""
    return {"lease_token": None, "lease_until": None}

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Leases and due times, as the database compares them. Pure."""

from typing import Any

from sqlalchemy import ColumnElement, or_


def has_come(column: Any, now: float, most: float) -> ColumnElement[bool]:
    """Whether a time has come.

    Args:
        column: The time.
        now: The present time.
        most: Seconds that it can be ahead. One further ahead was written before the clock was set
            back, and nobody shall wait for it.
    """
    return or_(column <= now, column > now + most)


def no_lease() -> dict[str, Any]:
    """The columns of what nobody has claimed."""
    return {"lease_token": None, "lease_until": None}

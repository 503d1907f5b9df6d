# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Jobs, their audio, results and callbacks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _job_id() -> "sa.Column[str]":
    return sa.Column(
        "request_id",
        sa.String(36),
        sa.ForeignKey("jobs.request_id", ondelete="CASCADE"),
        primary_key=True,
    )


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "jobs",
        sa.Column("request_id", sa.String(36), primary_key=True),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("endpoint", sa.String(255), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("streams", sa.Boolean, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("finished", sa.Float),
        sa.Column("error_code", sa.Text),
        sa.Column("error_message", sa.Text),
        sa.Column("lease_token", sa.String(36)),
        sa.Column("lease_until", sa.Float),
    )
    op.create_index("jobs_in_order", "jobs", ["status", "priority", "created"])
    op.create_index("jobs_of_key", "jobs", ["key_id", "created"])
    op.create_index("jobs_by_end", "jobs", ["finished"])
    op.create_table("job_audio", _job_id(), sa.Column("body", sa.LargeBinary, nullable=False))
    op.create_table("job_results", _job_id(), sa.Column("body", sa.LargeBinary, nullable=False))
    op.create_table(
        "callbacks",
        _job_id(),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.Float),
        sa.Column("lease_token", sa.String(36)),
        sa.Column("lease_until", sa.Float),
    )
    op.create_index("callbacks_due", "callbacks", ["status", "due"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("callbacks", "job_results", "job_audio", "jobs"):
        op.drop_table(table)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The tables of the job queue. Times are in seconds since 1970."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()


def _job_id() -> Column[str]:
    return Column("request_id", ForeignKey("jobs.request_id", ondelete="CASCADE"), primary_key=True)


def _lease() -> tuple[Column[str], Column[float]]:
    return Column("lease_token", String(36)), Column("lease_until", Float)


jobs = Table(
    "jobs",
    metadata,
    Column("request_id", String(36), primary_key=True),
    Column("key_id", String(64), nullable=False),
    Column("user_id", Text),
    Column("status", String(16), nullable=False),
    Column("endpoint", String(255), nullable=False),
    Column("model", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("streams", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Column("due", Float, nullable=False),
    Column("finished", Float),
    Column("error_code", Text),
    Column("error_message", Text),
    *_lease(),
    Index("jobs_in_order", "status", "priority", "created"),
    Index("jobs_of_key", "key_id", "created"),
    Index("jobs_by_end", "finished"),
)

job_audio = Table("job_audio", metadata, _job_id(), Column("body", LargeBinary, nullable=False))

job_results = Table("job_results", metadata, _job_id(), Column("body", LargeBinary, nullable=False))

callbacks = Table(
    "callbacks",
    metadata,
    _job_id(),
    Column("url", Text, nullable=False),
    Column("method", String(8), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Float),
    *_lease(),
    Index("callbacks_due", "status", "due"),
)

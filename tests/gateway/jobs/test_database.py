# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.jobs.database import Database, StoreUnavailableError
from pipecat_sagemaker_deepgram.gateway.jobs.options import sqlite_url
from pipecat_sagemaker_deepgram.gateway.jobs.schema import metadata
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore

from .jobs import new_job


def _differences(database: Database) -> Any:
    """What the tables lack of those that the code knows, or have beside them."""
    with database.reading() as connection:
        return compare_metadata(MigrationContext.configure(connection), metadata)


def test_the_migrations_make_the_tables_that_the_code_knows(
    open_database: Callable[..., Database],
):
    assert _differences(open_database()) == []


def test_several_processes_may_migrate_at_once(database_url: str):
    databases = [Database(database_url) for _ in range(3)]
    with ThreadPoolExecutor() as threads:
        list(threads.map(Database.migrate, databases))
    for database in databases:
        assert _differences(database) == []
        database.close()


def test_a_url_that_is_none_is_refused_without_being_shown():
    with pytest.raises(ConfigurationError) as refused:
        Database("secret word")
    assert "secret" not in str(refused.value)


def test_a_full_disk_refuses_a_job_and_keeps_the_others(tmp_path: Path):
    database = Database(sqlite_url(tmp_path / "jobs.db"))
    database.migrate()
    store = JobStore(database, retention=60.0)
    store.submit(new_job("kept"))
    with database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(StoreUnavailableError, match="full"):
        store.submit(new_job("refused", audio=bytes(10**6)))
    assert [job.request_id for job in store.listed("key")] == ["kept"]
    database.close()


def test_nobody_else_may_read_the_file(tmp_path: Path):
    database = Database(sqlite_url(tmp_path / "jobs.db"))
    database.migrate()
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("jobs.db*")} == {0o600}
    database.close()


def test_what_was_deleted_is_not_left_in_the_file(tmp_path: Path):
    path = tmp_path / "jobs.db"
    database = Database(sqlite_url(path))
    database.migrate()
    store = JobStore(database, retention=60.0)
    secret = b"a secret that was said"
    store.submit(new_job("gone", audio=secret * 50))
    assert any(secret in file.read_bytes() for file in tmp_path.iterdir())
    store.delete("gone", "key")
    database.close()
    assert secret not in path.read_bytes()

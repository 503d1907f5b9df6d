# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.options import sqlite_url

from .postgresql import NO_POSTGRESQL, PostgresqlServer, find_postgresql, running_postgresql
from .time_machine import TimeMachine


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    if (programs := find_postgresql()) is None:
        pytest.skip(NO_POSTGRESQL)
    with running_postgresql(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "jobs.db")
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def time_machine() -> TimeMachine:
    return TimeMachine(1_800_000_000.0)


@pytest.fixture
def open_database(database_url: str) -> Iterator[Callable[..., Database]]:
    """Opens the same database as often as it is asked to."""
    opened: list[Database] = []

    def open(**options: object) -> Database:
        database = Database(database_url, **options)  # pyright: ignore[reportArgumentType]
        database.migrate()
        opened.append(database)
        return database

    yield open
    for database in opened:
        database.close()

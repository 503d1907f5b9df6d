# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The database of the job queue: SQLite in a file, or PostgreSQL for several hosts."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    OperationalError,
)

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, SageMakerDeepgramError

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x5347_4D44
"""Number of the PostgreSQL advisory lock that guards claims and migrations."""

_WAIT_FOR_WRITERS = 10.0
_SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)
"""Commits survive a power failure, and deleted data is overwritten."""

type Clock = Callable[[], float]


class StoreUnavailableError(SageMakerDeepgramError):
    """The database of the job queue is unavailable, full, locked or damaged."""


class Database:
    """The database of the job queue.

    Args:
        url: Its URL, as SQLAlchemy defines it.
        clock: Returns the time, as seconds since 1970; by default the clock of the database server,
            which all hosts share, or of this machine if the database is a file.

    Raises:
        ConfigurationError: The URL is invalid, or its file cannot be written.
    """

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        self.is_file = _is_sqlite(url)
        self._clock = clock
        self._engine = _make_engine(url, is_file=self.is_file)
        self._writing = self._engine.execution_options(writes=True)

    def migrate(self) -> None:
        """Migrate the tables to the current schema; several processes may do so at the same time.

        Raises:
            StoreUnavailableError: The database cannot be used now.
        """
        with self.writing() as connection:
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A reading transaction.

        Raises:
            StoreUnavailableError: The database cannot be used now.
        """
        with _mapped(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A writing transaction; only one runs at a time across all processes.

        Raises:
            StoreUnavailableError: The database cannot be used now.
        """
        with _mapped(), self._writing.begin() as connection:
            if not self.is_file:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection

    def now(self, connection: Connection) -> float:
        """The time, as seconds since 1970."""
        if self._clock is not None:
            return self._clock()
        if self.is_file:
            return time.time()
        return float(
            connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
        )

    def close(self) -> None:
        """Close idle connections."""
        self._engine.dispose()


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StoreUnavailableError(f"The job database cannot be used: {error.orig}") from error
    except DBAPIError as error:
        if not error.connection_invalidated and type(error) is not DatabaseError:
            raise
        raise StoreUnavailableError("The job database is damaged or was disconnected") from error


def _is_sqlite(url: str) -> bool:
    try:
        return make_url(url).get_backend_name() == "sqlite"
    except ArgumentError as error:
        raise ConfigurationError(
            "The URL of the job database is not valid",
            advice="Examples: sqlite:////var/lib/gateway/jobs.db, "
            "postgresql+psycopg://user@host/name.",
        ) from error


def _make_engine(url: str, *, is_file: bool) -> Engine:
    if not is_file:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    path = make_url(url).database
    if path and path != ":memory:":
        _make_file(Path(path))
    engine = create_engine(url, connect_args={"timeout": _WAIT_FOR_WRITERS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise ConfigurationError(
            f"The job database {path} cannot be written: {error.strerror or error}",
            advice="Name a file in a folder that can be written to (--jobs sqlite:////PATH).",
        ) from error


def _prepare(connection: Any, record: Any) -> None:
    """Let SQLAlchemy begin transactions; ``sqlite3`` begins them too late."""
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A PostgreSQL server of this test run alone, from Debian's package."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

NO_POSTGRESQL = "PostgreSQL is not installed: run scripts/system-deps as root"

_USER = "postgres"
_LIMIT = 60.0


def find_postgresql() -> Path | None:
    """The folder of the server's programs, of the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and (program := shutil.which("initdb")):
        found = [Path(program).resolve()]
    if not found or (os.geteuid() == 0 and not _has_user()):
        return None
    return found[-1].parent


class PostgresqlServer:
    """A running server, reached by a socket file.

    Args:
        folder: Where its data and its socket are.
        programs: The folder of its programs.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._numbers = count(1)

    def new_database(self) -> str:
        """SQLAlchemy's URL of an empty database."""
        name = f"jobs{next(self._numbers)}"
        self._run("createdb", "--host", str(self._folder), "--username", _USER, name)
        return f"postgresql+psycopg://{_USER}@/{name}?host={self._folder}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = f"-k {self._folder} -c listen_addresses= -c fsync=off -c max_connections=60"
        self._control("start", "-o", settings, "-l", str(self._folder / "log"))

    def stop(self) -> None:
        """Stop it at once, as a host that fails does."""
        self._control("stop", "-m", "immediate")

    def prepare(self) -> None:
        """Make its files."""
        options = ("--auth=trust", "--no-sync", "--username", _USER, "--encoding=UTF8")
        self._run("initdb", "-D", str(self._folder / "data"), *options)

    def _control(self, action: str, *options: str) -> None:
        self._run("pg_ctl", action, "-w", "-D", str(self._folder / "data"), *options)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            timeout=_LIMIT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            user=_USER if os.geteuid() == 0 else None,
        )


@contextmanager
def running_postgresql(programs: Path) -> Iterator[PostgresqlServer]:
    """Run a server.

    Args:
        programs: The folder of its programs.
    """
    folder = Path(tempfile.mkdtemp(prefix="jobs-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
    server = PostgresqlServer(folder, programs)
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _has_user() -> bool:
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        return False
    return True

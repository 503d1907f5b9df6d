# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Temporary folders that go away with their process, however it ends.

A folder is locked for as long as its process lives. One that nobody has locked was left behind by a
process that was killed, and the next one removes it.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "sagemaker-local-endpoint-"


class TemporaryFolder:
    """A folder of this process.

    Attributes:
        path: Where it is.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """Makes a folder and removes those that killed processes left.

        Args:
            parent: Where folders are made, None for the usual place.
        """
        parent = parent or Path(tempfile.gettempdir())
        _remove_left_behind(parent)
        self.path, self._lock = _make(parent)

    def remove(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _make(parent: Path) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        try:
            lock = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return path, lock
        # Another process took it for one left behind before it was locked.
        os.close(lock)


def _remove_left_behind(parent: Path) -> None:
    for path in parent.glob(f"{PREFIX}*"):
        try:
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue
        finally:
            os.close(lock)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Temporary folders that are removed with their process, however it ends.

A folder is locked for as long as its process lives. An unlocked one was left behind by a
process that was killed, and the next process removes it.
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
        path: Its path.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """Makes a folder and removes those that killed processes left.

        Args:
            parent: Where to make it; None for the system's temporary folder.
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
        # Before it was locked, another process removed it as one that was left behind.
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

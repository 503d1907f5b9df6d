# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Keys, in a file that holds only their digests.

A key has 256 random bits, so that a plain digest withstands guessing. The file is read again when
it has changed, so that revoking a key takes effect at once.
"""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError


class StoredKey(msgspec.Struct, frozen=True, kw_only=True):
    """The stored record of a key.

    Attributes:
        id: Identifies the key in lists and logs.
        name: What it is for.
        digest: SHA-256 of the key, as hexadecimal digits.
        created: When it was created, as ISO 8601.
        revoked: When it was revoked; ``None`` while it is valid.
    """

    id: str
    name: str
    digest: str
    created: str
    revoked: str | None = None


class _KeyFileContents(msgspec.Struct):
    secret: str
    keys: list[StoredKey] = []


class KeyFile:
    """The keys of a gateway.

    Args:
        path: The file; it need not exist yet.

    Raises:
        ConfigurationError: On use, if the file cannot be read, or was removed after it was read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version: tuple[int, int, int] | None = None
        self._contents = _KeyFileContents(secret="")
        self._valid: dict[str, StoredKey] = {}

    @property
    def keys(self) -> Sequence[StoredKey]:
        """All keys, including revoked ones."""
        self._refresh()
        return self._contents.keys

    @property
    def secret(self) -> str:
        """The secret that signs short-lived tokens."""
        self._refresh()
        return self._contents.secret

    def add(self, name: str) -> tuple[StoredKey, str]:
        """Create a key.

        Args:
            name: What it is for.

        Returns:
            Its record, and the key itself, which is not stored.

        Raises:
            ConfigurationError: The name is blank, or would break a list.
        """
        if not name.strip() or not name.isprintable():
            raise ConfigurationError(
                f"A key cannot be named {name!r}",
                advice="Give a short name that says what it is for.",
            )
        self._refresh()
        key = secrets.token_hex(32)
        stored = StoredKey(id=secrets.token_hex(6), name=name, digest=_digest(key), created=_now())
        self._write([*self._contents.keys, stored])
        return stored, key

    def revoke(self, id: str) -> StoredKey:
        """Revoke a key, and the tokens that were granted to it.

        Raises:
            ConfigurationError: No key has this id.
        """
        for key in self.keys:
            if key.id == id:
                revoked = msgspec.structs.replace(key, revoked=key.revoked or _now())
                self._write([revoked if each.id == id else each for each in self.keys])
                return revoked
        raise ConfigurationError(f"There is no key {id} in {self._path}")

    def find(self, key: str) -> StoredKey | None:
        """Find a valid key."""
        self._refresh()
        return self._valid.get(_digest(key))

    def find_id(self, id: str) -> StoredKey | None:
        """Find a valid key by its id."""
        self._refresh()
        return next((key for key in self._valid.values() if key.id == id), None)

    def _refresh(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError as error:
            if self._version is None:
                return
            raise ConfigurationError(
                f"The file of keys {self._path} was removed",
                advice="Restore it: until then no key is valid.",
            ) from error
        except OSError as error:
            raise ConfigurationError(
                f"The keys in {self._path} cannot be read: {error.strerror or error}",
                advice="Name another file (--keys FILE).",
            ) from error
        version = (found.st_mtime_ns, found.st_ino, found.st_size)
        if version == self._version:
            return
        try:
            self._contents = msgspec.json.decode(self._path.read_bytes(), type=_KeyFileContents)
        except (OSError, msgspec.DecodeError) as error:
            raise ConfigurationError(f"The keys in {self._path} cannot be read: {error}") from error
        self._version = version
        self._valid = {key.digest: key for key in self._contents.keys if key.revoked is None}

    def _write(self, keys: list[StoredKey]) -> None:
        """Replace the file atomically, readable by its owner only."""
        contents = _KeyFileContents(self._contents.secret or secrets.token_hex(32), keys)
        try:
            self._replace(msgspec.json.format(msgspec.json.encode(contents)))
        except OSError as error:
            raise ConfigurationError(
                f"The keys in {self._path} cannot be written: {error.strerror or error}",
                advice="Name a file in a folder that can be written to (--keys FILE).",
            ) from error
        self._refresh()

    def _replace(self, content: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(written, self._path)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Finds recordings: files, directories, patterns, standard input and https addresses."""

import glob
import shutil
import ssl
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.raw_format import (
    RAW_SUFFIXES,
    RawFormat,
    raw_format_of,
)
from pipecat_sagemaker_deepgram.recorded.waiting import in_daemon_thread

STDIN = "-"
"""The name of standard input."""

SUFFIXES = frozenset(
    [
        *RAW_SUFFIXES,
        *(".wav", ".wave", ".w64", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac"),
        *(".webm", ".mp4", ".m4v", ".mov", ".mkv", ".mka", ".avi", ".3gp", ".aiff", ".aif"),
        *(".caf", ".au", ".amr", ".wma", ".wmv", ".mpg", ".mpeg", ".ts", ".flv", ".gsm", ".ac3"),
    ]
)
"""Suffixes of the files in a directory that are recordings."""

_URL_TIMEOUT = 30.0


@dataclass(frozen=True, kw_only=True)
class RawDefaults:
    """The format of files without a header, as far as the user has given it.

    Attributes:
        encoding: As for ``RawFormat``.
        sample_rate: Sample rate, in Hz.
        channels: Number of channels.
    """

    encoding: str | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True)
class Source:
    """A recording, as the user named it.

    Attributes:
        name: A path, an address, or ``-``.
        raw: Its format if it has no header.
    """

    name: str
    raw: RawDefaults = RawDefaults()

    @property
    def is_stdin(self) -> bool:
        """Whether it is standard input."""
        return self.name == STDIN

    @property
    def is_url(self) -> bool:
        """Whether it is an address."""
        return "://" in self.name

    @property
    def file_name(self) -> str:
        """Its file name, without directories."""
        if self.is_stdin:
            return "stdin"
        if self.is_url:
            return unquote(PurePosixPath(urlsplit(self.name).path).name) or "recording"
        return Path(self.name).name

    def raw_format(self) -> RawFormat | None:
        """Its format; ``None`` if it has a header.

        Raises:
            RecordingError: The format is invalid or unknown.
        """
        name = STDIN if self.is_stdin else self.file_name
        return raw_format_of(
            name,
            encoding=self.raw.encoding,
            sample_rate=self.raw.sample_rate,
            channels=self.raw.channels,
        )


def find_sources(names: Sequence[str], raw: RawDefaults | None = None) -> list[Source]:
    """Find recordings, each once, in order.

    Args:
        names: Files, directories (all files below them with the suffix of a recording), patterns
            such as ``calls/**/*.wav``, https addresses, and ``-`` for standard input.
        raw: The format of files without a header.

    Returns:
        The recordings. A missing file is one of them; transcribing it reports that.
    """
    found = dict.fromkeys(each for name in names for each in _expanded(name))
    return [Source(name, raw or RawDefaults()) for name in found]


def _expanded(name: str) -> Iterator[str]:
    if name == STDIN or "://" in name:
        yield name
    elif Path(name).is_dir():
        files = (path for path in Path(name).rglob("*") if path.suffix.lower() in SUFFIXES)
        yield from sorted(str(path) for path in files if path.is_file())
    elif glob.has_magic(name) and not Path(name).exists():
        yield from sorted(glob.glob(name, recursive=True)) or [name]
    else:
        yield name


@asynccontextmanager
async def fetched(source: Source) -> AsyncIterator[Path]:
    """Provide a recording as a file while the context is open.

    Args:
        source: The recording.

    Yields:
        The file itself, or a copy of what came from standard input or an address.

    Raises:
        RecordingError: It cannot be fetched.
    """
    if not (source.is_stdin or source.is_url):
        yield Path(source.name)
        return
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        path = Path(folder) / "recording"
        try:
            await in_daemon_thread(lambda: _copy(source, path), name="fetch a recording")
        except (OSError, ValueError) as error:
            raise _not_fetched(source.name, error) from error
        yield path


def _not_fetched(name: str, error: Exception) -> RecordingError:
    """The error for a recording that cannot be fetched, without the error number."""
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return RecordingError(f"{name} cannot be fetched: the server answers {error.code}")
    inner = getattr(error, "reason", None) or error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return RecordingError(
            f"{name} cannot be fetched: the certificate of the server is not trusted "
            f"({inner.verify_message})",
            advice="Set SSL_CERT_FILE to a file with the certificates to trust.",
        )
    return RecordingError(f"{name} cannot be fetched: {getattr(inner, 'strerror', None) or inner}")


def _copy(source: Source, path: Path) -> None:
    with path.open("wb") as target:
        if source.is_stdin:
            shutil.copyfileobj(sys.stdin.buffer, target)
        else:
            _download(source.name, target)


def _download(url: str, target: BinaryIO) -> None:
    _require_https(url)
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    opener = urllib.request.build_opener(trust, _HttpsRedirects)
    with opener.open(url, timeout=_URL_TIMEOUT) as answer:
        shutil.copyfileobj(answer, target)
        length = answer.headers.get("Content-Length", "")
    if length.isdecimal() and target.tell() < int(length):
        raise RecordingError(f"{url} ended after {target.tell()} of {length} bytes")


class _HttpsRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to https addresses only."""

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        try:
            _require_https(newurl)
        except RecordingError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_https(url: str) -> None:
    if urlsplit(url).scheme != "https":
        raise RecordingError(f"{url} is not an https address", advice="Only those are fetched.")

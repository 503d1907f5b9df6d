# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.sources import Source, fetched, find_sources

from .https_server import HttpsServer, running_https


def names(*given: str) -> list[str]:
    return [source.name for source in find_sources(given)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.wav", "a.mp3", "notes.txt", "deep/c.MKV", "deep/.hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_directory_gives_the_recordings_in_it_and_below(folder: Path):
    assert names(str(folder)) == [str(folder / name) for name in ("a.mp3", "b.wav", "deep/c.MKV")]


def test_a_pattern_gives_what_it_matches(folder: Path):
    assert names(f"{folder}/*.wav", f"{folder}/**/*.MKV") == [
        str(folder / "b.wav"),
        str(folder / "deep/c.MKV"),
    ]


def test_each_is_there_once_in_the_order_it_was_named(folder: Path):
    b = str(folder / "b.wav")
    assert names(b, str(folder), b)[0] == b
    assert len(names(b, str(folder), b)) == 3


def test_what_is_missing_stays_to_be_complained_of():
    assert names("nowhere.wav", "no*thing.wav", "-", "https://x.y/a.wav") == [
        *("nowhere.wav", "no*thing.wav", "-", "https://x.y/a.wav")
    ]


async def test_standard_input_is_kept_in_a_file_meanwhile(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"sound")))
    async with fetched(Source("-")) as path:
        assert path.read_bytes() == b"sound"
    assert not path.exists()


async def test_a_file_is_read_where_it_is(folder: Path):
    async with fetched(Source(str(folder / "b.wav"))) as path:
        assert path == folder / "b.wav"


@pytest.mark.parametrize("url", ["http://127.0.0.1/a.wav", "ftp://x/a.wav", "file:///etc/passwd"])
async def test_only_https_is_fetched(url: str):
    with pytest.raises(RecordingError, match="is not an https address"):
        async with fetched(Source(url)):
            pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HttpsServer]:
    files = {"/a.wav": b"RIFF" * 50_000, "/moved": "/a.wav", "/down": "http://127.0.0.1:9/a.wav"}
    with running_https(files, tmp_path) as running:
        yield running


@pytest.fixture
def trusted(server: HttpsServer, monkeypatch: pytest.MonkeyPatch) -> HttpsServer:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    return server


@pytest.mark.parametrize("path", ["/a.wav", "/moved"])
async def test_what_is_behind_an_https_address_is_fetched(trusted: HttpsServer, path: str):
    async with fetched(Source(trusted.url + path)) as file:
        assert file.read_bytes() == b"RIFF" * 50_000
    assert not file.exists()


@pytest.mark.parametrize(
    ("path", "problem"),
    [("/none.wav", "the server answers 404"), ("/down", "is not an https address")],
)
async def test_what_cannot_be_fetched_is_named(trusted: HttpsServer, path: str, problem: str):
    with pytest.raises(RecordingError, match=problem):
        async with fetched(Source(trusted.url + path)):
            pass


async def test_a_certificate_that_is_not_trusted_is_reported_with_what_to_do(server: HttpsServer):
    with pytest.raises(RecordingError) as refused:
        async with fetched(Source(f"{server.url}/a.wav")):
            pass
    assert "the certificate of the server is not trusted" in str(refused.value)
    assert "SSL_CERT_FILE" in str(refused.value)


async def test_a_server_that_is_not_there_is_named():
    url = "https://127.0.0.1:1/a.wav"
    with pytest.raises(RecordingError, match=r"cannot be fetched: Connection refused"):
        async with fetched(Source(url)):
            pass

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Keys at rest, tokens, and the forms in which they are shown."""

from pathlib import Path

import jwt
import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.access.credentials import Credential, read_credential
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from pipecat_sagemaker_deepgram.gateway.access.tokens import grant_token, key_of_token

SECRET = "s" * 32


def test_a_key_is_found_until_it_is_revoked_and_stands_nowhere(tmp_path: Path):
    path = tmp_path / "folder" / "keys.json"
    stored, key = KeyFile(path).add("app")
    gateway = KeyFile(path)
    assert gateway.find(key) == stored
    assert gateway.find("another") is None
    assert key not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    KeyFile(path).revoke(stored.id)
    assert gateway.find(key) is None
    assert gateway.find_id(stored.id) is None
    assert [(each.name, bool(each.revoked)) for each in gateway.keys] == [("app", True)]


def test_a_secret_outlives_the_keys(tmp_path: Path):
    path = tmp_path / "keys.json"
    file = KeyFile(path)
    file.add("one")
    secret = file.secret
    KeyFile(path).add("two")
    assert len(secret) == 64
    assert file.secret == secret


def test_what_is_not_there_cannot_be_revoked(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="no key abc"):
        KeyFile(tmp_path / "keys.json").revoke("abc")


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "a\ttab"])
def test_a_key_needs_a_name_that_fits_on_a_line(tmp_path: Path, name: str):
    with pytest.raises(ConfigurationError, match="cannot be named"):
        KeyFile(tmp_path / "keys.json").add(name)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_is_reported(tmp_path: Path):
    path = tmp_path / "keys.json"
    path.write_text("{")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        _ = KeyFile(path).keys


def test_keys_whose_file_is_removed_are_no_longer_valid(tmp_path: Path):
    path = tmp_path / "keys.json"
    file = KeyFile(path)
    assert file.find("a key") is None
    _, key = file.add("app")
    path.unlink()
    with pytest.raises(ConfigurationError, match="was removed"):
        file.find(key)
    _, another = KeyFile(path).add("another")
    assert file.find(key) is None
    assert file.find(another) is not None


def test_a_token_names_its_key_while_it_is_valid():
    assert key_of_token(grant_token("id", SECRET), SECRET) == "id"
    assert key_of_token(grant_token("id", SECRET), "t" * 32) is None
    assert key_of_token(grant_token("id", SECRET, ttl=-1), SECRET) is None
    assert key_of_token("not a token", SECRET) is None


@pytest.mark.parametrize("claims", [{"sub": "id"}, {"sub": "id", "exp": 9999999999}])
def test_a_token_of_somebody_else_with_the_same_secret_is_not_valid(claims: dict):
    assert key_of_token(jwt.encode(claims, SECRET, algorithm="HS256"), SECRET) is None
    assert key_of_token(jwt.encode(claims, "", algorithm="none"), SECRET) is None


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"Authorization": "Token abc"}, Credential("token", "abc")),
        ({"Authorization": "token  abc "}, Credential("token", "abc")),
        ({"Authorization": "bearer abc"}, Credential("bearer", "abc")),
        ({"Authorization": "Basic abc"}, None),
        ({"Authorization": "Token"}, None),
        ({"Sec-WebSocket-Protocol": "token, abc"}, Credential("token", "abc")),
        (
            {"Sec-WebSocket-Protocol": "x-deepgram-session-id, 1, bearer,abc"},
            Credential("bearer", "abc"),
        ),
        ({"Sec-WebSocket-Protocol": "token"}, None),
        ({}, None),
    ],
)
def test_a_credential_is_read_in_every_form(headers: dict, found: Credential | None):
    assert read_credential(headers) == found

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What may be passed as ``credentials``, and what is refused."""

import asyncio
from typing import Any

import boto3
import botocore.session
import pytest

from pipecat_sagemaker_deepgram import CredentialsSource
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, CredentialsError
from pipecat_sagemaker_deepgram.transport import (
    BotocoreCredentialsResolver,
    Credentials,
    StaticCredentialsResolver,
    as_resolver,
)


def keys(found: Credentials) -> tuple[str, str, str | None]:
    return found.access_key_id, found.secret_access_key, found.session_token


class Session:
    """Something that provides credentials as a session does."""

    def __init__(self, session: botocore.session.Session) -> None:
        self._session = session

    def get_credentials(self) -> object:
        return self._session.get_credentials()


class Failing:
    """A session whose credentials cannot be had."""

    def get_credentials(self) -> object:
        raise RuntimeError("with secrets")


class Empty:
    """A session without credentials."""

    def get_credentials(self) -> object:
        return None


class Own:
    """A resolver of a user's own, without ``refresh``."""

    def __init__(self, outcome: Any = None) -> None:
        self._outcome = outcome

    async def resolve(self) -> Any:
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        if self._outcome is None:
            await asyncio.Event().wait()
        return self._outcome


class OwnWithRefresh:
    """A resolver of a user's own, with ``refresh``."""

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        return Credentials(access_key_id=f"OWN-{refresh}", secret_access_key="s")


GIVEN = Credentials(access_key_id="GIVEN", secret_access_key="s")


async def test_given_credentials_are_taken_as_they_are() -> None:
    resolver = as_resolver(GIVEN)
    assert isinstance(resolver, StaticCredentialsResolver)
    assert await resolver.resolve() is GIVEN
    assert await resolver.resolve(refresh=True) is GIVEN
    assert as_resolver(resolver) is resolver


async def test_a_session_is_asked() -> None:
    session = botocore.session.Session()
    session.set_credentials("SESSION", "s", "t")
    resolver = as_resolver(session)
    assert isinstance(resolver, BotocoreCredentialsResolver)
    assert keys(await resolver.resolve()) == ("SESSION", "s", "t")
    assert keys(await resolver.resolve(refresh=True)) == ("SESSION", "s", "t")
    assert keys(await as_resolver(Session(session)).resolve()) == ("SESSION", "s", "t")


@pytest.mark.parametrize("refresh", [False, True])
async def test_each_kind_that_the_type_names_provides_credentials(refresh: bool) -> None:
    session = botocore.session.Session()
    session.set_credentials("GIVEN", "s")
    sources: list[CredentialsSource] = [
        GIVEN,
        StaticCredentialsResolver(GIVEN),
        Own(GIVEN),
        session,
        boto3.Session("GIVEN", "s", region_name="us-east-1"),
        Session(session),
    ]
    for source in sources:
        found = await as_resolver(source).resolve(refresh=refresh)
        assert keys(found) == ("GIVEN", "s", None)


async def test_an_asynchronous_session_is_named_as_such() -> None:
    class Asynchronous:
        async def get_credentials(self) -> None:
            """Gives nothing."""

    with pytest.raises(CredentialsError, match="asynchronous"):
        await as_resolver(Asynchronous()).resolve()


async def test_a_resolver_of_the_users_own_is_asked_with_and_without_refresh() -> None:
    assert await as_resolver(Own(GIVEN)).resolve(refresh=True) is GIVEN
    for refresh in (False, True):
        found = await as_resolver(OwnWithRefresh()).resolve(refresh=refresh)
        assert found.access_key_id == f"OWN-{refresh}"


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (None, r"not resolved within 0\.05 s"),
        (LookupError("with secrets"), "resolver failed with LookupError"),
        ({"AccessKeyId": "x"}, "returned dict instead of Credentials"),
        (CredentialsError("my own words"), "my own words"),
    ],
)
async def test_what_a_resolver_of_the_users_own_does_wrong_is_named(
    outcome: Any, sentence: str
) -> None:
    with pytest.raises(CredentialsError, match=sentence) as caught:
        await as_resolver(Own(outcome), timeout=0.05).resolve()
    assert "with secrets" not in str(caught.value)


@pytest.mark.parametrize("value", ["AKIA", 1, {"aws_access_key_id": "x"}, object()])
def test_what_provides_no_credentials_is_refused_by_type(value: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"credentials is of type {type(value).__name__}"):
        as_resolver(value)


def test_credentials_and_a_profile_are_not_both_taken() -> None:
    with pytest.raises(ConfigurationError, match="credentials and profile"):
        as_resolver(GIVEN, profile="p")


@pytest.mark.parametrize("field", ["access_key_id", "secret_access_key"])
def test_an_empty_key_is_refused_by_name(field: str) -> None:
    fields: dict[str, Any] = {"access_key_id": "a", "secret_access_key": "b", field: ""}
    with pytest.raises(ConfigurationError, match=field):
        Credentials(**fields)


async def test_a_session_without_credentials_or_that_fails_is_named() -> None:
    with pytest.raises(CredentialsError, match="No AWS credentials"):
        await as_resolver(Empty()).resolve()
    with pytest.raises(CredentialsError, match="could not be resolved: RuntimeError") as caught:
        await as_resolver(Failing()).resolve()
    assert "with secrets" not in str(caught.value)

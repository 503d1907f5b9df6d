# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Botocore's chain, each link against a stand-in on loopback."""

import asyncio
import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.credentials
import botocore.session
import pytest

from pipecat_sagemaker_deepgram.exceptions import CredentialsError
from pipecat_sagemaker_deepgram.transport import (
    BotocoreCredentialsResolver,
    Credentials,
    as_resolver,
    botocore_credentials,
)
from pipecat_sagemaker_deepgram.transport.credentials import lasting_keys

from .credential_services import Call, metadata_keys, stand_in, sts_keys, time_in


def keys(found: Credentials) -> tuple[str, str, str | None]:
    return found.access_key_id, found.secret_access_key, found.session_token


def write_config(text: str) -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(text)


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    deadline = time.monotonic() + 3
    while _threads() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert _threads() == []


def _threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "aws-credentials"]


# The links of the chain


async def test_keys_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    found = await as_resolver().resolve()
    assert keys(found) == ("AKIA", "secret", None)
    assert found.source == "env"
    assert found.expires_at is None
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    assert keys(await as_resolver().resolve()) == ("AKIA", "secret", "token")


KEYS_OF_AN_ENVIRONMENT = (
    {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"},
    {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": ""},
    {"AWS_SECRET_ACCESS_KEY": "secret"},
    {},
)


@pytest.mark.parametrize("keys_given", KEYS_OF_AN_ENVIRONMENT)
@pytest.mark.parametrize("security_token", [None, "", "old"])
@pytest.mark.parametrize("session_token", [None, "", "new"])
@pytest.mark.parametrize("more", [{}, {"AWS_PROFILE": "other"}, {"AWS_DEFAULT_PROFILE": "other"}])
def test_lasting_keys_are_those_that_the_chain_finds_first(
    keys_given: dict[str, str],
    security_token: str | None,
    session_token: str | None,
    more: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_config("[profile other]\naws_access_key_id = O\naws_secret_access_key = o\n")
    tokens = {"AWS_SECURITY_TOKEN": security_token, "AWS_SESSION_TOKEN": session_token}
    environment = keys_given | {name: text for name, text in tokens.items() if text is not None}
    for name, value in (environment | more).items():
        monkeypatch.setenv(name, value)
    found = lasting_keys(os.environ)
    if len([value for value in keys_given.values() if value]) == 2 and not more:
        assert found is not None
        chain = botocore.session.Session().get_credentials()
        assert chain is not None
        assert keys(found) == tuple(chain.get_frozen_credentials())[:3]
        assert found.source == chain.method
    else:
        assert found is None


async def test_keys_of_a_profile_named_or_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_config(
        "[default]\naws_access_key_id = D\naws_secret_access_key = d\n"
        "[profile other]\naws_access_key_id = O\naws_secret_access_key = o\n"
    )
    assert keys(await as_resolver().resolve()) == ("D", "d", None)
    assert keys(await as_resolver(profile="other").resolve()) == ("O", "o", None)
    monkeypatch.setenv("AWS_PROFILE", "other")
    assert keys(await as_resolver().resolve()) == ("O", "o", None)


async def test_a_named_profile_goes_before_keys_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_config("[profile other]\naws_access_key_id = O\naws_secret_access_key = o\n")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert keys(await as_resolver(profile="other").resolve()) == ("O", "o", None)


async def test_a_profile_that_does_not_exist_is_named() -> None:
    with pytest.raises(CredentialsError, match="no-such-profile"):
        await as_resolver(profile="no-such-profile").resolve()


def executable(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


async def test_a_credential_process(tmp_path: Path) -> None:
    answer = json.dumps(
        {
            "Version": 1,
            "AccessKeyId": "PROC",
            "SecretAccessKey": "p",
            "SessionToken": "t",
            "Expiration": time_in(timedelta(hours=1)),
        }
    )
    script = executable(tmp_path / "process", f"echo run >> {tmp_path}/runs; echo '{answer}'")
    write_config(f"[profile p]\ncredential_process = {script}\n")
    resolver = as_resolver(profile="p")
    found = await resolver.resolve()
    assert keys(found) == ("PROC", "p", "t")
    assert found.expires_at is not None
    assert found.expires_at > datetime.now(UTC)
    await resolver.resolve()
    assert len((tmp_path / "runs").read_text().split()) == 1
    await resolver.resolve(refresh=True)
    assert len((tmp_path / "runs").read_text().split()) == 2


async def test_a_credential_process_that_fails_is_named(tmp_path: Path) -> None:
    script = executable(tmp_path / "process", "echo no login >&2; exit 1")
    write_config(f"[profile p]\ncredential_process = {script}\n")
    with pytest.raises(CredentialsError, match="no login"):
        await as_resolver(profile="p").resolve()


async def test_a_container_role(monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(lambda _: (200, metadata_keys())) as service:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{service.url}/role")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let-me-in")
        resolver = as_resolver()
        found = await resolver.resolve()
        assert keys(found) == ("ASIA1", "secret-1", "token-1")
        assert found.source == "container-role"
        assert (await resolver.resolve()) == found
        assert [each.path for each in service.calls] == ["/role"]
        assert service.calls[0].headers["authorization"] == "let-me-in"


def imds(call: Call) -> tuple[int, str]:
    match call.method, call.path:
        case "PUT", "/latest/api/token":
            return 200, "imds-token"
        case "GET", "/latest/meta-data/iam/security-credentials/":
            return 200, "my-role"
        case "GET", "/latest/meta-data/iam/security-credentials/my-role":
            return 200, metadata_keys()
    return 404, ""


async def test_an_instance_role(monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(imds) as service:
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"{service.url}/")
        found = await as_resolver().resolve()
        assert keys(found) == ("ASIA1", "secret-1", "token-1")
        assert found.source == "iam-role"
        assert service.calls[1].headers["x-aws-ec2-metadata-token"] == "imds-token"


async def test_an_assumed_role(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(
        "[profile source]\naws_access_key_id = S\naws_secret_access_key = s\n"
        "[profile role]\nrole_arn = arn:aws:iam::000000000000:role/r\nsource_profile = source\n"
    )
    with stand_in(lambda _: (200, sts_keys("AssumeRole"))) as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
        found = await as_resolver(profile="role").resolve()
        assert keys(found) == ("ASIA1", "secret-1", "token-1")
        assert found.source == "assume-role"
        assert "Action=AssumeRole" in service.calls[0].body
        assert "Credential=S/" in service.calls[0].headers["authorization"]


async def test_a_web_identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a-web-token")
    with stand_in(lambda _: (200, sts_keys("AssumeRoleWithWebIdentity"))) as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
        monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "token"))
        monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::000000000000:role/r")
        found = await as_resolver().resolve()
        assert keys(found) == ("ASIA1", "secret-1", "token-1")
        assert found.source == "assume-role-with-web-identity"
        assert "WebIdentityToken=a-web-token" in service.calls[0].body


SSO_SCRIPT = """
import asyncio
from pipecat_sagemaker_deepgram.transport import as_resolver
found = asyncio.run(as_resolver(profile="sso", timeout=20).resolve())
print(found.access_key_id, found.secret_access_key, found.session_token, found.source)
"""


def test_single_sign_on_with_a_cached_token(tmp_path: Path) -> None:
    """In a process of its own: botocore takes the home directory when it is imported."""
    start_url = "https://example.awsapps.com/start"
    cache = tmp_path / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    (cache / f"{hashlib.sha1(start_url.encode()).hexdigest()}.json").write_text(
        json.dumps(
            {
                "startUrl": start_url,
                "region": "us-east-1",
                "accessToken": "sso-token",
                "expiresAt": time_in(timedelta(hours=1)),
            }
        )
    )
    write_config(
        f"[profile sso]\nsso_start_url = {start_url}\nsso_region = us-east-1\n"
        "sso_account_id = 000000000000\nsso_role_name = listener\n"
    )
    role = {"accessKeyId": "SSO", "secretAccessKey": "s", "sessionToken": "t"}
    expiration = int((time.time() + 3600) * 1000)
    answer = json.dumps({"roleCredentials": {**role, "expiration": expiration}})
    with stand_in(lambda _: (200, answer)) as service:
        environment = {**os.environ, "AWS_ENDPOINT_URL_SSO": service.url}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", SSO_SCRIPT],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.split() == ["SSO", "s", "t", "sso"], done.stderr
        assert service.calls[0].headers["x-amz-sso_bearer_token"] == "sso-token"


# Refreshing


@contextmanager
def numbered_keys(monkeypatch: pytest.MonkeyPatch, valid_for: timedelta) -> Iterator[list[str]]:
    """A container role whose keys are new at each call."""
    paths: list[str] = []

    def respond(call: Call) -> tuple[int, str]:
        paths.append(call.path)
        return 200, metadata_keys(len(paths), time_in(valid_for))

    with stand_in(respond) as service:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{service.url}/role")
        yield paths


@pytest.mark.parametrize(
    ("lifetime", "kept"),
    [(5, 3), (14, 10), (15, 11), (60, 44), (12 * 60, 12 * 60 - 16)],
    ids=lambda minutes: f"{minutes} min",
)
async def test_keys_that_run_out_are_refreshed_for_the_next_stream(
    lifetime: int, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that live for 15 minutes or less too: not for every stream."""
    passed = timedelta()
    now = datetime.now(UTC)
    with numbered_keys(monkeypatch, timedelta(minutes=lifetime)) as calls:
        resolver = BotocoreCredentialsResolver(now=lambda: now + passed)
        first = await resolver.resolve()
        taken = len(calls)
        passed = timedelta(minutes=kept)
        assert await resolver.resolve() == first
        assert len(calls) == taken
        # Of long-lived ones botocore decides by its own clock, which has not moved on.
        if lifetime <= 15:
            passed += timedelta(minutes=1)
            assert (await resolver.resolve()).access_key_id != first.access_key_id


async def test_keys_are_kept_between_streams_and_fresh_on_demand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with numbered_keys(monkeypatch, timedelta(hours=1)):
        resolver = as_resolver()
        found = [await resolver.resolve() for _ in range(3)]
        assert {each.access_key_id for each in found} == {"ASIA1"}
        assert (await resolver.resolve(refresh=True)).access_key_id == "ASIA2"
        assert (await resolver.resolve()).access_key_id == "ASIA2"


@pytest.mark.parametrize("minutes", [2, 15])
async def test_a_process_that_gives_short_lived_keys_is_not_run_for_every_stream(
    minutes: int, tmp_path: Path
) -> None:
    answer = {"Version": 1, "AccessKeyId": "PROC", "SecretAccessKey": "p", "SessionToken": "t"}
    answer["Expiration"] = time_in(timedelta(minutes=minutes))
    script = executable(
        tmp_path / "process", f"echo run >> {tmp_path}/runs; echo '{json.dumps(answer)}'"
    )
    write_config(f"[profile p]\ncredential_process = {script}\n")

    def runs() -> int:
        return len((tmp_path / "runs").read_text().split())

    for resolver in (as_resolver(profile="p"), as_resolver(botocore.session.Session(profile="p"))):
        await resolver.resolve()
        first = runs()
        for _ in range(5):
            await resolver.resolve()
        assert runs() == first


EXPIRED = {
    "AWS_ACCESS_KEY_ID": "AKIA",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_CREDENTIAL_EXPIRATION": "2026-01-31T12:00:00+02:00",
}


@pytest.mark.parametrize("given", [False, True], ids=["chain", "session"])
async def test_keys_of_the_environment_that_have_expired_are_named_with_the_way_to_new_ones(
    given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in EXPIRED.items():
        monkeypatch.setenv(name, value)
    resolver = as_resolver(botocore.session.Session() if given else None)
    with pytest.raises(CredentialsError) as caught:
        await resolver.resolve()
    said = str(caught.value)
    assert said.startswith(
        "The AWS keys in the environment expired at 2026-01-31 10:00:00 UTC "
        "(AWS_CREDENTIAL_EXPIRATION). Export new ones"
    )
    assert "aws configure export-credentials --format env" in said
    assert "RuntimeError" not in said
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", time_in(timedelta(hours=1)))
    assert keys(await as_resolver().resolve()) == ("AKIA", "secret", "token")


@pytest.mark.parametrize("written", ["tomorrow", "2026-01-31T12:00:00", "12"])
async def test_an_expiration_that_is_no_time_is_named(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in EXPIRED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", written)
    with pytest.raises(CredentialsError, match="AWS_CREDENTIAL_EXPIRATION is not a date") as caught:
        await as_resolver().resolve()
    assert "2026-01-31T12:00:00Z" in str(caught.value)


async def test_a_process_that_gives_expired_keys_is_named(tmp_path: Path) -> None:
    answer = {"Version": 1, "AccessKeyId": "PROC", "SecretAccessKey": "p", "SessionToken": "t"}
    answer["Expiration"] = "2026-01-31T10:00:00Z"
    script = executable(tmp_path / "process", f"echo '{json.dumps(answer)}'")
    write_config(f"[profile p]\ncredential_process = {script}\n")
    with pytest.raises(CredentialsError) as caught:
        await as_resolver(profile="p").resolve()
    assert "credentials from custom-process expired at 2026-01-31 10:00:00 UTC" in str(caught.value)


async def test_a_file_that_another_tool_renews_is_read_again_on_demand() -> None:
    write_config("[default]\naws_access_key_id = OLD\naws_secret_access_key = x\n")
    resolver = as_resolver()
    assert (await resolver.resolve()).access_key_id == "OLD"
    write_config("[default]\naws_access_key_id = NEW\naws_secret_access_key = x\n")
    assert (await resolver.resolve()).access_key_id == "OLD"
    assert (await resolver.resolve(refresh=True)).access_key_id == "NEW"


async def test_the_keys_of_a_users_session_are_refreshed_on_demand() -> None:
    made = 0

    def renew() -> dict[str, str]:
        nonlocal made
        made += 1
        return {
            "access_key": f"K{made}",
            "secret_key": "s",
            "token": "t",
            "expiry_time": time_in(timedelta(hours=1)),
        }

    session = botocore.session.Session()
    refreshable = botocore.credentials.RefreshableCredentials.create_from_metadata(
        renew(), renew, "custom"
    )
    session._credentials = refreshable
    resolver = as_resolver(session)
    assert (await resolver.resolve()).access_key_id == "K1"
    assert (await resolver.resolve()).access_key_id == "K1"
    assert (await resolver.resolve(refresh=True)).access_key_id == "K2"


async def test_callers_at_the_same_time_share_one_resolution(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with numbered_keys(monkeypatch, timedelta(minutes=5)) as calls:
        resolver = as_resolver()
        found = await asyncio.gather(*(resolver.resolve() for _ in range(20)))
        assert len({each.access_key_id for each in found}) == 1
        assert len(calls) <= 2


# Deadlines


async def test_clients_whose_chain_reads_the_same_share_it_while_it_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So 200 clients that connect at once start no 200 threads."""
    write_config("[default]\naws_access_key_id = OLD\naws_secret_access_key = s\n")
    first, second = as_resolver(), as_resolver()
    assert keys(await first.resolve()) == ("OLD", "s", None)
    write_config("[default]\naws_access_key_id = NEW\naws_secret_access_key = s\n")
    assert keys(await second.resolve()) == ("OLD", "s", None)
    monkeypatch.setenv("AWS_PROFILE", "default")
    assert keys(await as_resolver().resolve()) == ("NEW", "s", None)


async def test_keys_without_an_expiry_are_looked_up_again_after_a_minute() -> None:
    now = 1000.0
    resolver = BotocoreCredentialsResolver(clock=lambda: now)
    write_config("[default]\naws_access_key_id = OLD\naws_secret_access_key = s\n")
    assert keys(await resolver.resolve()) == ("OLD", "s", None)
    write_config("[default]\naws_access_key_id = NEW\naws_secret_access_key = s\n")
    now += 59
    assert keys(await resolver.resolve()) == ("OLD", "s", None)
    now += 1
    assert keys(await resolver.resolve()) == ("NEW", "s", None)


async def test_no_credentials_are_named_at_once() -> None:
    started = time.monotonic()
    with pytest.raises(CredentialsError, match="No AWS credentials were found") as caught:
        await as_resolver().resolve()
    assert time.monotonic() - started < 2
    assert "pass credentials= to the service or client" in str(caught.value)


@contextmanager
def silent_service() -> Iterator[str]:
    """Accepts connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


async def test_no_credentials_are_named_within_two_seconds_though_the_metadata_service_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with silent_service() as url:
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
        started = time.monotonic()
        with pytest.raises(CredentialsError, match="No AWS credentials were found"):
            await as_resolver().resolve()
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("where", ["environment", "profile"])
async def test_the_users_own_patience_with_the_metadata_service_counts(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the user's 5 s the deadline passes first; with ours, made shorter, it would not."""
    monkeypatch.setattr(botocore_credentials, "METADATA_TIMEOUT", 0.05)
    if where == "environment":
        monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "5")
    else:
        write_config("[default]\nmetadata_service_timeout = 5\n")
    with silent_service() as url:
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
        with pytest.raises(CredentialsError, match=r"not resolved within 0\.5 s"):
            await as_resolver(timeout=0.5).resolve()


class Slow:
    """A session that takes its time, until it is let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.is_asked = threading.Event()
        self.go_on = threading.Event()

    def get_credentials(self) -> botocore.credentials.Credentials:
        self.calls += 1
        self.is_asked.set()
        self.go_on.wait(10)
        return botocore.credentials.Credentials("SLOW", "s")


async def test_a_resolution_that_is_given_up_is_joined_by_the_next_caller() -> None:
    """No second thread while the first one still hangs; its result is used when it comes."""
    slow = Slow()
    resolver = as_resolver(slow, timeout=0.05)
    for _ in range(3):
        with pytest.raises(CredentialsError, match=r"within 0\.05 s"):
            await resolver.resolve()
    assert (slow.calls, len(_threads())) == (1, 1)
    resolving = asyncio.create_task(resolver.resolve())
    await asyncio.sleep(0)
    slow.go_on.set()
    assert (await resolving).access_key_id == "SLOW"


async def test_the_event_loop_runs_on_meanwhile_and_a_cancelled_caller_harms_nobody() -> None:
    slow = Slow()
    resolver = as_resolver(slow)
    one, two = (asyncio.create_task(resolver.resolve()) for _ in range(2))
    assert await asyncio.to_thread(slow.is_asked.wait, 10)
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    slow.go_on.set()
    assert (await two).access_key_id == "SLOW"
    assert one.cancelled()


def test_a_resolver_serves_one_event_loop_after_another() -> None:
    slow = Slow()
    resolver = as_resolver(slow, timeout=0.05)
    with pytest.raises(CredentialsError):
        asyncio.run(resolver.resolve())
    slow.go_on.set()
    assert asyncio.run(resolver.resolve()).access_key_id == "SLOW"

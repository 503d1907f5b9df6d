# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The AWS SDK between us and the wire: its options work, and its failures come out at once."""

import asyncio
import logging
import time
from typing import Any

import pytest
from smithy_aws_core.identity import AWSCredentialsIdentity
from smithy_core.interceptors import Interceptor

from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ConnectError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.transport import StreamOpener, TransportConfig

from .bare_peer import BarePeer
from .conftest import (
    SECRETS,
    Authority,
    BareStart,
    EmulatorStart,
    credentials_of,
    known_credentials,
    opener_for,
    request_to,
)

NOWHERE = "https://127.0.0.1:1"


async def accept(peer: BarePeer) -> None:
    await peer.request()
    peer.respond()


async def failure_of(opener: StreamOpener, url: str = NOWHERE) -> SageMakerDeepgramError:
    """The error of opening a stream, which must come before any deadline."""
    started = time.monotonic()
    with pytest.raises(SageMakerDeepgramError) as caught:
        await opener.open(request_to(url), known_credentials())
    assert time.monotonic() - started < 5
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return caught.value


def opener(authority: Authority, **sdk_config: Any) -> StreamOpener:
    return StreamOpener(authority.client_context(), TransportConfig(sdk_config=sdk_config))


async def test_a_field_of_the_sdks_configuration_can_be_set(
    bare_server: BareStart, authority: Authority
) -> None:
    async with bare_server(accept) as server:
        opening = opener(authority, user_agent_extra="bot/1.0", sdk_ua_app_id="my-app")
        stream = await opening.open(request_to(server.url), known_credentials())
        await stream.close(timeout=1)
        agent = server.peers[0].request_headers["user-agent"]
        assert "bot/1.0" in agent
        assert "app/my-app" in agent


async def test_the_request_is_the_operations(bare_server: BareStart, authority: Authority) -> None:
    async with bare_server(accept) as server:
        request = request_to(server.url, invocation_path="v1/listen", query_string="model=nova-3")
        stream = await opener(authority).open(request, known_credentials())
        await stream.close(timeout=1)
        headers = server.peers[0].request_headers
        path = "/endpoints/deepgram/invocations-bidirectional-stream"
        assert headers[":path"].rstrip("?") == path
        assert headers[":method"] == "POST"
        assert headers[":authority"] == f"127.0.0.1:{server.port}"
        assert headers["content-type"] == "application/vnd.amazon.eventstream"
        assert headers["x-amzn-sagemaker-model-invocation-path"] == "v1/listen"
        assert headers["x-amzn-sagemaker-model-query-string"] == "model=nova-3"
        assert headers["x-amz-security-token"] == known_credentials().session_token
        assert "x-amzn-sagemaker-target-variant" not in headers


class Resolver:
    """The SDK's kind of resolver; gives another identity each time."""

    def __init__(self, *identities: AWSCredentialsIdentity) -> None:
        self._identities = list(identities)

    async def get_identity(self, *, properties: Any) -> AWSCredentialsIdentity:
        return self._identities.pop(0)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Resolver":
        return self


async def test_an_identity_resolver_of_the_sdk_is_asked_once_for_a_stream(
    emulator: EmulatorStart,
) -> None:
    """Its identity signs the request and every event; the emulator verifies both."""
    async with emulator() as running:
        right = credentials_of(running)
        resolver = Resolver(
            AWSCredentialsIdentity(
                access_key_id=right.access_key_id, secret_access_key=right.secret_access_key
            )
        )
        opening = opener_for(running, sdk_config={"aws_credentials_identity_resolver": resolver})
        stream = await opening.open(request_to(running.endpoint_url), known_credentials())
        for _ in range(2):
            await stream.send(b"signed")
            assert await stream.receive() == b"signed"
        await stream.close(timeout=1)


async def test_region_and_endpoint_of_the_sdk_go_before_the_requests(
    emulator: EmulatorStart,
) -> None:
    async with emulator(region="eu-west-1") as running:
        overrides = {"region": "eu-west-1", "endpoint_uri": running.endpoint_url}
        opening = opener_for(running, sdk_config=overrides)
        stream = await opening.open(request_to(NOWHERE), credentials_of(running))
        await stream.send(b"signed")
        assert await stream.receive() == b"signed"
        await stream.close(timeout=1)


async def test_an_unknown_field_is_refused_by_name(authority: Authority) -> None:
    error = await failure_of(opener(authority, no_such_field=1))
    assert isinstance(error, ConfigurationError)
    assert "no_such_field" in str(error)


# Failures before the request is sent, of which the SDK tells nobody


class Failing(Interceptor[Any, Any, Any, Any]):
    """Fails at one of the SDK's hooks."""

    def __init__(self, hook: str) -> None:
        setattr(self, hook, self._fail)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Failing":
        return self

    def _fail(self, context: Any) -> None:
        raise LookupError("unforeseen")


@pytest.mark.parametrize(
    "hook",
    [
        "read_before_execution",
        "modify_before_serialization",
        "read_after_serialization",
        "read_before_attempt",
        "modify_before_signing",
        "read_after_signing",
        "read_before_transmit",
    ],
)
async def test_a_failure_before_the_sending_comes_out_at_once(
    hook: str, authority: Authority
) -> None:
    error = await failure_of(opener(authority, interceptors=[Failing(hook)]))
    assert isinstance(error, ConnectError)
    assert "LookupError" in str(error) or "unforeseen" in str(error)


@pytest.mark.parametrize("hook", ["read_after_transmit", "read_after_deserialization"])
async def test_a_failure_after_the_answer_comes_out_at_once(
    hook: str, bare_server: BareStart, authority: Authority
) -> None:
    async with bare_server(accept) as server:
        opening = opener(authority, interceptors=[Failing(hook)])
        started = time.monotonic()
        with pytest.raises(ConnectError, match="unforeseen"):
            await opening.open(request_to(server.url), known_credentials())
        assert time.monotonic() - started < 5
        peer = server.peers[0]
        await peer.until(lambda: peer.is_lost)


class Refusing:
    """An identity resolver of the SDK's kind that fails, or never ends."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __deepcopy__(self, memo: dict[int, Any]) -> "Refusing":
        return self

    async def get_identity(self, *, properties: Any) -> AWSCredentialsIdentity:
        raise self._error


@pytest.mark.parametrize("error", [RuntimeError("no identity"), asyncio.CancelledError()])
async def test_an_identity_that_cannot_be_had_comes_out_at_once(
    error: BaseException, authority: Authority
) -> None:
    opening = opener(authority, aws_credentials_identity_resolver=Refusing(error))
    assert isinstance(await failure_of(opening), ConnectError)


class Unsigned:
    """An auth scheme resolver that asks for none."""

    def resolve_auth_scheme(self, auth_parameters: Any) -> list[Any]:
        return []


async def test_a_request_that_was_not_signed_is_a_configuration_error(
    authority: Authority,
) -> None:
    error = await failure_of(opener(authority, auth_scheme_resolver=Unsigned()))
    assert isinstance(error, SageMakerDeepgramError)


async def test_an_error_of_ours_has_no_circle_of_causes(authority: Authority) -> None:
    error: BaseException | None = await failure_of(opener(authority))
    assert isinstance(error, ConnectError)
    seen: list[int] = []
    while error is not None:
        assert id(error) not in seen
        seen.append(id(error))
        error = error.__cause__ or error.__context__


async def test_no_secret_is_in_any_log_line_of_the_sdk_and_its_libraries(
    bare_server: BareStart, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even in those of level DEBUG, which print requests, nor in those of h2 and hpack."""
    caplog.set_level(logging.DEBUG)
    async with bare_server(accept) as server:
        stream = await opener(authority).open(request_to(server.url), known_credentials())
        await stream.send(b"x")
        await stream.close(timeout=1)
    # What hpack decodes here, the peer in this process has received.
    sent = [each for each in caplog.records if not each.funcName.startswith(("decode", "_decode"))]
    text = "\n".join(each.getMessage() for each in sent)
    assert "Sending request" in text
    assert "SENSITIVE_REDACTED" in text
    for secret in SECRETS[1:]:
        assert secret not in text

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""No key is in a ``repr``, an error, a log line or the environment.

Errors are logged as Pipecat's users log them: by loguru, which by default prints the values of the
variables of every frame of a traceback.
"""

import gc
import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger
from smithy_core.interceptors import Interceptor

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.transport import (
    StaticCredentialsResolver,
    StreamOpener,
    TransportConfig,
    as_resolver,
)
from pipecat_sagemaker_deepgram.transport.signing import EventSigner

from .bare_peer import BarePeer
from .conftest import SECRETS, Authority, BareStart, known_credentials, request_to
from .credential_services import stand_in


@pytest.fixture
def printed(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What loguru prints, with variables, and what standard logging gets from INFO on."""
    lines: list[str] = []
    sink = logger.add(
        lines.append, level="TRACE", backtrace=True, diagnose=True, format="{message}"
    )
    caplog.set_level(logging.INFO)
    yield lines
    logger.remove(sink)


def check(lines: list[str], caplog: pytest.LogCaptureFixture, secrets: tuple[str, ...]) -> None:
    text = "".join(lines) + caplog.text
    for secret in secrets:
        assert secret not in text
    for name, value in os.environ.items():
        assert not any(secret in value for secret in secrets), name


def describe(error: SageMakerDeepgramError) -> None:
    """Log an error in every way that comes to mind."""
    logger.opt(exception=error).error(f"{error} {error!r} {vars(error)}")
    logging.getLogger("app").error("failed", exc_info=error)


async def refuse(peer: BarePeer) -> None:
    await peer.request()
    peer.respond(403, (("x-amzn-errortype", "AccessDeniedException"),))
    peer.send(b"{}")
    peer.end()


class Failing(Interceptor[Any, Any, Any, Any]):
    """Fails at a hook, with the SDK's request and identity in the frames around it."""

    def __init__(self, hook: str) -> None:
        setattr(self, hook, self._fail)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Failing":
        return self

    def _fail(self, context: Any) -> None:
        raise LookupError(f"unforeseen with {context!r}")


@pytest.mark.parametrize(
    "hook", ["none", "read_before_signing", "read_after_signing", "read_before_transmit"]
)
async def test_no_key_is_in_the_error_of_a_stream_that_cannot_be_opened(
    hook: str,
    bare_server: BareStart,
    authority: Authority,
    printed: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    interceptors = [] if hook == "none" else [Failing(hook)]
    config = TransportConfig(sdk_config={"interceptors": interceptors})
    async with bare_server(refuse) as server:
        opener = StreamOpener(authority.client_context(), config)
        with pytest.raises(SageMakerDeepgramError) as caught:
            await opener.open(request_to(server.url), known_credentials())
        describe(caught.value)
    assert "failed" in caplog.text
    check(printed, caplog, SECRETS)


async def test_no_key_is_in_what_an_open_stream_shows(
    bare_server: BareStart,
    authority: Authority,
    printed: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its own ``repr`` and that of all our objects behind it, and its errors."""

    async def accept(peer: BarePeer) -> None:
        await peer.request()
        peer.respond()
        await peer.received(1)
        peer.drop()

    async with bare_server(accept) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        stream = await opener.open(request_to(server.url), known_credentials())
        ours = [
            each
            for each in gc.get_objects()
            if str(type(each).__module__).startswith("pipecat_sagemaker_deepgram.transport")
        ]
        assert any(isinstance(each, EventSigner) for each in ours)
        logger.info(" ".join(repr(each) for each in ours))
        await stream.send(b"x")
        with pytest.raises(SageMakerDeepgramError) as caught:
            await stream.receive()
        describe(caught.value)
        await stream.close(timeout=1)
    check(printed, caplog, SECRETS)


def test_no_key_is_in_the_text_of_credentials_and_resolvers() -> None:
    credentials = known_credentials()
    shown = f"{credentials!r} {credentials} {StaticCredentialsResolver(credentials)!r}"
    assert not any(secret in shown for secret in SECRETS)
    assert "source='explicit'" in shown


MALFORMED = '{"Version": 1, "SecretAccessKey": "secretofthetest", "Access'


async def test_no_key_is_in_the_error_of_a_process_that_prints_nonsense(
    tmp_path: Path, printed: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    script = tmp_path / "process"
    script.write_text(f"#!/bin/sh\necho '{MALFORMED}'\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(f"[profile p]\ncredential_process = {script}\n")
    with pytest.raises(SageMakerDeepgramError) as caught:
        await as_resolver(profile="p").resolve()
    describe(caught.value)
    check(printed, caplog, SECRETS)


WHOLE = {
    "AccessKeyId": "AKIDOFTHETEST",
    "SecretAccessKey": "secretofthetest",
    "Token": "tokenofthetest",
    "Expiration": "nonsense",
}
NONSENSE = {
    "cut": MALFORMED,
    "incomplete": json.dumps({key: WHOLE[key] for key in ("AccessKeyId", "SecretAccessKey")}),
    "undated": json.dumps(WHOLE),
}


@pytest.mark.parametrize("kind", NONSENSE)
async def test_no_key_is_in_the_error_of_a_service_that_answers_nonsense(
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    printed: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.SLEEP_TIME", 0)
    with stand_in(lambda _: (200, NONSENSE[kind])) as service:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", service.url)
        with pytest.raises(SageMakerDeepgramError) as caught:
            await as_resolver().resolve()
        describe(caught.value)
    check(printed, caplog, SECRETS)


async def test_no_key_goes_to_the_environment(
    monkeypatch: pytest.MonkeyPatch, printed: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = dict(os.environ)
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(
        "[default]\naws_access_key_id = AKIDOFTHETEST\n"
        "aws_secret_access_key = secretofthetest\naws_session_token = tokenofthetest\n"
    )
    found = await as_resolver().resolve()
    assert found.secret_access_key == "secretofthetest"
    logger.info(f"{found}")
    assert dict(os.environ) == before
    check(printed, caplog, SECRETS)

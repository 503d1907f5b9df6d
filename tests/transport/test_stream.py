# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Opening and using one stream through the AWS SDK, on real sockets, with every fault."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.classify import FailureKind, classify
from pipecat_sagemaker_deepgram.emulator import EmulatorCredentials, SageMakerEmulator
from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ClosedError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    EventStreamError,
    ModelStreamError,
    ModelUnavailableError,
    ProxyError,
    RejectedError,
    SageMakerDeepgramError,
    StreamError,
    StreamLostError,
    StreamResetError,
    StreamStalledError,
    ThrottledError,
)
from pipecat_sagemaker_deepgram.transport import (
    Credentials,
    SageMakerStream,
    StreamOpener,
    TransportConfig,
    aws,
    client_context,
)

from .bare_peer import BarePeer
from .conftest import (
    Authority,
    BareStart,
    EmulatorStart,
    credentials_of,
    known_credentials,
    opener_for,
    request_to,
)
from .connect_proxy import proxy


async def open_stream(
    emulator: SageMakerEmulator, *, credentials: Credentials | None = None, **fields: object
) -> SageMakerStream:
    return await opener_for(emulator, **fields).open(
        request_to(emulator.endpoint_url), credentials or credentials_of(emulator)
    )


@asynccontextmanager
async def opened(emulator: SageMakerEmulator, **fields: Any) -> AsyncIterator[SageMakerStream]:
    stream = await open_stream(emulator, **fields)
    try:
        yield stream
    finally:
        await stream.close(timeout=1)


async def test_messages_go_there_and_back_in_their_types(emulator: EmulatorStart) -> None:
    async with emulator() as running, opened(running) as stream:
        assert stream.identity.production_variant == "AllTraffic"
        assert stream.identity.request_id == running.streams[0].request_id
        await stream.send(b"\x00\x01")
        await stream.send("grüezi".encode(), is_text=True)
        await stream.send(b"")
        assert await stream.receive() == b"\x00\x01"
        assert await stream.receive() == "grüezi"
        assert await stream.receive() == b""
        await stream.end_input()
        assert await stream.receive() is None
        assert await stream.receive() is None
        await stream.end_input()
        with pytest.raises(ClosedError):
            await stream.send(b"x")


async def test_the_request_reaches_the_container_as_it_was_given(emulator: EmulatorStart) -> None:
    async with emulator() as running:
        opener = opener_for(running)
        request = request_to(
            running.endpoint_url,
            invocation_path="v1/listen",
            query_string="model=nova-3&keyterm=caf%C3%A9%20au%20lait",
            target_variant="blue",
        )
        stream = await opener.open(request, credentials_of(running))
        await stream.close(timeout=1)
        record = running.streams[0]
        assert record.path == "v1/listen"
        assert record.query == "model=nova-3&keyterm=caf%C3%A9%20au%20lait"
        assert record.variant == "blue"
        assert stream.identity.production_variant == "blue"


async def test_temporary_credentials_sign_with_their_token(emulator: EmulatorStart) -> None:
    accepted = EmulatorCredentials("ASIATEST", "secret", "token")
    async with emulator(credentials=accepted) as running, opened(running) as stream:
        await stream.send(b"signed")
        assert await stream.receive() == b"signed"


async def test_many_senders_at_once_keep_the_chain_of_signatures(emulator: EmulatorStart) -> None:
    """The emulator verifies every signature; a small window makes the senders wait."""
    async with emulator("fragment=900@seconds=0") as running, opened(running) as stream:
        messages = [bytes((n,)) * 4000 for n in range(60)]

        async def read() -> list[str | bytes | None]:
            return [await stream.receive() for _ in messages]

        reading = asyncio.create_task(read())
        await asyncio.gather(*(stream.send(each) for each in messages))
        assert await reading == messages


async def test_fragments_are_joined_inside_characters_too(emulator: EmulatorStart) -> None:
    text = "déjà vu €" * 20
    faults = "fragment=7:inside-characters@seconds=0"
    async with emulator(faults) as running, opened(running) as stream:
        await stream.send(text.encode(), is_text=True)
        assert await stream.receive() == text


# Faults at connect, each seen by one open()

SOON = 5.0
AT_CONNECT = [
    ("refuse-connection", ConnectError, FailureKind.CONNECTIVITY, True, SOON),
    ("stall-tls", ConnectTimeoutError, FailureKind.TIMEOUT, True, SOON),
    ("never-answer", ConnectTimeoutError, FailureKind.TIMEOUT, True, SOON),
    ("goaway@connect", StreamResetError, FailureKind.CONNECTIVITY, True, SOON),
    ("refuse=400:ThrottlingException", ThrottledError, FailureKind.THROTTLED, True, SOON),
    ("refuse=429", ThrottledError, FailureKind.THROTTLED, True, SOON),
    ("refuse=500", RejectedError, FailureKind.SERVER, True, SOON),
    ("refuse=503", RejectedError, FailureKind.SERVER, True, SOON),
    ("refuse=424", ModelUnavailableError, FailureKind.UNAVAILABLE_MODEL, True, SOON),
    ("refuse=408:RequestTimeout", RejectedError, FailureKind.TIMEOUT, True, SOON),
    ("refuse=403:ExpiredTokenException", RejectedError, FailureKind.CREDENTIALS, True, SOON),
    ("refuse=403:AccessDeniedException", RejectedError, FailureKind.REJECTED, False, SOON),
    ("refuse=400:ValidationException", RejectedError, FailureKind.REJECTED, False, SOON),
    ("refuse=404", RejectedError, FailureKind.REJECTED, False, SOON),
]


@pytest.mark.parametrize(("fault", "kind", "failure", "is_retryable", "limit"), AT_CONNECT)
async def test_a_fault_at_connect_is_one_clear_error(
    fault: str,
    kind: type[SageMakerDeepgramError],
    failure: FailureKind,
    is_retryable: bool,
    limit: float,
    emulator: EmulatorStart,
    record_property: Callable[[str, object], None],
) -> None:
    """With deadlines of 0.3 s; at once where nothing has to be waited for."""
    async with emulator(fault) as running:
        started = time.monotonic()
        with pytest.raises(kind) as caught:
            await open_stream(running, connection_timeout=0.3, subscription_timeout=0.3)
        took = time.monotonic() - started
        record_property("seconds", took)
        assert took < limit
        assert type(caught.value) is kind
        assert caught.value.identity is not None
        assert caught.value.identity.url == running.endpoint_url
        assert "endpoint deepgram" in str(caught.value)
        classification = classify(caught.value)
        assert (classification.kind, classification.is_retryable) == (failure, is_retryable)
        async with opened(running) as stream:
            await stream.send(b"next")
            assert await stream.receive() == b"next"


async def test_a_refusal_keeps_the_request_id_and_the_service_s_words(
    emulator: EmulatorStart,
) -> None:
    fault = "refuse=403:AccessDeniedException:User is not authorized"
    async with emulator(fault) as running:
        with pytest.raises(RejectedError) as caught:
            await open_stream(running)
        error = caught.value
        assert (error.status_code, error.code) == (403, "AccessDeniedException")
        assert error.identity is not None
        assert error.identity.request_id
        assert "User is not authorized" in str(error)
        assert error.__cause__ is None


async def test_an_answer_that_comes_late_but_in_time_opens_the_stream(
    emulator: EmulatorStart,
) -> None:
    async with emulator("late=0.3") as running, opened(running, subscription_timeout=5) as stream:
        await stream.send(b"x")
        assert await stream.receive() == b"x"


async def test_an_untrusted_certificate_is_refused_at_once(emulator: EmulatorStart) -> None:
    async with emulator() as running:
        opener = StreamOpener(client_context(None), TransportConfig())
        started = time.monotonic()
        with pytest.raises(CertificateError, match="ca_bundle") as caught:
            await opener.open(request_to(running.endpoint_url), credentials_of(running))
        assert time.monotonic() - started < SOON
        assert not classify(caught.value).is_retryable


async def test_an_unknown_endpoint_is_refused_at_once(emulator: EmulatorStart) -> None:
    async with emulator(endpoint_names=["other"]) as running:
        with pytest.raises(RejectedError, match="ValidationException") as caught:
            await open_stream(running)
        assert not classify(caught.value).is_retryable


async def test_expired_credentials_are_told_apart_from_wrong_ones(
    emulator: EmulatorStart,
) -> None:
    async with emulator(credentials=EmulatorCredentials("AK", "s", expired=True)) as running:
        with pytest.raises(RejectedError, match="ExpiredTokenException") as caught:
            await open_stream(running)
        assert classify(caught.value).needs_fresh_credentials
    async with emulator(credentials=EmulatorCredentials("AK", "s")) as running:
        wrong = Credentials(access_key_id="AK", secret_access_key="other")
        with pytest.raises(RejectedError, match="InvalidSignatureException") as caught:
            await open_stream(running, credentials=wrong)
        assert not classify(caught.value).is_retryable


async def test_a_closed_port_and_an_unknown_name_are_connect_errors(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = StreamOpener(authority.client_context(), TransportConfig())
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{reserved.getsockname()[1]}"
        with pytest.raises(ConnectError, match="refuses the connection"):
            await opener.open(request_to(url), known_credentials())

    async def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    with pytest.raises(ConnectError, match="cannot be resolved"):
        await opener.open(request_to("https://no.invalid:8443"), known_credentials())


async def test_an_error_answer_that_never_ends_is_not_waited_for(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await peer.request()
        peer.respond(503)
        peer.send(b'{"Message": "half')

    async with bare_server(script) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        started = time.monotonic()
        with pytest.raises(RejectedError, match="HTTP 503"):
            await opener.open(request_to(server.url), known_credentials())
        assert time.monotonic() - started < 4.5


@pytest.mark.parametrize(
    ("status", "header", "body", "kind"),
    [
        (429, ("x-amz-retry-after", "9" * 400), b"{}", ThrottledError),
        (429, ("retry-after", "9" * 5_000), b"{}", ThrottledError),
        (503, ("retry-after", "9" * 5_000), b"{}", RejectedError),
        (424, ("x-amzn-errortype", "ModelError"), b"[" * 10_000, ModelUnavailableError),
        (403, ("x-amzn-errortype", "x" * 5_000), b'{"Message":' + b"[" * 10_000, RejectedError),
    ],
)
async def test_an_error_answer_that_nobody_should_give_is_what_its_status_says(
    status: int,
    header: tuple[str, str],
    body: bytes,
    kind: type[RejectedError],
    bare_server: BareStart,
    authority: Authority,
) -> None:
    async def script(peer: BarePeer) -> None:
        await peer.request()
        peer.respond(status, (header,))
        peer.send(body)
        peer.end()

    async with bare_server(script) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        with pytest.raises(kind) as caught:
            await opener.open(request_to(server.url), known_credentials())
    assert caught.value.status_code == status
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize("how", ["ends with the request", "resets after the body"])
async def test_an_error_answer_keeps_its_text_however_it_ends(
    how: str, bare_server: BareStart, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "ERROR_BODY_TIMEOUT", 60.0)

    async def script(peer: BarePeer) -> None:
        await peer.request()
        peer.respond(400, (("x-amzn-errortype", "ValidationException"),))
        peer.send(b'{"message": "Endpoint not found"}')
        if how.startswith("ends"):
            await peer.until(lambda: peer.input_ended)
            peer.end()
        else:
            peer.reset()

    async with bare_server(script) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        started = time.monotonic()
        with pytest.raises(RejectedError, match="ValidationException: Endpoint not found"):
            await opener.open(request_to(server.url), known_credentials())
        assert time.monotonic() - started < 30


# Proxy


async def test_a_stream_goes_through_the_proxy_of_the_environment(
    emulator: EmulatorStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with emulator() as running, proxy() as there:
        monkeypatch.setenv("HTTPS_PROXY", there.url)
        async with opened(running) as stream:
            await stream.send(b"through")
            assert await stream.receive() == b"through"
        assert len(there.requests) == 1
        monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
        async with opened(running):
            assert len(there.requests) == 1


async def test_a_proxy_of_the_configuration_goes_before_the_environment(
    emulator: EmulatorStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with emulator() as running, proxy() as there:
        monkeypatch.setenv("HTTPS_PROXY", "http://no.invalid:1")
        async with opened(running, proxy=there.url):
            assert len(there.requests) == 1
        async with opened(running, proxy=""):
            assert len(there.requests) == 1


async def test_a_proxy_that_wants_a_password_is_a_clear_fatal_error(
    emulator: EmulatorStart,
) -> None:
    async with emulator() as running, proxy(b"HTTP/1.1 407 Auth\r\n\r\n") as there:
        with pytest.raises(ProxyError, match="HTTP 407") as caught:
            await open_stream(running, proxy=there.url)
        assert caught.value.identity is not None
        assert not classify(caught.value).is_retryable


# Faults on an open stream

ON_STREAM = [
    ("reset", StreamResetError),
    ("drop", StreamLostError),
    ("goaway=INTERNAL_ERROR", StreamResetError),
    ("model-stream-error=1011:gone", ModelStreamError),
    ("internal-stream-failure", ModelStreamError),
    ("error=InternalFailure:oops", ModelStreamError),
    ("bad-checksum", EventStreamError),
    ("cut=end", EventStreamError),
    ("cut=drop", StreamLostError),
]


@pytest.mark.parametrize(("fault", "kind"), ON_STREAM)
async def test_a_fault_on_the_stream_is_reported_at_once_as_what_it_is(
    fault: str, kind: type[StreamError], emulator: EmulatorStart
) -> None:
    async with emulator(f"{fault}@bytes=6") as running, opened(running) as stream:
        await stream.send(b"one")
        assert await stream.receive() == b"one"
        started = time.monotonic()
        with pytest.raises(kind) as caught:
            await asyncio.gather(stream.receive(), *(stream.send(b"two") for _ in range(3)))
        assert time.monotonic() - started < 5
        assert caught.value.identity == stream.identity
        assert classify(caught.value).is_retryable


async def test_a_peer_that_stops_reading_stalls_the_sender_and_no_longer_than_allowed(
    emulator: EmulatorStart,
) -> None:
    async with (
        emulator("stop-reading@seconds=0") as running,
        opened(running, send_timeout=0.2) as stream,
    ):
        with pytest.raises(StreamStalledError):
            await asyncio.wait_for(_send_on(stream), 5)
        with pytest.raises(StreamStalledError):
            await stream.receive()


async def _send_on(stream: SageMakerStream) -> None:
    while True:
        await stream.send(bytes(3200))


async def test_a_stream_that_the_endpoint_ends_is_an_end_for_the_reader(
    emulator: EmulatorStart,
) -> None:
    async with emulator("end@events=1") as running, opened(running) as stream:
        await stream.send(b"one")
        assert await stream.receive() == b"one"
        assert await stream.receive() is None
        await stream.end_input()
        with pytest.raises(StreamError):
            await stream.send(b"two")


async def test_a_send_that_is_cancelled_while_it_waits_ends_the_stream(
    bare_server: BareStart, authority: Authority
) -> None:
    """Its event was signed, so that the chain would have a gap."""

    async def script(peer: BarePeer) -> None:
        peer.is_acknowledging = False
        await peer.request()
        peer.respond()

    async with bare_server(script) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        stream = await opener.open(request_to(server.url), known_credentials())
        sending = asyncio.create_task(stream.send(bytes(100_000)))
        waiting = asyncio.create_task(stream.send(b"next"))
        await server.peers[0].received(60_000)
        sending.cancel()
        outcomes = await asyncio.gather(sending, waiting, return_exceptions=True)
        assert isinstance(outcomes[0], asyncio.CancelledError)
        assert isinstance(outcomes[1], StreamLostError)
        await stream.close(timeout=1)


async def test_a_send_that_is_cancelled_before_its_turn_harms_nothing(
    emulator: EmulatorStart,
) -> None:
    async with emulator() as running, opened(running) as stream:
        async with stream._publisher._lock:
            waiting = asyncio.create_task(stream.send(b"never"))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        await stream.send(b"fine")
        assert await stream.receive() == b"fine"


async def test_a_closed_stream_says_that_it_is_closed(emulator: EmulatorStart) -> None:
    async with emulator() as running:
        stream = await open_stream(running)
        waiting = asyncio.create_task(stream.receive())
        await asyncio.sleep(0)
        await stream.close(timeout=1)
        for attempt in (waiting, stream.receive(), stream.send(b"x"), stream.end_input()):
            with pytest.raises(ClosedError):
                await attempt


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("connection_timeout", 0),
        ("connection_timeout", -1),
        ("subscription_timeout", float("nan")),
        ("send_timeout", float("inf")),
        ("ping_interval", 0),
        ("ping_timeout", -0.1),
    ],
)
def test_a_time_that_is_none_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=field):
        TransportConfig(**{field: value})


@pytest.mark.parametrize("field", ["transport", "aws_access_key_id", "aws_session_token"])
def test_sdk_config_refuses_what_it_cannot_set(field: str) -> None:
    with pytest.raises(ConfigurationError, match=f"sdk_config cannot set {field}"):
        TransportConfig(sdk_config={field: "x"})


def test_a_proxy_that_is_none_is_refused_at_construction_and_never_shown() -> None:
    with pytest.raises(ConfigurationError, match="proxy"):
        TransportConfig(proxy="socks5://me:hunter2@proxy")
    assert "hunter2" not in repr(TransportConfig(proxy="http://me:hunter2@proxy"))

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Faults on a stage of real sockets, and what the doctor calls each."""

import asyncio
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from pipecat_sagemaker_deepgram.container import FluxOptions, marked_audio
from pipecat_sagemaker_deepgram.doctor import Check, Problem, Status, diagnose, gather
from pipecat_sagemaker_deepgram.emulator import (
    ControlPlane,
    EmulatorCredentials,
    EmulatorSettings,
    EndpointVariant,
)
from pipecat_sagemaker_deepgram.emulator.api.control_plane import INVOKE_ACTION

from .theatre import (
    KEYS,
    Change,
    Theatre,
    closed_port,
    credentials,
    finding,
    full_port,
    problems,
    theatre,
    visit,
)

SILENCE = bytes(32_000)
BRIEF = 2.0
"""Seconds to wait for what never comes."""


@dataclass(frozen=True)
class Case:
    """A fault, and what the doctor shall call it."""

    name: str
    problems: Mapping[Check, Problem]
    options: Mapping[str, Any] = field(default_factory=dict)
    change: Change | None = None


def case(
    name: str, check: Check, problem: Problem, change: Change | None = None, **options: Any
) -> Case:
    return Case(name, {check: problem}, options, change)


# Changes that take more than an option


def no_credentials(stage: Theatre) -> None:
    stage.want(credentials=None)


def expired_by_its_own_date(stage: Theatre) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    stage.want(credentials=credentials(KEYS, expires_at=yesterday))


def expired_at_aws(stage: Theatre) -> None:
    stage.account.rotate_credentials()
    stage.runtime.rotate_credentials()


def expired_and_sts_out_of_reach(stage: Theatre) -> None:
    expired_at_aws(stage)
    leave_account(stage)


def leave_account(stage: Theatre) -> None:
    for service in ("SAGEMAKER", "STS", "IAM"):
        url = f"https://127.0.0.1:{closed_port(stage.stack)}"
        stage.monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)


def unknown_key(stage: Theatre) -> None:
    stage.want(credentials=credentials(EmulatorCredentials("AKIAOFSOMEBODY12", "secret")))


def wrong_secret(stage: Theatre) -> None:
    stage.want(credentials=credentials(EmulatorCredentials(KEYS.access_key_id, "wrong")))


def no_region(stage: Theatre) -> None:
    stage.want(region=None, endpoint_url=None)


def region_of_another_url(stage: Theatre) -> None:
    stage.want(endpoint_url="https://runtime.sagemaker.eu-west-1.amazonaws.com:8443")
    stage.monkeypatch.setattr(socket, "getaddrinfo", no_such_name)


def no_such_name(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def another_name(stage: Theatre) -> None:
    stage.want(endpoint_name="other")


def name_that_is_none(stage: Theatre) -> None:
    stage.want(endpoint_url=f"https://{'a' * 64}.invalid:8443")


def silent_name_server(stage: Theatre) -> None:
    stage.want(endpoint_url="https://slow.invalid:8443")
    real, is_over = socket.getaddrinfo, threading.Event()
    stage.stack.callback(is_over.set)

    def look_up(host: str, *arguments: Any, **options: Any) -> Any:
        if host == "slow.invalid":
            is_over.wait(20)
        return real(host if host != "slow.invalid" else "127.0.0.1", *arguments, **options)

    stage.monkeypatch.setattr(socket, "getaddrinfo", look_up)


def nobody_listens(stage: Theatre) -> None:
    stage.use_port(closed_port(stage.stack))


def firewall(stage: Theatre) -> None:
    stage.use_port(full_port(stage.stack))


def untrusted(stage: Theatre) -> None:
    stage.trust(stage.account.ca_bundle)


async def only_http1(stage: Theatre) -> None:
    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    context = stage.server_context()
    context.set_alpn_protocols(["http/1.1"])
    server = await asyncio.start_server(close, "127.0.0.1", 0, ssl=context)
    await stage.stack.enter_async_context(server)
    stage.use_port(server.sockets[0].getsockname()[1])


async def no_tls(stage: Theatre) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    await stage.stack.enter_async_context(server)
    stage.use_port(server.sockets[0].getsockname()[1])


async def proxy_that_refuses(stage: Theatre) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    await stage.stack.enter_async_context(server)
    port = server.sockets[0].getsockname()[1]
    stage.monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    stage.monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    url = stage.runtime.endpoint_url
    stage.want(endpoint_url=url.replace("127.0.0.1", "localhost"))


def silent_recording(stage: Theatre) -> None:
    stage.want(audio=SILENCE)


def plane(**fields: Any) -> ControlPlane:
    return ControlPlane(**fields)


NOT_ALLOWED = plane(denied=frozenset({INVOKE_ACTION}))
NO_READING = plane(denied=frozenset({"sagemaker:DescribeEndpoint", "iam:SimulatePrincipalPolicy"}))

CASES = [
    Case("all in order", {}),
    Case("only the stream is allowed", {}, {"plane": NO_READING}),
    Case("the control plane is out of reach", {}, {}, leave_account),
    case("no credentials", Check.CREDENTIALS, Problem.CREDENTIALS_MISSING, no_credentials),
    case(
        "credentials past their date",
        Check.CREDENTIALS,
        Problem.CREDENTIALS_EXPIRED,
        expired_by_its_own_date,
    ),
    case(
        "credentials that AWS calls expired",
        Check.CREDENTIALS,
        Problem.CREDENTIALS_EXPIRED,
        expired_at_aws,
    ),
    case(
        "expired, and only SageMaker Runtime to say so",
        Check.CREDENTIALS,
        Problem.CREDENTIALS_EXPIRED,
        expired_and_sts_out_of_reach,
    ),
    case("a key nobody knows", Check.CREDENTIALS, Problem.CREDENTIALS_INVALID, unknown_key),
    case("another key's secret", Check.CREDENTIALS, Problem.SECRET_WRONG, wrong_secret),
    case(
        "a clock an hour behind",
        Check.CLOCK,
        Problem.CLOCK_WRONG,
        settings=EmulatorSettings(clock_offset=3600),
    ),
    case(
        "a clock an hour ahead, and only SageMaker Runtime to say so",
        Check.CLOCK,
        Problem.CLOCK_WRONG,
        leave_account,
        settings=EmulatorSettings(clock_offset=-3600),
    ),
    case("no region", Check.REGION, Problem.REGION_MISSING, no_region),
    Case(
        "a URL of another region",
        {Check.REGION: Problem.REGION_MISMATCH, Check.NAME: Problem.NAME_NOT_RESOLVED},
        {},
        region_of_another_url,
    ),
    case(
        "a private URL that leads to another region",
        Check.HANDSHAKE,
        Problem.REGION_MISMATCH,
        runtime_region="eu-west-1",
    ),
    case("another name", Check.ENDPOINT, Problem.ENDPOINT_NOT_FOUND, another_name),
    case(
        "another name, and no permission to look",
        Check.ENDPOINT,
        Problem.ENDPOINT_NOT_FOUND,
        another_name,
        plane=NO_READING,
    ),
    case(
        "an endpoint that is being created",
        Check.ENDPOINT,
        Problem.ENDPOINT_NOT_READY,
        plane=plane(status="Creating"),
    ),
    case(
        "an endpoint that failed",
        Check.ENDPOINT,
        Problem.ENDPOINT_FAILED,
        plane=plane(status="Failed", failure_reason="no capacity"),
    ),
    case(
        "an endpoint that goes away",
        Check.ENDPOINT,
        Problem.ENDPOINT_GONE,
        plane=plane(status="Deleting"),
    ),
    case(
        "an endpoint without instances",
        Check.ENDPOINT,
        Problem.NO_INSTANCES,
        plane=plane(variants=(EndpointVariant(instance_count=0, desired_instance_count=1),)),
    ),
    case("no permission", Check.PERMISSION, Problem.NOT_ALLOWED, plane=NOT_ALLOWED),
    Case(
        "no permission, behind a firewall",
        {Check.PERMISSION: Problem.NOT_ALLOWED, Check.PORT: Problem.PORT_BLOCKED},
        {"plane": NOT_ALLOWED, "limits": {"connect": BRIEF}},
        firewall,
    ),
    case("a name that is none", Check.NAME, Problem.NAME_NOT_RESOLVED, name_that_is_none),
    case(
        "a silent name server",
        Check.NAME,
        Problem.NAME_SERVER_SILENT,
        silent_name_server,
        limits={"name": BRIEF},
    ),
    case("a port that refuses", Check.PORT, Problem.PORT_REFUSED, nobody_listens),
    case(
        "a port that is blocked",
        Check.PORT,
        Problem.PORT_BLOCKED,
        firewall,
        limits={"connect": BRIEF},
    ),
    case("an unknown authority", Check.TLS, Problem.CERTIFICATE_UNTRUSTED, untrusted),
    case(
        "TLS that stalls",
        Check.TLS,
        Problem.TLS_STALLED,
        faults=("stall-tls,streams=every",),
        limits={"connect": BRIEF},
    ),
    case(
        "a reset before TLS",
        Check.TLS,
        Problem.TLS_BROKEN,
        faults=("refuse-connection,streams=every",),
    ),
    case("a port without TLS", Check.TLS, Problem.TLS_BROKEN, no_tls),
    case("a server without HTTP/2", Check.TLS, Problem.NO_HTTP2, only_http1),
    case("a proxy that refuses", Check.TLS, Problem.PROXY_REFUSED, proxy_that_refuses),
    case(
        "no response headers",
        Check.HANDSHAKE,
        Problem.NO_ANSWER,
        faults=("never-answer,streams=every",),
        limits={"answer": BRIEF},
    ),
    case(
        "throttling as 400",
        Check.HANDSHAKE,
        Problem.THROTTLED,
        faults=("refuse=400:ThrottlingException,streams=every",),
    ),
    case("429", Check.HANDSHAKE, Problem.THROTTLED, faults=("refuse=429,streams=every",)),
    case("503", Check.HANDSHAKE, Problem.SERVICE_FAILED, faults=("refuse=503,streams=every",)),
    case(
        "400 for something else",
        Check.HANDSHAKE,
        Problem.REQUEST_REFUSED,
        faults=("refuse=400:ValidationException:No,streams=every",),
    ),
    case(
        "GOAWAY at once",
        Check.HANDSHAKE,
        Problem.CONNECTION_LOST,
        faults=("goaway@connect,streams=every",),
    ),
    case("424", Check.PATH, Problem.MODEL_REFUSED, faults=("refuse=424,streams=every",)),
    case(
        "a container that says nothing",
        Check.PATH,
        Problem.CONTAINER_SILENT,
        faults=("silence@seconds=0,streams=every",),
        limits={"reply": BRIEF},
    ),
    case(
        "a container that fails",
        Check.PATH,
        Problem.CONTAINER_FAILED,
        faults=("model-stream-error=1011:out of memory@seconds=0,streams=every",),
    ),
    case("speech without words", Check.TRANSCRIPT, Problem.NO_TRANSCRIPT, silent_recording),
    case(
        "a stream that breaks while speech is sent",
        Check.TRANSCRIPT,
        Problem.TRANSCRIPT_FAILED,
        faults=("reset@bytes=1,streams=2",),
    ),
    case(
        "a container that hears nothing to the end",
        Check.TRANSCRIPT,
        Problem.TRANSCRIPT_FAILED,
        faults=("silence@bytes=1,streams=2",),
        limits={"drain": BRIEF},
    ),
    case("answers that come late", Check.LATENCY, Problem.SLOW, faults=("delay=2.2,streams=2",)),
]


@pytest.mark.parametrize("staged", CASES, ids=lambda staged: staged.name)
async def test_a_staged_fault_is_called_by_its_name(
    staged: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One cause, one problem: what depends on it is skipped, and all else still holds."""
    async with theatre(monkeypatch, tmp_path, **staged.options) as stage:
        if staged.change is not None and isawaitable(changing := staged.change(stage)):
            await changing
        facts = await visit(stage.wanted)
    said = "\n".join(f"{each.status} {each.check}: {each}" for each in diagnose(facts))
    assert problems(facts) == staged.problems, said
    assert [each.check for each in diagnose(facts)] == list(Check)
    for each in diagnose(facts):
        assert each.text
        assert each.advice or each.status is not Status.PROBLEM, each
        assert "\n" not in str(each)
        assert KEYS.secret_access_key not in str(each)
        assert KEYS.access_key_id not in str(each)


async def test_an_endpoint_that_reads_no_more_is_named_as_that(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fault = "stop-reading@bytes=1,streams=2"
    async with theatre(monkeypatch, tmp_path, faults=(fault,)) as stage:
        stage.want(audio=marked_audio(0, 60))
        facts = await visit(stage.wanted)
    assert "accepted no data for" in str(finding(facts, Check.TRANSCRIPT))


async def test_what_may_not_be_read_is_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with theatre(monkeypatch, tmp_path, plane=NO_READING) as stage:
        stage.want(model="nova-3", language="en")
        facts = await visit(stage.wanted)
        stage.use_port(closed_port(stage.stack))
        away = await visit(stage.wanted)
    assert finding(facts, Check.ENDPOINT).status is Status.UNKNOWN
    assert "DescribeEndpoint is not permitted" in str(finding(facts, Check.ENDPOINT))
    assert finding(facts, Check.PERMISSION).status is Status.OK, "the handshake showed it"
    assert finding(away, Check.PERMISSION).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("bundle", "abilities"),
    [
        ("current", "Configure: yes, ForceEndTurn: yes, numerals: yes"),
        ("2026-04", "Configure: yes, ForceEndTurn: no, numerals: no"),
        ("2026-03", "Configure: no, ForceEndTurn: no, numerals: no"),
    ],
)
async def test_flux_and_its_bundle_are_reported(
    bundle: Any, abilities: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flux = FluxOptions(bundle=bundle)
    async with theatre(monkeypatch, tmp_path, flux=flux) as stage:
        stage.want(model="flux-general-en")
        facts = await visit(stage.wanted)
    assert problems(facts) == {}
    model = str(finding(facts, Check.MODEL))
    assert model == f"Deepgram Flux, flux-general-en ({abilities})"
    assert finding(facts, Check.TRANSCRIPT).text.startswith('heard "w0 w1')


async def test_a_container_without_nova_is_asked_for_flux(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The path is found out, not assumed."""
    async with theatre(monkeypatch, tmp_path, faults=("refuse=424,streams=1",)) as stage:
        facts = await visit(stage.wanted)
    assert problems(facts) == {}
    assert "answers on v2/listen (model flux-general-en)" in str(finding(facts, Check.PATH))


async def test_a_container_with_neither_path_is_reported_with_all_that_was_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def not_found(connection: ServerConnection, request: Request) -> Response:
        return connection.respond(404, "no such path\n")

    async def never(websocket: ServerConnection) -> None:
        raise AssertionError

    async with serve(never, "127.0.0.1", 0, process_request=not_found) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        url = f"ws://127.0.0.1:{port}"
        async with theatre(monkeypatch, tmp_path, container_url=url) as stage:
            facts = await visit(stage.wanted)
    assert problems(facts) == {Check.PATH: Problem.MODEL_REFUSED}
    text = str(finding(facts, Check.PATH))
    for words in ("nova-3, language en", "language multi", "flux-general-en", "flux-general-multi"):
        assert words in text
    assert "/aws/sagemaker/Endpoints/deepgram" in text


async def test_a_container_that_is_not_deepgrams_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def echo(websocket: ServerConnection) -> None:
        async for message in websocket:
            await websocket.send(message)

    async with serve(echo, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        async with theatre(
            monkeypatch, tmp_path, container_url=url, limits={"reply": BRIEF}
        ) as stage:
            facts = await visit(stage.wanted)
    assert problems(facts) == {Check.MODEL: Problem.NOT_DEEPGRAM}


async def test_facts_are_reported_as_they_come_and_findings_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was shown once is not taken back."""
    shown: list[list[str]] = []
    async with theatre(monkeypatch, tmp_path) as stage:
        facts = await gather(
            stage.wanted, lambda facts: shown.append([str(each) for each in diagnose(facts)])
        )
    final = [str(each) for each in diagnose(facts)]
    assert len(shown) > 5
    for lines in shown:
        assert lines == final[: len(lines)]


async def test_the_whole_is_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When the time is up, what was not looked at is skipped, and said to be."""
    faults = ("never-answer,streams=every",)
    async with theatre(monkeypatch, tmp_path, faults=faults) as stage:
        limits = stage.wanted.limits
        stage.want(limits=type(limits)(answer=60.0, total=2.5))
        async with asyncio.timeout(20):
            facts = await visit(stage.wanted)
    assert len(diagnose(facts)) == len(Check)
    assert finding(facts, Check.HANDSHAKE).text == "the doctor's time limit was reached"

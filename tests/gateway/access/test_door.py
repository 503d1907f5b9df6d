# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Who is let in, on real sockets."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway import AccessOptions, Gateway, GatewayOptions, server
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from tests.container.conversation import CLOSE_STREAM, hear_out, listen_url, submit
from tests.gateway.logs import lines_logged_by
from tests.gateway.running import RunningGateway, options_for, running_gateway
from tests.local_path import local_path


def guarded(path: Path, **limits: Any) -> dict[str, Any]:
    return {"access": AccessOptions(key_file=path / "keys.json", **limits)}


async def refusal(gateway: RunningGateway, **how: Any) -> tuple[int, dict, Any]:
    """How the gateway refuses a stream."""
    with pytest.raises(InvalidStatus) as refused:
        await connect(listen_url(gateway.url), **how)
    response = refused.value.response
    return response.status_code, json.loads(response.body or b""), response.headers


def header(value: str) -> dict[str, Any]:
    return {"additional_headers": {"Authorization": value}}


async def test_a_key_and_a_token_granted_to_it_open_streams(tmp_path: Path):
    stored, key = KeyFile(tmp_path / "keys.json").add("app")
    async with running_gateway(options=guarded(tmp_path)) as gateway:
        headers = {"Authorization": f"Token {key}"}
        granted = await submit(gateway.url, "/v1/auth/grant", b"", headers=headers)
        assert (granted.status, granted.json["expires_in"]) == (200, 30)
        token = granted.json["access_token"]
        ways: list[dict[str, Any]] = [
            header(f"Token {key}"),
            header(f"bearer {token}"),
            {"subprotocols": [Subprotocol("token"), Subprotocol(key)]},
            {"subprotocols": [Subprotocol("bearer"), Subprotocol(token)]},
        ]
        for how in ways:
            async with connect(listen_url(gateway.url), **how) as websocket:
                await websocket.send(CLOSE_STREAM)
                assert (await hear_out(websocket)).close_code == 1000
        for how in ({}, header("Token no"), header(f"Bearer {key}"), header(f"Token {token}")):
            status, body, headers = await refusal(gateway, **how)
            assert (status, body["err_code"]) == (401, "INVALID_AUTH")
            assert headers["dg-error"] == "Invalid credentials."
        again = {"Authorization": f"Bearer {token}"}
        refused = await submit(gateway.url, "/v1/auth/grant", b"", headers=again)
        assert (refused.status, refused.json["err_code"]) == (403, "FORBIDDEN")
        KeyFile(tmp_path / "keys.json").revoke(stored.id)
        assert (await refusal(gateway, **header(f"Token {key}")))[0] == 401
        assert (await refusal(gateway, **header(f"Bearer {token}")))[0] == 401


@pytest.mark.parametrize("body", [b"{", b'{"ttl_seconds": 0}', b'{"ttl_seconds": "x"}', b"[]"])
async def test_a_grant_that_cannot_be_is_refused(tmp_path: Path, body: bytes):
    _, key = KeyFile(tmp_path / "keys.json").add("app")
    async with running_gateway(options=guarded(tmp_path)) as gateway:
        headers = {"Authorization": f"Token {key}"}
        answer = await submit(gateway.url, "/v1/auth/grant", body, headers=headers)
    assert answer.status == 400


async def test_one_request_too_many_is_refused(tmp_path: Path):
    options = guarded(tmp_path, requests_per_minute=2)
    async with running_gateway(options=options) as gateway:
        for _ in range(2):
            async with connect(listen_url(gateway.url)) as websocket:
                await websocket.send(CLOSE_STREAM)
                await hear_out(websocket)
        status, body, headers = await refusal(gateway)
    assert (status, body["err_code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(headers["Retry-After"]) <= 61


async def test_one_stream_too_many_is_refused_and_its_place_is_free_again(tmp_path: Path):
    async with running_gateway(options=guarded(tmp_path, streams=1)) as gateway:
        async with connect(listen_url(gateway.url)) as websocket:
            assert (await refusal(gateway))[0] == 429
            await websocket.send(CLOSE_STREAM)
            await hear_out(websocket)
        async with connect(listen_url(gateway.url)):
            pass


async def test_pages_of_others_need_a_key():
    async with running_gateway() as gateway:
        status, _, _ = await refusal(gateway, origin=Origin("https://elsewhere.example"))
        assert status == 403
        async with connect(listen_url(gateway.url), origin=Origin(gateway.gateway.url)):
            pass


async def test_a_page_that_is_named_may_make_requests():
    options = {"access": AccessOptions(origins=("https://app.example",))}
    async with running_gateway(options=options) as gateway:
        origin = {"Origin": "https://app.example"}
        asked = {
            **origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        }
        preflight = await submit(gateway.url, "/v1/listen", method="OPTIONS", headers=asked)
        answer = await submit(gateway.url, "/health", method="GET", headers=origin)
        refused = await submit(gateway.url, "/v1/nothing", b"", headers=origin)
        other = await submit(
            gateway.url, "/health", method="GET", headers={"Origin": "https://a.b"}
        )
    assert (preflight.status, preflight.headers["Access-Control-Allow-Headers"]) == (
        204,
        "authorization",
    )
    for each in (preflight, answer, refused):
        assert each.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert (refused.status, refused.json["err_code"]) == (404, "NOT_FOUND")
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize("proxy", ["192.0.2.1", "192.0.2.0/24", "2001:db8::/32"])
async def test_requests_are_taken_from_the_proxy_alone(proxy: str):
    options = {"access": AccessOptions(proxy=proxy)}
    async with running_gateway(options=options) as gateway:
        assert (await refusal(gateway))[0] == 403


async def test_requests_of_the_proxys_network_are_taken():
    async with running_gateway(options={"access": AccessOptions(proxy="127.0.0.0/8")}) as gateway:
        async with connect(listen_url(gateway.url)):
            pass


def test_a_proxy_that_is_not_an_address_is_reported():
    with pytest.raises(ConfigurationError, match="not an address"):
        Gateway(GatewayOptions(endpoints=(), access=AccessOptions(proxy="my-proxy")))


async def test_a_gateway_that_drains_finishes_what_runs_and_takes_nothing_more():
    async with running_gateway() as gateway:
        async with connect(listen_url(gateway.url)) as websocket:
            draining = asyncio.create_task(gateway.gateway.drain())
            while (await submit(gateway.url, "/health", method="GET")).status == 200:
                pass
            status, _, headers = await refusal(gateway)
            assert (status, headers["Retry-After"]) == (503, "5")
            assert not draining.done()
            await websocket.send(CLOSE_STREAM)
            assert (await hear_out(websocket)).close_code == 1000
        async with asyncio.timeout(10):
            await draining


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What the server reports."""
    with lines_logged_by(server) as lines:
        yield lines


async def test_requests_that_outlast_the_drain_are_reported(log: list[str]):
    async with running_gateway(options={"drain_timeout": 0.01}) as gateway:
        async with connect(listen_url(gateway.url)):
            await gateway.gateway.drain()
    assert log == ["requests still in progress after 0.01 s: 1\n"]


async def test_a_gateway_without_endpoints_says_so():
    async with running_gateway(options={"endpoints": ()}) as gateway:
        status, body, _ = await refusal(gateway)
        health = await submit(gateway.url, "/health/ready", method="GET")
        live = await submit(gateway.url, "/health/live", method="GET")
    assert (status, body["err_msg"]) == (503, "Service unavailable: no endpoint is configured")
    assert (health.status, live.status) == (503, 200)


async def test_keys_that_cannot_be_read_let_nobody_in(tmp_path: Path):
    keys = tmp_path / "keys.json"
    _, key = KeyFile(keys).add("app")
    async with running_gateway(options=guarded(tmp_path)) as gateway:
        whole = keys.read_bytes()
        keys.write_text("{")
        refused = [await refusal(gateway), await refusal(gateway, **header(f"Token {key}"))]
        keys.write_bytes(whole)
        status, _, _ = await refusal(gateway)
    assert [(status, body["err_code"]) for status, body, _ in refused] == [
        (503, "SERVICE_UNAVAILABLE")
    ] * 2
    assert status == 401


def test_keys_that_cannot_be_read_are_reported_before_it_listens(tmp_path: Path):
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Gateway(GatewayOptions(endpoints=(), **guarded(tmp_path)))


def test_it_does_not_listen_beyond_this_machine_unguarded(tmp_path: Path):
    options = GatewayOptions(endpoints=())
    with pytest.raises(ConfigurationError, match="Without keys"):
        Gateway(options, host="0.0.0.0")
    with pytest.raises(ConfigurationError, match="Without TLS"):
        Gateway(options, host="0.0.0.0", allows_anonymous=True)
    KeyFile(tmp_path / "keys.json").add("app")
    with pytest.raises(ConfigurationError, match="Without TLS"):
        Gateway(GatewayOptions(endpoints=(), **guarded(tmp_path)), host="::")
    Gateway(GatewayOptions(endpoints=(), **guarded(tmp_path, proxy="192.0.2.1")), host="0.0.0.0")


@pytest.mark.parametrize("storage", ["", "nowhere://", "redis://localhost:x", "redis://[::"])
def test_a_place_to_count_requests_in_that_cannot_be_is_reported(storage: str):
    with pytest.raises(ConfigurationError, match="cannot be counted") as refused:
        Gateway(GatewayOptions(endpoints=(), access=AccessOptions(storage=storage)))
    assert ".." not in str(refused.value)


def test_the_password_of_that_place_is_not_shown():
    storage = "redis://user:secret@localhost:99999"
    with pytest.raises(ConfigurationError) as refused:
        Gateway(GatewayOptions(endpoints=(), access=AccessOptions(storage=storage)))
    assert "secret" not in str(refused.value)
    assert "redis://***@localhost" in str(refused.value)


async def test_it_speaks_tls():
    authority = trustme.CA()
    server, client = (
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    async with local_path() as path:
        options = options_for(path.emulator)
        async with Gateway(options, host="localhost", tls=server) as gateway:
            assert gateway.url.startswith("https://localhost:")
            url = gateway.url.replace("https", "wss", 1)
            async with connect(listen_url(url), ssl=client) as websocket:
                await websocket.send(CLOSE_STREAM)
                assert (await hear_out(websocket)).close_code == 1000

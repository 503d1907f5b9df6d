# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings, in a body and behind URLs."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.recorded.addresses import Address, FetchOptions, is_public
from tests.container.conversation import submit, wav
from tests.gateway.running import running_gateway
from tests.local_path import marked_audio, words

RECORDING = wav(marked_audio(0, 20))


def here(address: Address) -> bool:
    """Lets a test fetch from its own server, and from no other place on this machine."""
    return str(address) == "127.0.0.1"


@asynccontextmanager
async def files(serve: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    """A server of files."""
    application = web.Application()
    application.router.add_get("/{name}", serve)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def serve_file(request: web.Request) -> web.StreamResponse:
    match request.match_info["name"]:
        case "speech.wav":
            return web.Response(body=RECORDING, content_type="audio/wav")
        case "moved":
            raise web.HTTPFound("/speech.wav")
        case "round":
            raise web.HTTPFound("/round")
        case "inside":
            raise web.HTTPFound("http://127.0.0.2:9/secret")
        case "metadata":
            raise web.HTTPFound("http://169.254.169.254/latest/")
        case "slow":
            await asyncio.sleep(60)
            return web.Response()
        case "endless" | "liar":
            response = web.StreamResponse()
            if request.match_info["name"] == "liar":
                response.enable_chunked_encoding()
            await response.prepare(request)
            while True:
                await response.write(bytes(65536))
        case _:
            raise web.HTTPNotFound


def text(answer: Any) -> list[str]:
    return answer["results"]["channels"][0]["alternatives"][0]["transcript"].split()


async def test_a_recording_is_answered_under_the_requests_own_id():
    async with running_gateway() as gateway:
        answer = await submit(gateway.url, "/v1/listen?model=nova-3&utterances=true", RECORDING)
    assert (answer.status, text(answer.json)) == (200, words(0, 20))
    assert answer.json["metadata"]["request_id"] == answer.headers["dg-request-id"]
    assert answer.json["results"]["utterances"]


async def test_a_model_that_the_endpoint_does_not_have_is_refused_by_name_of_the_fault():
    async with running_gateway() as gateway:
        answer = await submit(gateway.url, "/v1/listen?model=nova-99", RECORDING)
    assert (answer.status, answer.json["err_code"]) == (400, "Bad Request")
    assert "No such model" in answer.json["err_msg"]


async def test_an_empty_value_is_refused_in_words_of_the_api():
    async with running_gateway() as gateway:
        answer = await submit(gateway.url, "/v1/listen?model=nova-3&keyterm=", RECORDING)
    assert answer.status == 400
    assert answer.json["err_msg"].endswith("Leave the parameter out instead.")


@pytest.mark.parametrize("name", ["speech.wav", "moved"])
async def test_a_recording_behind_a_url_is_fetched(name: str):
    async with files(serve_file) as url:
        options = {"fetch": FetchOptions(is_allowed=here)}
        async with running_gateway(options=options) as gateway:
            answer = await from_url(gateway.url, f"{url}/{name}")
    assert (answer.status, text(answer.json)) == (200, words(0, 20))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("inside", "not a public address"),
        ("metadata", "not a public address"),
        ("round", "redirects too often"),
        ("nothing", "HTTP 404"),
        ("endless", "larger than 1000000 bytes"),
        ("liar", "larger than 1000000 bytes"),
        ("slow", "within 0.5 s"),
    ],
)
async def test_a_url_that_must_not_be_fetched_is_refused(name: str, reason: str):
    limits = FetchOptions(
        is_allowed=here, max_bytes=1_000_000, timeout=0.5 if name == "slow" else 30.0
    )
    async with files(serve_file) as url:
        async with running_gateway(options={"fetch": limits}) as gateway:
            answer = await from_url(gateway.url, f"{url}/{name}")
    assert (answer.status, answer.json["err_code"]) == (400, "REMOTE_CONTENT_ERROR")
    assert reason in answer.json["err_msg"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:PORT/a",
        "http://localhost:PORT/a",
        "http://2130706433:PORT/a",
        "http://0x7f.1:PORT/a",
        "http://0177.0.0.1:PORT/a",
        "http://[::1]:PORT/a",
        "http://[::ffff:127.0.0.1]:PORT/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/a",
        "http://0.0.0.0:PORT/a",
        "ftp://example.com/a",
        "file:///etc/hostname",
        "http://user:password@example.com/a",
        "not a url",
        "",
    ],
)
async def test_no_url_leads_inside(url: str):
    asked = []

    async def serve(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(body=RECORDING)

    async with files(serve) as served:
        port = served.rpartition(":")[2]
        async with running_gateway() as gateway:
            answer = await from_url(gateway.url, url.replace("PORT", port))
    assert (answer.status, answer.json["err_code"]) == (400, "REMOTE_CONTENT_ERROR")
    assert not asked


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_what_is_public(address: str, expected: bool):
    assert is_public(ip_address(address)) == expected


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "code"),
    [
        ("?model=nova-3&bogus=1", RECORDING, {}, 400, "unsupported_parameter"),
        ("?model=nova-3", b"no audio at all", {}, 400, "Bad Request"),
        ("?model=nova-3", b"", {}, 400, "Bad Request"),
        ("?model=nova-3&callback=https%3A%2F%2Fa.example", RECORDING, {}, 400, "Bad Request"),
        ("?model=nova-3", b"{", {"Content-Type": "application/json"}, 400, None),
        ("?model=nova-3", b"{}", {"Content-Type": "application/json"}, 400, None),
        (f"?keyterm={'x' * 1100}", RECORDING, {}, 400, "INVALID_QUERY_PARAMETER"),
    ],
)
async def test_a_bad_request_is_refused_as_deepgram_does(
    path: str, body: bytes, headers: dict, status: int, code: str | None
):
    async with running_gateway() as gateway:
        answer = await submit(gateway.url, f"/v1/listen{path}", body, headers=headers)
    assert (answer.status, answer.json.get("err_code")) == (status, code)
    assert answer.json["request_id"] == answer.headers["dg-request-id"]


async def stops_in_the_middle() -> AsyncIterator[bytes]:
    yield RECORDING[:1_000]
    await asyncio.Event().wait()


@pytest.mark.parametrize("path", ["/v1/listen?model=nova-3", "/transcribe"])
async def test_an_upload_that_stops_holds_no_place(path: str):
    async with running_gateway(options={"upload_idle": 0.2}) as running:
        answer = await submit(running.url, path, stops_in_the_middle())
    assert answer.status == 408
    assert "no data of the body arrived for 0.2 s" in json.loads(answer.body)["err_msg"]


async def test_a_body_beyond_the_limit_is_refused():
    async with running_gateway(options={"max_body": 1000}) as gateway:
        answer = await submit(gateway.url, "/v1/listen?model=nova-3", RECORDING)
    assert (answer.status, answer.json["err_code"]) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("mode", [None, "sync", "async"])
async def test_the_architectures_own_route(mode: str | None):
    async with files(serve_file) as url:
        options = {"fetch": FetchOptions(is_allowed=here)}
        async with running_gateway(options=options) as gateway:
            wish = {"audioUrl": f"{url}/speech.wav", "userId": "u", "priority": 1, "mode": mode}
            answer = await submit(gateway.url, "/transcribe", json.dumps(wish).encode())
            ways = {stream.operation for stream in gateway.emulator.streams}
    assert answer.status == 200
    assert answer.json["transcript"].split() == words(0, 20)
    assert answer.json["requestId"] == answer.headers["dg-request-id"]
    assert ("InvokeEndpoint" in ways) == (mode != "async")


@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_an_unknown_model_of_a_recording_is_refused_streamed_or_not(mode: str):
    async with files(serve_file) as url:
        options = {"fetch": FetchOptions(is_allowed=here)}
        async with running_gateway(options=options) as gateway:
            wish = json.dumps({"audioUrl": f"{url}/speech.wav", "mode": mode})
            answer = await submit(gateway.url, "/transcribe?model=nova-99", wish.encode())
    assert (answer.status, answer.json["err_code"]) == (400, "Bad Request")
    assert "No such model" in answer.json["err_msg"]


async def from_url(gateway: str, url: str) -> Any:
    body = json.dumps({"url": url}).encode()
    headers = {"Content-Type": "application/json"}
    return await submit(gateway, "/v1/listen?model=nova-3", body, headers=headers)

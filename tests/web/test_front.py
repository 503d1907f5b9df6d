# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Plain requests, good and bad, over real sockets."""

import asyncio
import base64
import os
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from pipecat_sagemaker_deepgram.container import (
    ContainerOptions,
    ModelContainer,
    ScriptedRecognizer,
    marked_audio,
)
from tests.container.conversation import converse, listen_url, submit, wav


def running(**options) -> ModelContainer:
    return ModelContainer(ScriptedRecognizer(), options=ContainerOptions(**options))


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_ping_has_a_status_by_every_method(method):
    async with running() as container:
        await container.wait_until_ready()
        assert (await submit(container.url, "/ping", method=method)).status == 200


async def test_head_of_anything_has_a_status():
    async with running() as container:
        await container.wait_until_ready()
        for path, status in {"/nothing": 404, "/v1/listen": 426, "/invocations": 405}.items():
            assert (await submit(container.url, path, method="HEAD")).status == status


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/", 404, "NOT_FOUND"),
        ("POST", "/v3/listen", 404, "NOT_FOUND"),
        ("POST", "/v2/listen", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/v1/listen", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v1/listen", 426, "UPGRADE_REQUIRED"),
        ("GET", "/invocations", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/invocations", 404, "NOT_FOUND"),
    ],
)
async def test_a_refusal_has_deepgrams_form(method, path, status, code):
    async with running() as container:
        await container.wait_until_ready()
        answer = await submit(container.url, path, b"x", method=method)
        assert (answer.status, answer.json["err_code"]) == (status, code)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["dg-request-id"] == answer.json["request_id"]
        assert answer.headers["dg-error"] == answer.json["err_msg"]


async def test_a_body_that_is_too_large_is_refused_and_the_next_request_is_served():
    async with running(max_body=1000) as container:
        await container.wait_until_ready()
        answer = await submit(container.url, "/v1/listen", bytes(2000))
        assert (answer.status, answer.json["err_code"]) == (413, "PAYLOAD_TOO_LARGE")
        assert (await submit(container.url, "/ping", method="GET")).status == 200


async def test_bytes_that_are_no_http_get_a_status_and_leave_no_task():
    async with running() as container:
        await container.wait_until_ready()
        address = urlsplit(container.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(os.urandom(100) + b"\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.0 400 ")
        writer.close()
        await writer.wait_closed()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


@pytest.mark.parametrize(
    "offered", [["token", "a-key"], ["bearer", "a.jwt"], ["token", "k", "x-deepgram-session-id"]]
)
async def test_a_key_in_the_subprotocol_is_answered(offered):
    async with running() as container:
        await container.wait_until_ready()
        protocols = [Subprotocol(name) for name in offered]
        async with connect(listen_url(container.url), subprotocols=protocols) as websocket:
            assert websocket.subprotocol == offered[0]


async def test_a_plus_sign_is_a_space_unless_it_is_to_be_refused():
    plus = "&model=nova-3&keyterm=two+words"
    async with running() as container:
        await container.wait_until_ready()
        await converse(container.url, [marked_audio(0, 1)], plus)
    async with running(plus_is_space=False) as container:
        await container.wait_until_ready()
        with pytest.raises(InvalidStatus) as refused:
            await connect(listen_url(container.url, plus))
        assert refused.value.response.status_code == 400


async def test_pings_stay_unanswered_where_the_container_is_to_look_dead():
    async with running(answers_pings=False) as container:
        await container.wait_until_ready()
        async with connect(listen_url(container.url), ping_interval=None) as websocket:
            pong = await websocket.ping()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await asyncio.shield(pong)


async def test_a_handshake_with_a_body_of_chunks_is_served():
    """A client may send a recording in chunks, as fetch of JavaScript does."""

    async def chunks():
        data = wav(marked_audio(0, 5))
        for at in range(0, len(data), 999):
            yield data[at : at + 999]

    async with running() as container:
        await container.wait_until_ready()
        answer = await submit(container.url, "/v1/listen", chunks())
    (alternative,) = answer.json["results"]["channels"][0]["alternatives"]
    assert alternative["transcript"] == "w0 w1 w2 w3 w4"


async def test_status_and_metrics_count_what_is_served():
    async with running() as container:
        await container.wait_until_ready()
        idle = await submit(container.url, "/v1/status", method="GET")
        assert idle.json["system_health"] == "Healthy"
        async with connect(listen_url(container.url)):
            busy = await submit(container.url, "/v1/status", method="GET")
            metrics = await submit(container.url, "/metrics", method="GET")
        await submit(container.url, "/v1/listen", wav(marked_audio(0, 1)))
        await submit(container.url, "/v1/listen", b"no audio at all")
        after = await submit(container.url, "/metrics", method="GET")
    assert (idle.json["active_stream_requests"], busy.json["active_stream_requests"]) == (0, 1)
    assert b'engine_active_requests{kind="stream"} 1.0' in metrics.body
    assert b'sagemaker_endpoint_health{state="healthy"} 1.0' in metrics.body
    assert b'engine_requests_total{kind="batch",response_status="2xx"} 1.0' in after.body
    assert b'engine_requests_total{kind="batch",response_status="4xx"} 1.0' in after.body
    assert b"engine_batch_response_time_seconds_count 1.0" in after.body


async def test_the_model_is_listed():
    async with running() as container:
        await container.wait_until_ready()
        listed = await submit(container.url, "/v1/models", method="GET")
        (model,) = listed.json["stt"]
        one = await submit(container.url, f"/v1/models/{model['uuid']}", method="GET")
        other = await submit(container.url, "/v1/models/other", method="GET")
        engine = await submit(container.url, "/v1/status/engine", method="GET")
    assert one.json == model
    assert other.status == 404
    assert engine.json == {"engine_connection_status": "Connected"}


async def test_many_handshakes_that_are_given_up_leave_nothing():
    async with running() as container:
        await container.wait_until_ready()
        address = urlsplit(listen_url(container.url))
        for _ in range(20):
            _, writer = await asyncio.open_connection(address.hostname, address.port)
            key = base64.b64encode(os.urandom(16)).decode()
            writer.write(
                f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
            )
            writer.transport.abort()
        assert (await converse(container.url, [marked_audio(0, 1)])).text == "w0"
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

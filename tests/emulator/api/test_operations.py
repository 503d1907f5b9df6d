# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Which of the answers a request gets, over each version of HTTP."""

import asyncio
import http.client
import ssl

import pytest

from pipecat_sagemaker_deepgram.emulator import EmulatorSettings, FaultScript, SageMakerEmulator
from pipecat_sagemaker_deepgram.emulator.api.operations import answer_at_once
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

from ..bare_client import BareClient

ENDPOINT = "/endpoints/deepgram"
STREAM = f"{ENDPOINT}/invocations-bidirectional-stream"


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/_emulator/faults?x", 200, b"# no faults"),
        ("POST", STREAM, 426, b"Streams need HTTP/2"),
        ("GET", STREAM, 405, b"POST only"),
        ("GET", f"{ENDPOINT}/invocations", 405, b"POST only"),
        ("POST", "/", 400, b"SerializationException"),
        ("POST", "/endpoints", 404, b"no such operation"),
        ("POST", f"{ENDPOINT}/other", 404, b"no such operation"),
        ("POST", f"{ENDPOINT}/async-invocations", 403, b"Missing Authentication Token"),
    ],
)
def test_each_path_has_its_answer(method: str, path: str, status: int, words: bytes):
    endpoint = EmulatedEndpoint(
        "ws://127.0.0.1:1", "us-east-1", EmulatorSettings(), None, [], FaultScript()
    )
    answer = answer_at_once(SignedRequest(method, path, "it", []), b"\xff", endpoint)
    assert answer.status == status
    assert words in answer.body


PATHS = ["/", "/_emulator/streams", "/nowhere", f"{ENDPOINT}/invocations", STREAM]


@pytest.mark.parametrize("path", PATHS)
async def test_head_has_a_status_and_no_body_over_http2(path: str, client: BareClient):
    status, body = await client.fetch("HEAD", path)
    assert status >= 200
    assert body == ""


@pytest.mark.parametrize("path", PATHS)
async def test_every_method_has_a_status_over_http1(path: str, emulator: SageMakerEmulator):

    for method in ("HEAD", "GET", "POST", "PUT", "OPTIONS", "TRACE", "CONNECT"):
        status, body = await asyncio.to_thread(ask, emulator, method, path)
        assert status >= 200
        assert bool(body) == (method != "HEAD")


def ask(emulator: SageMakerEmulator, method: str, path: str) -> tuple[int, bytes]:
    host, port = emulator.endpoint_url.removeprefix("https://").split(":")
    context = ssl.create_default_context(cafile=emulator.ca_bundle)
    connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=5)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        assert response.headers["x-amzn-requestid"]
        assert response.headers["date"]
        return response.status, response.read()
    finally:
        connection.close()

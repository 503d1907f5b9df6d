# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The script and the records over plain HTTP."""

import json

import pytest

from pipecat_sagemaker_deepgram.emulator import EmulatorSettings, FaultScript, SageMakerEmulator
from pipecat_sagemaker_deepgram.emulator.api.control import reply_to
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint

from ..bare_client import BareClient


@pytest.fixture
def endpoint() -> EmulatedEndpoint:
    return EmulatedEndpoint(
        "ws://127.0.0.1:1", "us-east-1", EmulatorSettings(), None, [], FaultScript()
    )


def test_faults_are_added_listed_and_removed(endpoint: EmulatedEndpoint):
    lines = b"# two faults\nreset@bytes=10\nrefuse=429,streams=2-3\n"
    listed = "reset=INTERNAL_ERROR@bytes=10,streams=1\nrefuse=429@connect,streams=2-3\n"
    assert reply_to("POST", "/_emulator/faults", lines, endpoint)[::2] == (200, listed)
    assert reply_to("GET", "/_emulator/faults", b"", endpoint).body == listed
    assert reply_to("DELETE", "/_emulator/faults", b"", endpoint).body == "# no faults\n"
    assert endpoint.faults.faults == ()


def test_what_is_listed_can_be_posted_again(endpoint: EmulatedEndpoint):
    reply_to("POST", "/_emulator/faults", b"cut@events=3\nlate=2.5,streams=every", endpoint)
    faults = endpoint.faults.faults
    listed = reply_to("GET", "/_emulator/faults", b"", endpoint).body
    endpoint.faults.clear()
    reply_to("POST", "/_emulator/faults", listed.encode(), endpoint)
    assert endpoint.faults.faults == faults


def test_one_bad_line_adds_nothing_and_says_why(endpoint: EmulatedEndpoint):
    reply = reply_to("POST", "/_emulator/faults", b"drop\nrest", endpoint)
    assert reply.status == 400
    assert "'rest' is not known" in reply.body
    assert endpoint.faults.faults == ()


def test_bytes_that_are_no_text_are_refused(endpoint: EmulatedEndpoint):
    assert reply_to("POST", "/_emulator/faults", b"\xff", endpoint).status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/_emulator/faults", 405),
        ("POST", "/_emulator/streams", 405),
        ("GET", "/_emulator/other", 404),
        ("GET", "/_emulator/", 404),
    ],
)
def test_other_requests_are_refused(
    endpoint: EmulatedEndpoint, method: str, path: str, status: int
):
    assert reply_to(method, path, b"", endpoint).status == status


async def test_faults_posted_while_a_stream_is_open_reach_it(
    client: BareClient, emulator: SageMakerEmulator
):
    stream = await client.opened()
    status, text = await client.fetch("POST", "/_emulator/faults", b"text=hello,streams=current")
    assert (status, text) == (200, "text=hello@seconds=0,streams=1\n")
    assert (await stream.event()).payload == b"hello"
    assert await client.fetch("DELETE", "/_emulator/faults") == (200, "# no faults\n")
    assert emulator.faults.faults == ()


async def test_records_are_json(client: BareClient):
    await client.opened("ep-1")
    status, text = await client.fetch("GET", "/_emulator/streams?pretty")
    assert status == 200
    (record,) = json.loads(text)
    assert (record["number"], record["endpoint_name"], record["status"]) == (1, "ep-1", 200)
    assert record["ended"] is None


async def test_a_body_without_end_is_cut_off(client: BareClient):
    stream = client.request(
        [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", client.authority),
            (":path", "/_emulator/faults"),
        ]
    )
    for _ in range(70):
        await stream.send(b"#" * 16_000)
    assert (await stream.response())[0] == 413

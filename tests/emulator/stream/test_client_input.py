# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The input of one stream, judged by events of the AWS SDK."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.emulator.http.sigv4 import EventChain
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials
from pipecat_sagemaker_deepgram.emulator.stream.client_input import ClientInput, InvalidInputError
from pipecat_sagemaker_deepgram.emulator.stream.eventstream import encode_message
from pipecat_sagemaker_deepgram.emulator.stream.parts import Part

from ..bare_client import EventSigner

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def client_input(vectors: dict[str, Any]) -> ClientInput:
    chain = EventChain(
        seed=vectors["requests"][0]["signature"],
        secret_access_key=vectors["credentials"]["secret_access_key"],
        region=vectors["region"],
        service=vectors["service"],
        max_skew=300,
    )
    return ClientInput(chain)


@pytest.fixture
def encoded(vectors: dict[str, Any]) -> bytes:
    return b"".join(bytes.fromhex(each["encoded"]) for each in vectors["events"])


@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_parts_come_out_however_the_bytes_are_cut(
    client_input: ClientInput, encoded: bytes, vectors: dict[str, Any], size: int
):
    parts = [
        part
        for start in range(0, len(encoded), size)
        for part in client_input.feed(encoded[start : start + size], NOW)
    ]
    *events, _ = vectors["events"]
    assert [part.payload.hex() for part in parts[:-1] if part] == [
        each["payload"] for each in events
    ]
    assert parts[-1] is None
    client_input.end()


def test_a_tampered_event_breaks_the_input(client_input: ClientInput, encoded: bytes):
    with pytest.raises(InvalidInputError) as caught:
        list(client_input.feed(encoded[:-1] + bytes([encoded[-1] ^ 1]), NOW))
    assert caught.value.code == "ValidationException"


def test_an_event_of_another_chain_breaks_the_input(
    client_input: ClientInput, vectors: dict[str, Any]
):
    second = bytes.fromhex(vectors["events"][1]["encoded"])
    with pytest.raises(InvalidInputError) as caught:
        list(client_input.feed(second, NOW))
    assert caught.value.code == "InvalidSignatureException"


def test_an_unsigned_event_breaks_the_input(client_input: ClientInput):
    with pytest.raises(InvalidInputError):
        list(client_input.feed(encode_message({":event-type": "PayloadPart"}), NOW))


def test_an_end_inside_an_event_breaks_the_input(client_input: ClientInput, encoded: bytes):
    parts = list(client_input.feed(encoded[:-1], NOW))
    assert all(isinstance(part, Part) for part in parts)
    with pytest.raises(InvalidInputError, match="inside an event"):
        client_input.end()


def test_what_follows_the_end_is_dropped():
    credentials = EmulatorCredentials("AKIDEXAMPLE", "secret")
    signer = EventSigner("seed", credentials, "us-east-1")
    chain = EventChain(
        seed="seed",
        secret_access_key="secret",
        region="us-east-1",
        service="sagemaker",
        max_skew=300,
    )
    part = encode_message({":message-type": "event", ":event-type": "PayloadPart"}, b"x")
    data = b"".join(signer.sign(inner, NOW) for inner in (part, b"", part))
    assert list(ClientInput(chain).feed(data, NOW)) == [Part(b"x", is_text=False), None]
